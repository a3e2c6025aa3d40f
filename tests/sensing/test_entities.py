"""Entities keep their names, numbers, positions and keys, one at a time or by thousands."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bocage import relational, sensing
from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.domain.nature import Nature
from bocage.domain.sensing import (
    ENTITIES,
    Datastream,
    FeatureOfInterest,
    Location,
    MultiDatastream,
    ObservedProperty,
    Sensor,
    Thing,
    Unit,
)
from bocage.domain.text import Text
from bocage.sensing.shape import read
from bocage.sensing.tables import Number

pytestmark = pytest.mark.usefixtures("db")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
HERE = "rochebrune"


def thing(**more: Any) -> Thing:
    return Thing(title=Text(fr="Pont"), **more)


def series(**more: Any) -> Datastream:
    return Datastream(**{"title": Text(fr="Vélos"), "thing": "pont", "observed_property": "velos"} | more)


def test_an_entity_is_found_as_it_was_put_with_its_number() -> None:
    put = sensing.put(HERE, "pont", thing(location=(-1.5, 47.2), public_space=True), AT)
    found = sensing.find(HERE, "thing", "pont")
    assert found == put
    assert found.entity == thing(location=(-1.5, 47.2), public_space=True, id=found.id)
    assert (found.id, found.version, found.kind) == (1, 1, "thing")


def test_every_kind_of_entity_comes_back_as_it_was_put() -> None:
    text = Text(fr="Loire", en="Loire")
    point = {"type": "Point", "coordinates": [-1.5, 47.2]}
    given = [
        ("pont", Location(title=text, things=("pont",), geometry=point)),
        ("pont", thing(properties={"owner": "ville", "poles": [1, 2.5]})),
        ("boucle", Sensor(title=text, origin="FR")),
        ("velos", ObservedProperty(title=text, definition="https://qudt.org/vocab/quantitykind/Count")),
        ("loire", FeatureOfInterest(title=text, geometry=point)),
        ("pont-velos", series(unit=Unit(symbol="vélos"), nature=Nature.AMOUNT, minimum=0.0)),
        ("pont-ensemble", MultiDatastream(title=text, datastreams=("pont-velos",))),
    ]
    assert {type(entity) for _, entity in given} == set(ENTITIES)
    put = sensing.put_all(HERE, given, AT)
    for (slug, entity), one in zip(given, put, strict=True):
        assert sensing.find(HERE, entity.kind, slug) == one
        assert msgspec.structs.replace(one.entity, id=0) == entity
    assert sensing.count(HERE) == dict.fromkeys((kind.kind for kind in ENTITIES), 1)


def test_two_territories_do_not_see_each_other_and_share_no_number() -> None:
    first, second = sensing.put(HERE, "pont", thing(), AT), sensing.put("autre", "pont", thing(), AT)
    assert first.id != second.id
    assert [one.id for one in sensing.all(HERE, "thing")] == [first.id]
    assert sensing.find("autre", "thing", "pont") == second
    assert sensing.find("ailleurs", "thing", "pont") is None


def test_what_is_the_same_keeps_its_version_and_tells_nobody() -> None:
    sensing.put(HERE, "pont", thing(), AT)
    again = sensing.put(HERE, "pont", thing(), LATER)
    known = sensing.revision(HERE)
    assert (again.version, again.at) == (1, AT)
    changed = sensing.put(HERE, "pont", thing(place="quai"), LATER)
    assert (changed.version, changed.at) == (2, LATER)
    assert sensing.revision(HERE) == known + 1
    sensing.put(HERE, "pont", thing(place="quai"), LATER + timedelta(hours=1))
    assert sensing.revision(HERE) == known + 1


def test_the_revision_grows_with_each_change_that_is_kept_and_with_no_other() -> None:
    before, elsewhere = sensing.revision(HERE), sensing.revision("ailleurs")
    sensing.put(HERE, "pont", thing(), AT)
    after = sensing.revision(HERE)
    assert after > before

    def undone() -> None:
        with relational.transaction():
            sensing.put(HERE, "gare", thing(), AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert sensing.revision(HERE) == after
    sensing.remove(HERE, "thing", "pont")
    assert sensing.revision(HERE) > after
    assert sensing.revision("ailleurs") == elsewhere


def test_a_change_made_meanwhile_is_a_conflict() -> None:
    sensing.put(HERE, "pont", thing(), AT, 0)
    sensing.put(HERE, "pont", thing(place="quai"), LATER, 1)
    with pytest.raises(Conflict):
        sensing.put(HERE, "pont", thing(place="rive"), LATER, 1)
    with pytest.raises(Conflict):
        sensing.put(HERE, "pont", thing(place="rive"), LATER, 0)


def test_a_number_is_kept_on_import_and_stepped_over_afterwards() -> None:
    assert sensing.put(HERE, "vieux", series(id=2), AT).id == 2
    assert [sensing.put(HERE, slug, series(), AT).id for slug in ("un", "trois")] == [1, 3]
    both = sensing.put_all(HERE, [("quatre", series()), ("cinq", series(id=4)), ("six", series())], AT)
    assert [one.id for one in both] == [5, 4, 6]


def test_one_large_number_does_not_use_up_those_below() -> None:
    assert sensing.put(HERE, "dernier", series(id=(1 << 24) - 1), AT).id == 16_777_215
    assert sensing.put(HERE, "suivant", series(), AT).id == 1


def test_a_number_that_is_taken_is_a_conflict() -> None:
    sensing.put(HERE, "vieux", series(id=700), AT)
    with pytest.raises(Conflict):
        sensing.put("autre", "autre", series(id=700), AT)
    with pytest.raises(Conflict):
        sensing.put(HERE, "vieux", series(id=701), AT)
    with pytest.raises(Conflict):
        sensing.put_all(HERE, [("un", series(id=9)), ("deux", series(id=9))], AT)
    assert [one.slug for one in sensing.all(HERE, "datastream")] == ["vieux"]


def test_the_number_of_a_removed_datastream_goes_back_to_its_name_or_to_nobody() -> None:
    gone = sensing.put(HERE, "pont-velos", series(), AT)
    sensing.remove(HERE, "datastream", "pont-velos")
    assert sensing.put(HERE, "autre", series(), AT).id != gone.id
    with pytest.raises(Conflict):
        sensing.put(HERE, "voleur", series(id=gone.id), AT)
    assert sensing.put(HERE, "pont-velos", gone.entity, LATER).id == gone.id


def test_a_number_the_log_cannot_keep_is_refused() -> None:
    with pytest.raises(Invalid):
        sensing.put(HERE, "plus-loin", series(id=1 << 24), AT)
    Number.objects.create(kind="datastream", following=1 << 24)
    with pytest.raises(Invalid):
        sensing.put(HERE, "de-trop", series(), AT)
    assert sensing.count(HERE)["datastream"] == 0


def test_a_source_names_each_datastream_once() -> None:
    sensing.put(HERE, "pont-velos", series(source="compteurs", key="100"), AT)
    with pytest.raises(Conflict):
        sensing.put(HERE, "autre", series(source="compteurs", key="100"), AT)
    sensing.put("autre", "pont-velos", series(source="compteurs", key="100"), AT)
    sensing.put(HERE, "sans-source", series(key="100"), AT)
    sensing.put(HERE, "sans-cle", series(source="compteurs"), AT)
    assert {key: one.slug for key, one in sensing.by_key(HERE, "compteurs").items()} == {
        "100": "pont-velos",
        "sans-cle": "sans-cle",
    }


def test_two_datastreams_may_exchange_their_names_at_the_source() -> None:
    first, second = series(source="compteurs", key="1"), series(source="compteurs", key="2")
    sensing.put_all(HERE, [("un", first), ("deux", second)], AT)
    sensing.put_all(HERE, [("un", second), ("deux", first)], LATER)
    assert {key: one.slug for key, one in sensing.by_key(HERE, "compteurs").items()} == {"2": "un", "1": "deux"}


def test_where_a_thing_stood_is_kept_when_it_moves() -> None:
    for day, location in enumerate([None, (1.0, 2.0), (1.0, 2.0), (3.0, 4.0), None]):
        sensing.put(HERE, "pont", thing(location=location, place=str(day)), AT + timedelta(days=day))
    assert [(one.since.day, one.location) for one in sensing.positions(HERE, "pont")] == [
        (24, (1.0, 2.0)),
        (26, (3.0, 4.0)),
        (27, None),
    ]
    assert sensing.positions("autre", "pont") == []


def test_who_points_to_an_entity_is_told() -> None:
    sensing.put(HERE, "pont-velos", series(source="compteurs", dataset="velo"), AT)
    sensing.put(HERE, "rive", Location(title=Text(fr="Rive"), things=("pont",)), AT)
    assert sensing.referring(HERE, "thing", "pont") == [("datastream", "pont-velos"), ("location", "rive")]
    for kind, slug in (("observed-property", "velos"), ("source", "compteurs"), ("dataset", "velo")):
        assert sensing.referring(HERE, kind, slug) == [("datastream", "pont-velos")]
    assert sensing.referring("autre", "thing", "pont") == []
    sensing.put(HERE, "rive", Location(title=Text(fr="Rive")), LATER)
    assert sensing.referring(HERE, "thing", "pont") == [("datastream", "pont-velos")]


def test_datastreams_are_found_by_thing_source_and_dataset() -> None:
    sensing.put(HERE, "un", series(source="compteurs", dataset="velo"), AT)
    sensing.put(HERE, "deux", series(thing="gare", dataset="velo"), AT)
    assert [one.slug for one in sensing.datastreams(HERE, dataset="velo")] == ["deux", "un"]
    assert [one.slug for one in sensing.datastreams(HERE, thing="gare")] == ["deux"]
    assert [one.slug for one in sensing.datastreams(HERE, source="compteurs", dataset="velo")] == ["un"]
    assert sensing.datastreams("autre") == []


def test_the_log_gets_number_nature_zone_and_thing_of_each_datastream() -> None:
    here = sensing.put(HERE, "pont", thing(), AT)
    one = sensing.put(HERE, "pont-velos", series(nature=Nature.AMOUNT), AT)
    far = sensing.put("iles", "niveau", series(thing="inconnu"), AT)
    found = sensing.series(zones={"iles": "Pacific/Marquesas"})
    assert [(row.number, row.territory, row.nature, row.zone, row.thing) for row in found] == [
        (one.id, HERE, Nature.AMOUNT, "Europe/Paris", here.id),
        (far.id, "iles", Nature.GAUGE, "Pacific/Marquesas", 0),
    ]
    assert [row.number for row in sensing.series("iles", zones={})] == [far.id]
    found_again = sensing.by_number(one.id)
    assert found_again is not None
    assert (found_again.slug, sensing.by_number(999)) == ("pont-velos", None)


def test_removing_what_is_not_there_or_of_no_kind_says_so() -> None:
    with pytest.raises(Missing):
        sensing.remove(HERE, "thing", "pont")
    with pytest.raises(Missing):
        sensing.find(HERE, "purpose", "pont")


def test_a_slug_that_is_none_is_refused_and_nothing_of_the_batch_is_kept() -> None:
    with pytest.raises(ValueError, match="slug"):
        sensing.put_all(HERE, [("pont", thing()), ("Le Pont", thing())], AT)
    assert sensing.all(HERE, "thing") == []


def test_an_entity_of_a_former_shape_is_read_in_the_present_one() -> None:
    class Pole(Thing, frozen=True, kw_only=True):
        schema = 3
        upcasts = {
            1: lambda plain: {**plain, "place": plain["street"]},
            2: lambda plain: {name: value for name, value in plain.items() if name != "street"},
        }

    assert read(Pole, 1, b'{"title":{"fr":"Pont"},"street":"quai"}') == Pole(title=Text(fr="Pont"), place="quai")


def test_thousands_are_placed_at_once_in_seconds(db: Path) -> None:
    many = [(f"s{n}", series(source="compteurs", key=str(n))) for n in range(3000)]
    began = time.perf_counter()
    sensing.put_all(HERE, many, AT)
    sensing.put_all(HERE, [(slug, msgspec.structs.replace(one, minimum=0.0)) for slug, one in many], LATER)
    assert time.perf_counter() - began < 10
    assert sensing.count(HERE)["datastream"] == 3000
