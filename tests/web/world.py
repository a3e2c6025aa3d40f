"""A small territory with one series, pages wired to a log in memory, and people signed in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, override_settings

from bocage import evidence
from bocage.accounts import OPERATOR, people
from bocage.accounts.chosen import Chosen
from bocage.accounts.tokens import Tokens
from bocage.assembly.watching import Watching
from bocage.domain.data_schema import DataSchema, SchemaForm
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.declaration import Declaration, Key
from bocage.domain.hosting_site import HostingSite
from bocage.domain.instant import HOUR, to_ms
from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import ObservationBatch
from bocage.domain.organisation import Organisation
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.purpose import ClosedQuestions, Fate, Purpose
from bocage.domain.role import Role, RoleName
from bocage.domain.sensing import Datastream, ObservedProperty, Thing, Unit
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.evidence.asked import PutEntity
from bocage.ingest.intake import Intake
from bocage.outbox import Mailer
from bocage.registers import Put
from bocage.store.memory import MemoryStore
from bocage.store.withholding import Withholding
from bocage.upkeep.clock import Hearing
from bocage.web.parts import Parts

AT = datetime.now(UTC).replace(microsecond=0)  # Django's own sessions look at the machine's clock
HERE = "ville-d-essai"


class CheapArgon2(Argon2PasswordHasher):
    """The real algorithm with the least memory and time it accepts."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


PASSWORD = "une phrase que personne ne devine"
NO = ClosedQuestions(
    scoring=False, biometrics=False, profiling=False, manipulation=False, tracking=False, consumerism=False
)
ROLES = (RoleName.DATA_ADMINISTRATOR, RoleName.ADMINISTRATOR)


class World(msgspec.Struct, frozen=True, kw_only=True):
    """What a test of pages works with. `sign_in` gives a browser of somebody who holds these roles."""

    parts: Parts
    sign_in: Callable[..., Client]

    def put(self, kind: str, slug: str, body: Declaration, expected: int | None = None) -> None:
        """Declare behind the back of whoever looks at a page."""
        change = Put(key=Key(territory=HERE, kind=kind, slug=slug), body=body, expected=expected)
        evidence.change(HERE, OPERATOR, [change], AT)

    def keep(self, number: int, values: list[float], until: datetime = AT, step: int = HOUR, earlier: int = 0) -> None:
        """Put values into the log, the last one at `until`; `earlier`: replayed, measured so many ms before."""
        start = to_ms(until) - np.arange(len(values), dtype=np.int64)[::-1] * step
        batch = ObservationBatch(
            datastream=np.full(len(values), number, np.int32),
            start=start,
            end=start,
            kind=np.full(len(values), ResultKind.NUMBER, np.uint8),
            number=np.asarray(values, np.float64),
            origin=np.full(len(values), Origin.REPLAYED if earlier else Origin.MEASURED, np.uint8),
            original=start - earlier if earlier else None,
        )
        self.parts.store.append(batch).result()


def declarations() -> list[tuple[str, str, Declaration]]:
    """A territory that says all it must for one series."""
    return [
        ("territory", HERE, Territory(title=Text(fr="Ville d’essai"), population=5000, agents=60)),
        ("organisation", "ville", Organisation(title=Text(fr="Ville d’essai"))),
        ("public-service", "ecoles", PublicService(title=Text(fr="Écoles"), competence=Competence.BUILDINGS)),
        ("hosting-site", "mairie", HostingSite(title=Text(fr="Mairie"), country="FR", operator="ville")),
        ("purpose", "aerer", purpose()),
        ("source", "capteurs", Source(title=Text(fr="Capteurs des écoles"), purpose="aerer")),
        ("role", "referente", Role(title=Text(fr="Référente de l’air"), role=RoleName.STEWARD)),
        ("data-schema", "sensorthings", DataSchema(title=Text(fr="SensorThings"), form=SchemaForm.SENSORTHINGS)),
        ("dataset", "air", dataset()),
    ]


def purpose() -> Purpose:
    """A purpose without persons."""
    return Purpose(
        title=Text(fr="Aérer les classes", en="Air the classrooms"),
        service="ecoles",
        owner="ville",
        personal=False,
        retention_months=24,
        fate=Fate.ELIMINATE,
        cadence_seconds=60,
        questions=NO,
    )


def dataset() -> Dataset:
    """An open dataset."""
    return Dataset(
        title=Text(fr="Air des écoles"),
        service="ecoles",
        sensitivity=Sensitivity.PUBLIC,
        hosting="mairie",
        owner="ville",
        steward="referente",
        data_schema="sensorthings",
    )


ENTITIES = (
    ("ecole", Thing(title=Text(fr="École Jules-Verne"), location=(-1.55, 47.2))),
    ("co2", ObservedProperty(title=Text(fr="Dioxyde de carbone"), definition="https://ville.example/co2")),
    (
        "co2-salle-1",
        Datastream(
            title=Text(fr="CO2 de la salle 1"),
            thing="ecole",
            observed_property="co2",
            unit=Unit(symbol="ppm", ucum="[ppm]"),
            source="capteurs",
            key="salle-1",
            dataset="air",
            cadence_seconds=3600,
        ),
    ),
)


def served(folder: Path) -> Iterator[World]:
    """The territory, declared and served."""
    store = Withholding(MemoryStore())
    evidence.connect(store)
    puts = [Put(key=Key(territory=HERE, kind=kind, slug=slug), body=body) for kind, slug, body in declarations()]
    entities = [PutEntity(slug=slug, entity=body) for slug, body in ENTITIES]
    evidence.change(HERE, OPERATOR, [*puts, *entities], AT)
    chosen = Chosen()
    parts = Parts(
        store=store,
        clock=lambda: AT,
        data=folder,
        backups=folder / "backups",
        tokens=Tokens(),
        intake=Intake(store, lambda: AT, folder),
        chosen=chosen,
        mailer=Mailer(lambda: chosen.now.mail, lambda: chosen.secret("mail"), lambda: AT),
        report=lambda: Watching(folder, folder / "backups", chosen, Hearing()).report(None, AT),
    )
    with override_settings(BOCAGE_PARTS=parts, PASSWORD_HASHERS=[f"{__name__}.CheapArgon2"]):
        yield World(parts=parts, sign_in=signed_in)
    evidence.connect(None)
    store.close()


def signed_in(*roles: RoleName, email: str = "agent@ville.example") -> Client:
    """A browser of a person who holds these roles (by default, all that declares)."""
    person = people.create(email, "Agent d’essai", AT - timedelta(days=1), territory=HERE)
    people.redeem(people.one_time_link(person.account, AT), PASSWORD, AT)
    puts = [
        Put(
            key=Key(territory=HERE, kind="role", slug=f"role-{role.value}-{email.partition('@')[0]}"),
            body=Role(title=Text(fr=role.value), role=role, holder=email),
        )
        for role in roles or ROLES
    ]
    evidence.change(HERE, OPERATOR, puts, AT)
    browser = Client(HTTP_HOST="localhost")
    answer = browser.post("/sign-in", {"email": email, "password": PASSWORD})
    assert answer.status_code == 302
    return browser
