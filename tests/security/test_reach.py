"""Nobody reaches further than their roles, whatever they put in a form."""

import msgspec
import pytest
from django.test import Client
from tests.web.world import AT, HERE, PASSWORD, World, dataset, purpose, signed_in

from bocage import evidence, registers
from bocage.accounts import OPERATOR, people
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.declaration import Key
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.purpose import LegalBasis, Purpose
from bocage.domain.role import Role, RoleName
from bocage.domain.sensing import Datastream, Thing, Unit
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.evidence.asked import PutEntity
from bocage.registers import Put

BESIDE = "ville-voisine"


def holding(world: World, role: Role) -> Client:
    """A browser of somebody who holds this role and no other."""
    world.put("role", f"seul-{role.role.value}", role)
    person = people.create(role.holder, "Quelqu’un", AT)
    people.redeem(people.one_time_link(person.account, AT), PASSWORD, AT)
    browser = Client(HTTP_HOST="localhost")
    assert browser.post("/sign-in", {"email": role.holder, "password": PASSWORD}).status_code == 302
    return browser


def steward_of_water(world: World) -> Client:
    """A steward of one service, who may declare its datasets and nothing else."""
    world.put("public-service", "eau", PublicService(title=Text(fr="Eau"), competence=Competence.WATER))
    role = Role(title=Text(fr="Référente"), role=RoleName.STEWARD, holder="eau@ville.example", services=("eau",))
    return holding(world, role)


def of_water(**more: str) -> dict[str, str]:
    """The form of a dataset of the water service."""
    return {
        "title.fr": "À nous", "service": "eau", "sensitivity": "public", "openness": "open", "licence": "etalab-2.0",
        "hosting": "mairie", "owner": "ville", **more,
    }  # fmt: skip


def test_a_steward_declares_a_dataset_of_their_service(world: World) -> None:
    answer = steward_of_water(world).post(f"/{HERE}/desk/registers/dataset/new", of_water(slug="debits", expected="0"))
    assert answer.status_code == 302, answer.content.decode()


def test_the_form_of_a_new_dataset_does_not_take_over_one_of_another_service(world: World) -> None:
    browser = steward_of_water(world)
    answer = browser.post(f"/{HERE}/desk/registers/dataset/new", of_water(slug="air", expected="1"))
    assert answer.status_code == 403
    found = registers.find(Key(territory=HERE, kind="dataset", slug="air"))
    assert found is not None
    assert found.body.service == "ecoles"  # type: ignore[attr-defined]


def test_a_former_version_is_not_brought_back_over_what_another_service_holds_now(world: World) -> None:
    browser = steward_of_water(world)
    key = Key(territory=HERE, kind="dataset", slug="partage")
    mine = Dataset(title=Text(fr="Partagé"), service="eau", sensitivity=Sensitivity.PUBLIC, hosting="mairie")
    for expected, body in ((None, mine), (1, dataset())):
        evidence.change(HERE, OPERATOR, [Put(key=key, body=body, expected=expected)], AT)
    answer = browser.post(f"/{HERE}/desk/registers/dataset/partage/restore", {"version": "1", "expected": "2"})
    assert answer.status_code == 403


def test_a_data_administrator_of_one_service_gives_no_token_for_the_data_of_another(world: World) -> None:
    world.put("public-service", "eau", PublicService(title=Text(fr="Eau"), competence=Competence.WATER))
    browser = signed_in(RoleName.AGENT)
    role = Role(
        title=Text(fr="Données de l’eau"), role=RoleName.DATA_ADMINISTRATOR, holder="agent@ville.example",
        services=("eau",),
    )  # fmt: skip
    world.put("role", "donnees-eau", role)
    assert browser.post(f"/{HERE}/desk/connect/tokens/new", {"dataset": "air"}).status_code == 404
    assert world.parts.tokens.listed(HERE) == []


def test_a_data_administrator_of_one_service_revokes_no_token_of_another(world: World) -> None:
    world.put("public-service", "eau", PublicService(title=Text(fr="Eau"), competence=Competence.WATER))
    browser = signed_in(RoleName.AGENT)
    role = Role(
        title=Text(fr="Données de l’eau"), role=RoleName.DATA_ADMINISTRATOR, holder="agent@ville.example",
        services=("eau",),
    )  # fmt: skip
    world.put("role", "donnees-eau", role)
    world.parts.tokens.issue(HERE, "operator", AT, source="capteurs")
    held = world.parts.tokens.listed(HERE)[0]
    assert browser.post(f"/{HERE}/desk/connect/tokens/revoke", {"token": str(held.token)}).status_code == 403
    assert world.parts.tokens.listed(HERE)[0].revoked_at is None


def test_an_administrator_gets_no_link_to_an_address_that_holds_a_role_next_door(world: World) -> None:
    """The link would open the other territory's desk to whoever asked for it."""
    role = Role(title=Text(fr="DPO"), role=RoleName.DPO, holder="dpo@voisine.example")
    puts = [
        Put(key=Key(territory=BESIDE, kind="territory", slug=BESIDE), body=Territory(title=Text(fr="Voisine"))),
        Put(key=Key(territory=BESIDE, kind="role", slug="dpo"), body=role),
    ]
    evidence.change(BESIDE, OPERATOR, puts, AT)
    browser = signed_in(RoleName.ADMINISTRATOR)
    answer = browser.post(f"/{HERE}/desk/accounts/invite", {"email": " DPO@voisine.example ", "name": "X"})
    assert answer.status_code == 422
    assert "/welcome/" not in answer.content.decode()
    assert all(person.email != "dpo@voisine.example" for person in people.listed())


@pytest.mark.parametrize("name", ["A_b", "a--b", "-", "a%0A", "a%00", "%C3%A9", "x" * 300])
@pytest.mark.parametrize(
    "place", ["registers/purpose/{}", "desk/registers/purpose/{}/history", "notices/{}", "data/{}"]
)
def test_an_address_that_names_nothing_is_a_page_that_says_so(world: World, place: str, name: str) -> None:
    browser = world.sign_in()
    assert browser.get(f"/{HERE}/" + place.format(name)).status_code == 404


@pytest.mark.parametrize("sent", ["²", "-1", "9" * 5000, "1e3", "\x00"])
def test_a_number_that_is_none_is_no_failure_of_ours(world: World, sent: str) -> None:
    browser = world.sign_in()
    pages = [f"/{HERE}/desk/things", f"/{HERE}/desk/registers/purpose", f"/{HERE}/desk/datastreams/co2-salle-1"]
    for page in pages:
        assert browser.get(page, {"from": sent, "start": sent, "end": sent}).status_code == 200
    forms = [
        ("connect/tokens/revoke", "token"),
        ("running/parcel", "parcel"),
        ("registers/purpose/aerer/restore", "version"),
    ]
    for form, field in forms:
        assert browser.post(f"/{HERE}/desk/{form}", {field: sent, "expected": sent}).status_code < 500


def test_a_page_read_by_somebody_signed_in_is_kept_by_no_cache(world: World) -> None:
    browser = world.sign_in()
    assert browser.get(f"/{HERE}/desk/")["Cache-Control"] == "private, no-store"
    assert browser.get(f"/{HERE}/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "done", "refused", "a.report.json", "x" * 250 + ".csv", ".hidden", "\x00"]
)
def test_a_file_handed_over_takes_a_harmless_name(name: str) -> None:
    from bocage.web.desk.connect import safe_name

    safe = safe_name(name)
    assert "/" not in safe
    assert not safe.startswith(".")
    assert len(safe) <= 150
    assert safe not in ("done", "refused")
    assert not safe.endswith("a.report.json") or safe.startswith("given-")


def contractor(world: World) -> Client:
    """A contractor of another source than the one of the dwelling."""
    role = Role(title=Text(fr="Capteurs"), role=RoleName.CONTRACTOR, holder="pro@x.example", sources=("capteurs",))
    return holding(world, role)


def dwelling(world: World) -> None:
    """A meter in a dwelling: its place is nobody's business but that of those who work on it."""
    closed = Dataset(
        title=Text(fr="Logements"), service="ecoles", sensitivity=Sensitivity.PERSONAL, hosting="mairie", owner="ville"
    )
    at_home = purpose_of_persons()
    world.put("purpose", "suivre", at_home)
    address = "https://x.example/?key=s3cret"
    world.put("source", "compteurs", Source(title=Text(fr="Compteurs"), purpose="suivre", address=address))
    world.put("dataset", "logements", closed)
    entities = [
        PutEntity(slug="logement-1", entity=Thing(title=Text(fr="Logement du 3e"), location=(-1.5, 47.2))),
        PutEntity(
            slug="logement-1-gaz",
            entity=Datastream(
                title=Text(fr="Gaz du 3e"), thing="logement-1", observed_property="co2", unit=Unit(symbol="kWh"),
                source="compteurs", key="PCE-123", dataset="logements",
            ),
        ),
    ]  # fmt: skip
    evidence.change(HERE, OPERATOR, entities, AT)


def purpose_of_persons() -> Purpose:
    return msgspec.structs.replace(purpose(), personal=True, legal_basis=LegalBasis.PUBLIC_TASK)


@pytest.mark.parametrize(
    "page",
    ["map", "points.json", "things", "things/logement-1", "registers/thing", "registers/thing/logement-1",
     "registers/datastream", "registers/datastream/logement-1-gaz", "datastreams/logement-1-gaz"],
)  # fmt: skip
def test_a_contractor_is_not_told_of_the_dwellings_others_measure(world: World, page: str) -> None:
    dwelling(world)
    told = contractor(world).get(f"/{HERE}/desk/{page}").content.decode()
    assert "du 3e" not in told
    assert "PCE-123" not in told
    seen = world.sign_in().get(f"/{HERE}/desk/{page}").content.decode()
    assert "du 3e" in seen


@pytest.mark.parametrize("page", ["", "/history", "/history/1"])
def test_a_contractor_reads_no_address_of_a_person_in_the_registers(world: World, page: str) -> None:
    world.put("role", "dpo", Role(title=Text(fr="DPO"), role=RoleName.DPO, holder="dpo@ville.example"))
    place = f"/{HERE}/desk/registers/role/dpo{page}"
    assert "dpo@ville.example" not in contractor(world).get(place).content.decode()
    if page != "/history":
        assert "dpo@ville.example" in world.sign_in().get(place).content.decode()


def test_the_key_in_the_address_of_a_source_is_for_those_who_declare_it(world: World) -> None:
    dwelling(world)
    place = f"/{HERE}/desk/registers/source/compteurs"
    assert "s3cret" not in contractor(world).get(place).content.decode()
    assert "s3cret" in world.sign_in().get(place).content.decode()


@pytest.mark.parametrize("title", ["a\x00b", "\u202eetirc", "x" * 20_001, "\x1b[2J"])
def test_a_title_that_reads_otherwise_than_it_is_written_is_not_declared(world: World, title: str) -> None:
    empty = {"siren": "", "sector": "public", "country": "FR", "contact": "", "expected": "0"}
    form = {"title.fr": title, "slug": "x", **empty}
    answer = world.sign_in().post(f"/{HERE}/desk/registers/organisation/new", form)
    assert answer.status_code == 422
    assert registers.find(Key(territory=HERE, kind="organisation", slug="x")) is None


@pytest.mark.parametrize("place", ["source/compteurs", "dataset/logements", "observed-property/co2"])
def test_what_rests_on_a_declaration_does_not_tell_a_contractor_of_dwellings(world: World, place: str) -> None:
    dwelling(world)
    page = f"/{HERE}/desk/registers/{place}"
    assert "du 3e" not in contractor(world).get(page).content.decode()
    assert "du 3e" in world.sign_in().get(page).content.decode()
