"""The pages of imports: looked at, chosen, done, gone on with, taken back; and who may not."""

import re

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bocage import evidence, registers, sensing
from bocage.accounts import OPERATOR
from bocage.domain.declaration import Key
from bocage.domain.role import Role, RoleName
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.evidence.asked import PutEntity
from bocage.imports import record
from bocage.imports.record import State

from .world import AT, HERE, World

IMPORTS = f"/{HERE}/desk/imports"
THINGS = "thing,name,lon,lat,property,unit\nmairie,Mairie,-1.5,47.2,température,°C\nécole,École,loin,47.2,,\n"
CURVE = """Identifiant PRM;Type de donnees;Grandeur physique;Grandeur metier;Etape metier;Unite
30000000000017;Courbe de charge;Energie active;Consommation;Comptage Brut;W
Horodate;Valeur
2026-05-01T00:30:00+02:00;412
2026-05-01T01:00:00+02:00;408
"""


def begun(browser: Client, form: str, name: str, text: str | bytes) -> int:
    """The number of an import whose file was handed over."""
    content = text.encode() if isinstance(text, str) else text
    answer = browser.post(f"{IMPORTS}/new/{form}", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rsplit("/", 1)[1])


def act(browser: Client, number: int, action: str, **more: str) -> str:
    """Do something with an import as its page offers it; the page afterwards."""
    page = browser.get(f"{IMPORTS}/{number}").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    answer = browser.post(
        f"{IMPORTS}/{number}", {"action": action, "seen": seen[1] if seen else "", **more}, follow=True
    )
    return answer.content.decode()


def test_things_come_from_a_spreadsheet_once_somebody_agreed_and_go_again(world: World, desk: Client) -> None:
    number = begun(desk, "things", "parc.csv", THINGS)
    page = desk.get(f"{IMPORTS}/{number}").content.decode()
    assert "des degrés de longitude ou de latitude" in page or "loin" in page
    assert sensing.find(HERE, "thing", "mairie") is None
    page = act(desk, number, "do")
    assert sensing.find(HERE, "thing", "mairie") is not None
    assert record.find(HERE, number).state is State.DONE
    assert "Annuler" in page
    act(desk, number, "undo")
    assert sensing.find(HERE, "thing", "mairie") is None
    assert record.find(HERE, number).state is State.UNDONE


def test_the_rows_to_mend_are_a_table_with_their_reason_and_run_nothing(world: World, desk: Client) -> None:
    number = begun(desk, "things", "parc.csv", "thing,lon,lat\n=1+1,loin,2\n")
    text = desk.get(f"{IMPORTS}/{number}/rows.csv").content.decode()
    assert "'=1+1" in text
    assert "loin" in text
    assert "un nombre était attendu" in text


def test_the_columns_of_a_foreign_spreadsheet_are_named_on_the_page(world: World, desk: Client) -> None:
    number = begun(desk, "things", "bnlc.csv", "nom_lieu,Xlong,Ylat\nAire de la gare,-1.5,47.2\n")
    assert desk.get(f"{IMPORTS}/{number}").status_code == 422
    columns = {"column.thing": "nom_lieu", "column.lon": "Xlong", "column.lat": "Ylat", "column.id": ""}
    page = act(desk, number, "choose", **columns)
    assert "aire-de-la-gare" in page
    act(desk, number, "do", **columns)
    placed = sensing.find(HERE, "thing", "aire-de-la-gare")
    assert placed is not None
    assert getattr(placed.entity, "location", None) == (-1.5, 47.2)


def test_forgetting_leaves_nothing_of_the_files(world: World, desk: Client) -> None:
    number = begun(desk, "things", "parc.csv", THINGS)
    assert list((world.parts.data / "imports" / HERE / str(number)).iterdir())
    act(desk, number, "drop")
    assert not (world.parts.data / "imports" / HERE / str(number)).exists()
    assert desk.get(f"{IMPORTS}/{number}").status_code == 404


def test_a_meter_is_declared_in_one_step_and_its_values_wait_for_what_lacks(world: World, desk: Client) -> None:
    number = begun(desk, "measurements", "courbe.csv", CURVE)
    page = desk.get(f"{IMPORTS}/{number}").content.decode()
    assert "30000000000017" in page
    chosen = {
        "source": "new:enedis-csv",
        "purpose": "aerer",
        "dataset": "air",
        "name.30000000000017": "École Jules-Verne",
    }
    act(desk, number, "choose", **chosen)
    page = act(desk, number, "do")
    one = record.find(HERE, number)
    stream = sensing.find(HERE, "datastream", "ecole-puissance-electrique")
    assert stream is not None
    assert stream.entity.thing == "ecole"  # type: ignore[attr-defined]
    assert (one.state, one.rows) == (State.DONE, 2)
    assert world.parts.store.extent([stream.id])[0].count == 2
    act(desk, number, "undo")
    assert world.parts.store.extent([stream.id]) == []
    assert sensing.find(HERE, "datastream", "ecole-puissance-electrique") is None
    assert registers.find(Key(territory=HERE, kind="source", slug="compteurs-d-electricite-fichiers-enedis")) is None


def test_what_changed_since_the_preview_is_shown_again_before_anything_is_written(world: World, desk: Client) -> None:
    number = begun(desk, "things", "parc.csv", THINGS)
    answer = desk.post(f"{IMPORTS}/{number}", {"action": "do", "seen": "what I saw before"})
    assert answer.status_code == 409
    assert sensing.find(HERE, "thing", "mairie") is None
    assert "depuis" in answer.content.decode()


@pytest.mark.parametrize("role", [RoleName.AGENT, RoleName.DPO, RoleName.DECIDER, RoleName.SECURITY_OFFICER])
def test_others_may_not_bring_anything_in(world: World, desk: Client, role: RoleName) -> None:
    number = begun(desk, "things", "parc.csv", THINGS)
    other = world.sign_in(role, email=f"un-{role.value}@ville.example")
    for address in ("", "/new/things", f"/{number}", f"/{number}/rows.csv"):
        assert other.get(f"{IMPORTS}{address}").status_code == 403
    assert other.post(f"{IMPORTS}/{number}", {"action": "do"}).status_code == 403


def contractor(world: World) -> Client:
    """A browser of a contractor who holds one source, beside another one."""
    source = Source(title=Text(fr="Compteurs"), plugin="enedis-csv", purpose="aerer")
    for slug in ("compteurs", "autres"):
        world.put("source", slug, source)
    browser = world.sign_in(RoleName.CONTRACTOR, email="presta@exploitant.example")
    key = Key(territory=HERE, kind="role", slug="role-contractor-presta")
    held = registers.find(key)
    assert held is not None
    assert isinstance(held.body, Role)
    role = Role(title=held.body.title, role=held.body.role, holder="presta@exploitant.example", sources=("compteurs",))
    evidence.change(HERE, OPERATOR, [registers.Put(key=key, body=role, expected=held.version)], AT)
    return browser


def test_a_contractor_brings_in_measurements_of_its_own_source_only(world: World, desk: Client) -> None:
    browser = contractor(world)
    assert browser.get(f"{IMPORTS}/new/things").status_code == 403
    assert browser.get(f"{IMPORTS}/new/contracts").status_code == 403
    mine = begun(browser, "measurements", "courbe.csv", CURVE)
    assert record.find(HERE, mine).source == "compteurs"
    page = act(browser, mine, "choose", source="autres")
    assert record.find(HERE, mine).source == "compteurs"
    assert "Autres" not in page
    act(browser, mine, "choose", **{"name.30000000000017": "École Jules-Verne"})
    assert browser.post(f"{IMPORTS}/{mine}", {"action": "do", "seen": "x"}).status_code in (403, 409)
    assert sensing.find(HERE, "datastream", "ecole-puissance-electrique") is None
    theirs = begun(desk, "things", "parc.csv", THINGS)
    assert browser.get(f"{IMPORTS}/{theirs}").status_code == 404
    assert "parc.csv" not in browser.get(IMPORTS).content.decode()


def test_a_contractor_does_not_take_an_import_back(world: World) -> None:
    browser = contractor(world)
    mine = begun(browser, "measurements", "courbe.csv", CURVE)
    act(browser, mine, "do")
    assert record.find(HERE, mine).state is State.DONE
    assert browser.post(f"{IMPORTS}/{mine}", {"action": "undo"}).status_code == 403
    assert record.find(HERE, mine).state is State.DONE


def test_an_import_of_another_territory_is_not_there(world: World, desk: Client) -> None:
    number = begun(desk, "things", "parc.csv", THINGS)
    other = "ailleurs"
    territory = Territory(title=Text(fr="Ailleurs"), population=100, agents=3)
    role = Role(title=Text(fr="x"), role=RoleName.DATA_ADMINISTRATOR, holder="elle@ailleurs.example")
    puts = [("territory", other, territory), ("role", "elle", role)]
    changes = [
        registers.Put(key=Key(territory=other, kind=kind, slug=slug), body=body, expected=None)
        for kind, slug, body in puts
    ]
    evidence.change(other, OPERATOR, changes, AT)
    browser = world.sign_in(RoleName.AGENT, email="elle@ailleurs.example")
    assert browser.get(f"/{other}/desk/imports").status_code == 200
    for address in (f"/{number}", f"/{number}/rows.csv"):
        assert browser.get(f"/{other}/desk/imports{address}").status_code == 404
    assert browser.post(f"/{other}/desk/imports/{number}", {"action": "do"}).status_code == 404
    assert "parc.csv" not in browser.get(f"/{other}/desk/imports").content.decode()


def test_the_name_and_the_words_of_a_file_are_text_and_nothing_else(world: World, desk: Client) -> None:
    evil = "<script>alert(1)</script>"
    number = begun(desk, "things", f"{evil}.csv".replace("/", ""), f"thing,lon,lat\n{evil},loin,2\n{evil},1,2\n")
    page = desk.get(f"{IMPORTS}/{number}").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_files_that_are_too_many_or_too_large_are_refused_with_the_limit(world: World, desk: Client) -> None:
    large = SimpleUploadedFile("a.csv", bytes(33 * 1024 * 1024))
    answer = desk.post(f"{IMPORTS}/new/measurements", {"file": large})
    assert answer.status_code == 422
    assert "32 Mo" in answer.content.decode().replace("\xa0", " ")
    assert record.listed(HERE) == []
    assert desk.post(f"{IMPORTS}/new/measurements", {}).status_code == 422


def test_what_was_refused_is_shown_with_the_way_out_and_gone_on_with(world: World, desk: Client) -> None:
    number = begun(desk, "measurements", "courbe.csv", CURVE)
    act(desk, number, "choose", **{"source": "new:enedis-csv", "name.30000000000017": "École Jules-Verne"})
    page = act(desk, number, "do")
    assert "Personne n’a encore dit à quoi servent ces mesures" in page
    assert "/desk/declare?source=" in page or "/desk/registers/source/" in page
    one = record.find(HERE, number)
    assert (one.rows, one.told.counts["refused"]) == (0, 2)
    held = registers.find(Key(territory=HERE, kind="source", slug=one.source))
    stream = sensing.find(HERE, "datastream", "ecole-puissance-electrique")
    assert held is not None
    assert stream is not None
    world.put("source", one.source, msgspec.structs.replace(held.body, purpose="aerer"), held.version)
    put = PutEntity(slug="ecole-puissance-electrique", entity=msgspec.structs.replace(stream.entity, dataset="air"))
    evidence.change(HERE, OPERATOR, [put], AT)
    assert "Poursuivre" in desk.get(f"{IMPORTS}/{number}").content.decode()
    act(desk, number, "do")
    assert record.find(HERE, number).rows == 2
    page = desk.get(f"{IMPORTS}/{number}").content.decode()
    assert "Poursuivre" not in page
    page = act(desk, number, "undo")
    assert "Laissé en l’état" in page or "restent" in page
    assert world.parts.store.extent([stream.id]) == []


def test_each_page_of_an_import_is_read_in_english_too(world: World, desk: Client) -> None:
    number = begun(desk, "contracts", "decp.json", '{"marches": [{"id": "1", "objet": "x"}]}')
    page = desk.get(f"{IMPORTS}/{number}?lang=en").content.decode()
    assert "Rows to mend" in page
    assert "Lignes à corriger" not in page
