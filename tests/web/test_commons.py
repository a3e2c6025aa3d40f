"""The commons over HTTP: found, read, adopted, taken back, given; who may not; what is refused on their strength."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bocage import commons, evidence
from bocage.accounts import OPERATOR
from bocage.commons import Card, Shared, Shelf, Wanted
from bocage.domain.clause import Clause, ClauseSubject
from bocage.domain.declaration import Declaration, Key
from bocage.domain.experiment import Criterion, Experiment, Outcome, Protocol, Result, Verdict
from bocage.domain.measure import Aggregate, Measure
from bocage.domain.role import RoleName
from bocage.domain.rule import Comparison, Constant, Rule
from bocage.domain.text import Text

from .world import AT, HERE

DAY = date(2026, 3, 1)
PROTOCOL = Protocol(
    hypothesis=Text(fr="Éteindre économise l’électricité"),
    benchmark=Text(fr="Avant"),
    criteria=(Criterion(title=Text(fr="Économie"), threshold=20.0),),
    starts=date(2027, 1, 4),
    ends=date(2027, 12, 31),
    cost=900.0,
)
DONE = Outcome(
    closed=DAY, verdict=Verdict.REACHED, results=(Result(value=30.0),), cost=800.0, lessons=Text(fr="Prévenir d’abord")
)
TRIAL = Experiment(title=Text(fr="Éteindre la nuit"), use_case="EC1", protocol=PROTOCOL)
RULE = Rule(
    title=Text(fr="Air lourd"),
    service="x",
    condition=Comparison(measure=Measure(datastreams=("co2",), aggregate=Aggregate.MEAN), than=Constant(value=1500.0)),
)


def put(folder: Path, kind: str, slug: str, body: Declaration, territory: str = "ailleurs", **card: Any) -> None:
    given = Card(territory=territory, author="Régie d’ailleurs", licence="etalab-2.0", date=DAY, **card)
    commons.put(folder, Shared(kind=kind, slug=slug, card=given, body=body))


@pytest.fixture
def shelf(world: Any, tmp_path: Path) -> Iterator[Shelf]:
    """The pages' shelf over a folder of its own, which the promises are told of too."""
    folder = tmp_path / "commons"
    folder.mkdir()
    put(folder, "clause", "donnees", Clause(title=Text(fr="Données livrées"), subject=ClauseSubject.DATA))
    put(folder, "rule", "air", RULE, series=(Wanted(name="co2", title=Text(fr="CO2 d’une salle"), unit="ppm"),))
    for town in ("saules", "plateau"):
        body = msgspec.structs.replace(TRIAL, title=Text(fr=f"Nuit noire à {town}"), frozen=DAY, outcome=DONE)
        put(folder, "experiment", "nuit", body, territory=town)
    (folder / "clause" / "ailleurs" / "cassee.toml").write_text("subject = \n")
    found = world.parts.commons
    found.folder = folder
    found.look(AT, now=True)
    evidence.share(found)
    yield found
    evidence.share(None)


def read(browser: Any, path: str, status: int = 200) -> str:
    answer = browser.get(f"/{HERE}/{path}")
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_everyone_finds_what_is_shared_and_agents_what_cannot_be_read(world: Any, desk: Any, shelf: Shelf) -> None:
    from django.test import Client

    anyone = Client(HTTP_HOST="localhost")
    page = read(anyone, "commons?q=donnee+livree")
    assert "Données livrées" in page
    assert "Nuit noire" not in page
    assert "cassee.toml" not in page
    assert "Rien ne contient tous ces mots" in read(anyone, "commons?q=livrees+nuit")
    assert "Licence Ouverte 2.0" in read(anyone, "commons/clause/ailleurs/donnees")
    assert "dépasse 1 500 ppm" in read(anyone, "commons/rule/ailleurs/air")
    read(anyone, "commons/clause/ailleurs/absente", 404)
    assert "clause/ailleurs/cassee.toml:1" in read(desk, "desk/commons")


def test_a_clause_is_adopted_in_one_step_with_its_origin_and_taken_back(world: Any, desk: Any, shelf: Shelf) -> None:
    answer = desk.post(f"/{HERE}/desk/commons/clause/ailleurs/donnees", follow=True)
    page = " ".join(answer.content.decode().split())
    assert "clause/ailleurs/donnees (1)" in page
    assert "Repris de" in page
    undo = next(part for part in page.split('action="') if "/undo/" in part.partition('"')[0]).partition('"')[0]
    desk.post(undo.replace("&amp;", "&"))
    read(desk, "desk/registers/clause/donnees", 410)


def test_a_rule_asks_which_series_it_is_and_comes_switched_off(world: Any, desk: Any, shelf: Shelf) -> None:
    from bocage import registers

    place = f"/{HERE}/desk/commons/rule/ailleurs/air"
    refused = desk.post(place, {"service": "ecoles"})
    assert refused.status_code == 422
    assert 'id="series.co2-wrong"' in refused.content.decode()
    assert desk.post(place, {"service": "ecoles", "series.co2": "co2-salle-1"}).status_code == 302
    entry = registers.find(Key(territory=HERE, kind="rule", slug="air"))
    assert entry is not None
    assert isinstance(entry.body, Rule)
    assert entry.body.condition.measure.datastreams == ("co2-salle-1",)
    assert not entry.body.active


def test_who_may_not_declare_may_read_and_neither_adopt_nor_give(world: Any, shelf: Shelf) -> None:
    world.put("clause", "ici", Clause(title=Text(fr="D’ici"), subject=ClauseSubject.DATA))
    agent = world.sign_in(RoleName.AGENT, email="agente@ville.example")
    assert "Vos rôles ne vous permettent pas" in read(agent, "desk/commons/clause/ailleurs/donnees")
    assert agent.post(f"/{HERE}/desk/commons/clause/ailleurs/donnees").status_code == 403
    assert agent.get(f"/{HERE}/desk/commons/give/clause/ici").status_code == 403
    security = world.sign_in(RoleName.SECURITY_OFFICER, email="securite@ville.example")
    assert security.post(f"/{HERE}/desk/commons/give/clause/ici", {"do": "put"}).status_code == 403


def test_a_closed_experiment_is_asked_for_then_given_then_taken_out(world: Any, desk: Any, shelf: Shelf) -> None:
    failed = Experiment(
        title=Text(fr="Bancs connectés"),
        frozen=DAY,
        protocol=PROTOCOL,
        outcome=msgspec.structs.replace(DONE, verdict=Verdict.MISSED),
    )
    world.put("experiment", "bancs", msgspec.structs.replace(failed, outcome=None))
    world.put("experiment", "bancs", failed, expected=1)
    place = f"/{HERE}/desk/commons/give/experiment/bancs"
    assert place in read(desk, "desk/promises?state=mend")
    assert place in read(desk, "desk/next")
    file = desk.post(place, {"do": "download", "licence": "CC0-1.0", "author": "Ville"})
    assert 'licence = "CC0-1.0"' in file.content.decode()
    assert desk.post(place, {"do": "put", "licence": "tous droits", "author": "Ville"}).status_code == 422
    assert desk.post(place, {"do": "put", "licence": "etalab-2.0", "author": "Ville"}).status_code == 302
    assert f"experiment/{HERE}/bancs" in shelf.library.named
    assert place not in read(desk, "desk/promises?state=mend")
    desk.post(place, {"do": "take"})
    assert f"experiment/{HERE}/bancs" not in shelf.library.named


def test_what_resembles_is_shown_before_and_mature_technology_is_refused_counted_and_public(
    world: Any, desk: Any, shelf: Shelf
) -> None:
    world.put("experiment", "lampadaires", TRIAL)
    assert "Nuit noire à saules" in read(desk, "desk/registers/experiment/lampadaires")
    with pytest.raises(Exception, match="mature"):
        world.put("experiment", "lampadaires", msgspec.structs.replace(TRIAL, frozen=DAY), expected=1)
    for page in (read(desk, "refusals"), read(desk, "registers/experiment/lampadaires")):
        assert f"/{HERE}/commons/experiment/saules/nuit" in page
        assert f"/{HERE}/commons/experiment/plateau/nuit" in page
    assert "Fiches refusées" in read(desk, "promises/r45_mature_technology")
    commons.take_out(shelf.folder or Path(), shelf.library.one("experiment/saules/nuit"))
    shelf.look(AT, now=True)
    fixed = evidence.Put(
        key=Key(territory=HERE, kind="experiment", slug="lampadaires"),
        body=msgspec.structs.replace(TRIAL, frozen=DAY),
        expected=1,
    )
    evidence.change(HERE, OPERATOR, [fixed], AT + timedelta(minutes=1))
    assert "Refusé" not in read(desk, "registers/experiment/lampadaires")


def test_without_a_folder_the_pages_say_what_is_missing(world: Any, desk: Any) -> None:
    assert "Aucun dossier de ressources partagées" in read(desk, "desk/commons")
    assert "ne peuvent pas être vérifiés" in read(desk, "commons")
