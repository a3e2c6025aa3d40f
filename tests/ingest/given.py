"""A small territory in order, for the gate: declarations without a database, and a log in memory."""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Sign
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.declaration import Declaration
from bocage.domain.errors import Unavailable
from bocage.domain.hosting_site import HostingSite
from bocage.domain.instant import to_ms
from bocage.domain.nature import Nature
from bocage.domain.observation import ObservationBatch, Receipt
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import ClosedQuestions, Fate, Purpose
from bocage.domain.reading import ReadingBatch, numbers
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.ingest.gate import Declarations
from bocage.ingest.intake import Intake
from bocage.store.memory import MemoryStore

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NO = ClosedQuestions(
    scoring=False, biometrics=False, profiling=False, manipulation=False, tracking=False, consumerism=False
)
PLACE = "bourg"


def bodies() -> dict[tuple[str, str], Declaration]:
    """Everything declared, by kind and slug."""
    stream = {"thing": "ecole", "observed_property": "co2", "source": "capteurs", "dataset": "air"}
    entries: dict[str, Declaration] = {
        PLACE: Territory(title=Text(fr="Bourg"), code="44109", population=4200, agents=60),
        "commune": Organisation(title=Text(fr="Commune de Bourg")),
        "mesure": Purpose(
            title=Text(fr="Aérer les classes"),
            owner="commune",
            personal=False,
            retention_months=24,
            fate=Fate.ELIMINATE,
            cadence_seconds=0,
            questions=NO,
        ),
        "mairie": HostingSite(title=Text(fr="Mairie"), country="FR", operator="commune"),
        "capteurs": Source(title=Text(fr="Capteurs"), purpose="mesure", hosting="mairie"),
        "air": Dataset(title=Text(fr="Air"), sensitivity=Sensitivity.PUBLIC, hosting="mairie"),
        "ecole": Thing(title=Text(fr="École")),
        "co2": ObservedProperty(title=Text(fr="CO2")),
        "hall-co2": Datastream(id=1, title=Text(fr="CO2 du hall"), key="hall-co2", minimum=0, maximum=5000, **stream),
        "porte": Datastream(id=2, title=Text(fr="Porte"), key="hall-door", nature=Nature.STATE, **stream),
    }
    return {(body.kind, slug): body for slug, body in entries.items()}


class Declared:
    """Declarations a test may change; each change grows the revision."""

    def __init__(self) -> None:
        self.bodies = bodies()
        self.signs: dict[str, tuple[Sign, ...]] = {}
        self.revision = 1
        self.gathered = 0

    def put(self, slug: str, body: Declaration) -> None:
        self.bodies[body.kind, slug] = body
        self.revision += 1

    def change(self, kind: str, slug: str, **fields: Any) -> None:
        self.put(slug, msgspec.structs.replace(self.bodies[kind, slug], **fields))

    def gather(self, territory: str, today: date) -> TerritoryFacts:
        self.gathered += 1
        declared: dict[str, dict[str, Declaration]] = {}
        for (kind, slug), body in self.bodies.items() if territory == PLACE else ():
            declared.setdefault(kind, {})[slug] = body
        return TerritoryFacts(slug=territory, today=today, declared=declared, signs=self.signs)

    def note(self, territory: str, datastream: str, shown: Sequence[Sign], at: datetime) -> None:
        self.signs[datastream] = tuple(shown)

    def declarations(self) -> Declarations:
        return Declarations(
            revision=lambda territory: (self.revision, 0),
            gather=lambda territory, at: self.gather(territory, at.date()),
            note=self.note,
        )


class Clock:
    """A clock that stands where a test puts it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class FullStore(MemoryStore):
    """A log on a full disk."""

    full = True

    def append(self, batch: ObservationBatch) -> "Future[Receipt]":
        if not self.full:
            return super().append(batch)
        future: Future[Receipt] = Future()
        future.set_exception(Unavailable("room on the disk", found="none"))
        return future


def intake(
    folder: Path, store: MemoryStore | None = None, declared: Declared | None = None, clock: Clock | None = None
) -> Intake:
    """What takes readings in, without a database."""
    return Intake(store or MemoryStore(), clock or Clock(), folder, (declared or Declared()).declarations())


def at(text: str) -> int:
    """UTC milliseconds of a time."""
    return to_ms(datetime.fromisoformat(text))


def levels(times: Sequence[str], key: str = "hall-co2", first: float = 400.0) -> ReadingBatch:
    """Numbers of one series at these times."""
    starts = [at(time) for time in times]
    return numbers((key,), np.zeros(len(starts), dtype=np.int32), starts, first + np.arange(len(starts)))
