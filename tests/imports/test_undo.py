"""What an import wrote can be taken back, whole: nothing of it is left, and nothing else is touched."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage import registers, sensing
from bocage.domain.declaration import Key
from bocage.domain.errors import Conflict, Unavailable
from bocage.domain.organisation import Organisation
from bocage.domain.sensing import Thing
from bocage.domain.text import Text
from bocage.imports import record
from bocage.imports.record import State

from .place import HERE, Place, same

THINGS = (
    "thing;lon;lat;datastream;property;unit;source;key\n"
    "Pont;-1,5;47,2;Niveau du pont;Niveau;m;capteurs;pont\n"
    "École Jules-Verne;-1,6;47,3;;;;;\n"
)


def things(text: str = THINGS) -> tuple[tuple[str, bytes], ...]:
    return (("parc.csv", text.encode()),)


def test_an_import_taken_back_leaves_what_an_export_shows_as_it_was(place: Place) -> None:
    before = place.exported("before")
    one = place.done(*place.looked("things", things()))
    assert sensing.find(HERE, "thing", "pont") is not None
    assert not same(before, place.exported("between"))
    undone = place.undone(one)
    assert undone.state is State.UNDONE
    assert same(before, place.exported("after"))


def test_a_preview_writes_nothing(place: Place) -> None:
    before = place.exported("before")
    _one, plan = place.looked("things", things())
    assert [proposal.slug for proposal in plan.proposals if proposal.kind == "thing"] == ["pont", "ecole"]
    assert same(before, place.exported("after"))
    assert place.store.position() == 0


def test_what_somebody_changed_since_is_left_with_what_it_needs(place: Place) -> None:
    one = place.done(*place.looked("things", things()))
    placed = sensing.find(HERE, "datastream", "niveau-du-pont")
    assert placed is not None
    place.place(("niveau-du-pont", msgspec.structs.replace(placed.entity, title=Text(fr="Hauteur d'eau"))))
    undone = place.undone(one)
    left = {(it.written.kind, it.written.slug, it.reason) for it in undone.told.left}
    assert left == {
        ("datastream", "niveau-du-pont", "changed"),
        ("thing", "pont", "named"),
        ("observed-property", "niveau", "named"),
    }
    school = sensing.find(HERE, "thing", "ecole")
    assert isinstance(school.entity if school else None, Thing)
    assert school is not None
    assert school.entity.location == (-1.55, 47.2)  # type: ignore[attr-defined]


def test_what_was_withdrawn_since_stays_withdrawn(place: Place) -> None:
    one = place.done(*place.looked("things", things("thing\nPont\n")))
    from bocage import evidence
    from bocage.accounts import OPERATOR

    evidence.change(HERE, OPERATOR, [evidence.RemoveEntity(kind="thing", slug="pont")], place.now)
    assert place.imports.prospect(one, place.now).empty
    assert place.undone(one).told.left == ()
    assert sensing.find(HERE, "thing", "pont") is None


def test_the_same_import_cannot_be_done_or_taken_back_twice(place: Place) -> None:
    one, plan = place.looked("things", things())
    done = place.done(one, plan)
    assert not place.imports.given(done, None)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        record.move(one, State.DOING)
    place.undone(done)
    with pytest.raises(Unavailable):
        place.undone(record.find(HERE, done.number))


def test_nothing_is_done_when_the_registers_moved_since_the_preview(place: Place) -> None:
    one, plan = place.looked("things", things())
    place.place(("pont", Thing(title=Text(fr="Pont"))))
    _again, now = place.again(one, {})
    assert now.digest != plan.digest
    with pytest.raises(Conflict):
        place.done(one, now, seen=plan.digest)
    assert record.find(HERE, one.number).state is State.PREVIEWED


def test_an_import_of_another_territory_does_not_exist_here(place: Place) -> None:
    from bocage.domain.errors import Missing

    one, _plan = place.looked("things", things())
    with pytest.raises(Missing):
        record.find("ailleurs", one.number)
    assert record.listed("ailleurs") == []


NAMES = st.sampled_from(["Pont", "Gué", "École Jules-Verne", "Mât 12", "Puits"])
ROWS = st.lists(
    st.tuples(NAMES, st.sampled_from(["", "-1,5", "2"]), st.sampled_from(["", "Niveau", "Débit"])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, second=ROWS)
def test_imports_taken_back_in_turn_leave_nothing(place: Any, first: Any, second: Any) -> None:
    def sheet(rows: Any) -> str:
        lines = [f"{name};{lon};{lon and '47'};{what}" for name, lon, what in rows]
        return "thing;lon;lat;property\n" + "\n".join(lines)

    before = place.exported(f"before-{place.now.timestamp()}")
    done = [place.done(*place.looked("things", things(sheet(rows)))) for rows in (first, second)]
    for one in reversed(done):
        if not place.imports.prospect(one, place.now).empty:
            place.undone(one)
    assert same(before, place.exported(f"after-{place.now.timestamp()}"))


def test_history_tells_the_import_and_its_undo(place: Place) -> None:
    text = b'{"marches": [{"id": "2026-01", "acheteur": {"id": "21350238800019"}, "objet": "Entretien"}]}'
    one = place.done(*place.looked("contracts", (("decp.json", text),), {"buyer": "*"}))
    assert {it.kind for it in one.told.written} == {"contract", "organisation"}
    place.undone(one)
    versions = registers.history(Key(territory=HERE, kind="contract", slug="2026-01"))
    assert [(it.version, it.withdrawn) for it in versions] == [(2, True), (1, False)]
    assert registers.verify(HERE) == []


def test_an_organisation_that_others_name_by_now_stays(place: Place) -> None:
    text = b'{"marches": [{"id": "1", "acheteur": {"id": "21350238800019", "nom": "Rennes"}, "objet": "x"}]}'
    one = place.done(*place.looked("contracts", (("decp.json", text),), {"buyer": "*"}))
    entry = registers.find(Key(territory=HERE, kind="public-service", slug="ecoles"))
    assert entry is not None
    place.put("public-service", "ecoles", msgspec.structs.replace(entry.body, operator="rennes"), 1)
    undone = place.undone(one)
    assert [(it.written.slug, it.reason, it.by) for it in undone.told.left] == [
        ("rennes", "named", "public-service/ecoles")
    ]
    held = registers.find(Key(territory=HERE, kind=Organisation.kind, slug="rennes"))
    assert held is not None
