"""A change taken back as a whole: where one was before, once, and only while nothing moved since."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from bocage import evidence, registers, sensing
from bocage.accounts import OPERATOR
from bocage.domain.declaration import Key
from bocage.domain.errors import Conflict, Missing
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Thing
from bocage.domain.text import Text
from bocage.evidence import Put, PutEntity, RemoveEntity

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
BENCH = Thing(title=Text(fr="Banc"), location=(4.8, 45.7))


def test_what_was_placed_is_taken_away_and_what_was_changed_is_as_before(marais: str) -> None:
    former = sensing.find(marais, "thing", "velo-pont-morand")
    assert former is not None
    renamed = msgspec.structs.replace(former.entity, title=Text(fr="Autre nom"))
    puts = [PutEntity(slug="banc", entity=BENCH), PutEntity(slug=former.slug, entity=renamed)]
    _changed, number = evidence.undoable(marais, OPERATOR, puts, AT)
    evidence.undo(marais, OPERATOR, number, LATER)
    assert sensing.find(marais, "thing", "banc") is None
    now = sensing.find(marais, "thing", former.slug)
    assert now is not None
    assert now.entity == former.entity


def test_what_was_taken_away_comes_back_under_its_number(marais: str) -> None:
    evidence.change(marais, OPERATOR, [PutEntity(slug="banc", entity=BENCH)], AT)
    former = sensing.find(marais, "thing", "banc")
    _changed, number = evidence.undoable(marais, OPERATOR, [RemoveEntity(kind="thing", slug="banc")], LATER)
    evidence.undo(marais, OPERATOR, number, LATER)
    now = sensing.find(marais, "thing", "banc")
    assert former is not None
    assert now is not None
    assert (now.id, now.entity) == (former.id, former.entity)


def test_a_thing_that_comes_back_stood_where_it_had_stood(marais: str) -> None:
    evidence.change(marais, OPERATOR, [PutEntity(slug="banc", entity=BENCH)], AT)
    moved = msgspec.structs.replace(BENCH, location=(4.9, 45.8))
    evidence.change(marais, OPERATOR, [PutEntity(slug="banc", entity=moved)], LATER)
    former = sensing.positions(marais, "banc")
    _changed, number = evidence.undoable(marais, OPERATOR, [RemoveEntity(kind="thing", slug="banc")], LATER)
    assert sensing.positions(marais, "banc") == []
    evidence.undo(marais, OPERATOR, number, LATER + timedelta(minutes=5))
    assert sensing.positions(marais, "banc") == former
    assert [one.location for one in former] == [(4.8, 45.7), (4.9, 45.8)]


def test_a_declaration_goes_back_to_its_former_version_as_a_new_one(marais: str) -> None:
    purpose = registers.current(marais, "purpose")[0]
    assert isinstance(purpose.body, Purpose)
    other = msgspec.structs.replace(purpose.body, title=Text(fr="Autre"))
    new = Key(territory=marais, kind="purpose", slug="arrosage")
    puts = [Put(key=purpose.key, body=other, expected=1), Put(key=new, body=Purpose(title=Text(fr="Arroser")))]
    _changed, number = evidence.undoable(marais, OPERATOR, puts, AT)
    evidence.undo(marais, OPERATOR, number, LATER)
    back = registers.find(purpose.key)
    assert back is not None
    assert (back.version, back.body) == (3, purpose.body)
    assert registers.find(new) is None


def test_it_is_taken_back_once(marais: str) -> None:
    _changed, number = evidence.undoable(marais, OPERATOR, [PutEntity(slug="banc", entity=BENCH)], AT)
    evidence.undo(marais, OPERATOR, number, LATER)
    with pytest.raises(Missing):
        evidence.undo(marais, OPERATOR, number, LATER)


@pytest.mark.parametrize("before", [True, False], ids=["placed", "changed"])
def test_what_somebody_changed_meanwhile_is_not_overwritten(marais: str, before: bool) -> None:
    if not before:
        evidence.change(marais, OPERATOR, [PutEntity(slug="banc", entity=BENCH)], AT)
    other = msgspec.structs.replace(BENCH, place="Place du Marché")
    _changed, number = evidence.undoable(marais, OPERATOR, [PutEntity(slug="banc", entity=other)], AT)
    theirs = msgspec.structs.replace(BENCH, place="Parc")
    evidence.change(marais, OPERATOR, [PutEntity(slug="banc", entity=theirs)], LATER)
    with pytest.raises(Conflict):
        evidence.undo(marais, OPERATOR, number, LATER)
    now = sensing.find(marais, "thing", "banc")
    assert now is not None
    assert now.entity.place == "Parc"  # type: ignore[attr-defined]
    assert evidence.back(marais, number)


def test_another_territory_takes_nothing_back(marais: str) -> None:
    _changed, number = evidence.undoable(marais, OPERATOR, [PutEntity(slug="banc", entity=BENCH)], AT)
    with pytest.raises(Missing):
        evidence.undo("val-de-loire", OPERATOR, number, LATER)


def test_after_a_month_nothing_is_kept_of_it(marais: str) -> None:
    _changed, number = evidence.undoable(marais, OPERATOR, [PutEntity(slug="banc", entity=BENCH)], AT)
    evidence.undoable(marais, OPERATOR, [PutEntity(slug="autre", entity=BENCH)], AT + timedelta(days=31))
    with pytest.raises(Missing):
        evidence.back(marais, number)
