"""What is declared holds, keeps its history and its references, and is refused when somebody was faster."""

from datetime import timedelta, timezone

import msgspec
import pytest

from bocage import registers
from bocage.domain.declaration import Key, fields
from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.domain.kinds import KINDS
from bocage.domain.text import Text
from bocage.registers import ANY, Put, Withdraw

from . import given

pytestmark = pytest.mark.usefixtures("db")


def test_what_is_declared_is_found_with_its_author_and_time() -> None:
    entry = given.put(given.PURPOSE, expected=None)
    assert entry.version == 1
    assert registers.find(entry.key) == entry
    assert (entry.author, entry.at, entry.body) == ("a-17", given.AT, given.PURPOSE)


def test_a_time_of_another_zone_is_kept_as_the_same_instant() -> None:
    key = given.key(given.PURPOSE)
    at = given.AT.astimezone(timezone(timedelta(hours=11)))
    registers.record([Put(key=key, body=given.PURPOSE)], "a-17", at, given.TOWN)
    entry = registers.find(key)
    assert entry is not None
    assert entry.at == given.AT
    assert entry.at.utcoffset() == timedelta(0)


def test_a_list_is_by_slug_and_of_one_territory_only() -> None:
    for slug in ("velos", "air", "eau"):
        given.put(given.PURPOSE, slug)
    given.put(given.PURPOSE, "ailleurs", territory="autre-bourg")
    assert [entry.key.slug for entry in registers.current(given.TOWN, "purpose")] == ["air", "eau", "velos"]
    assert registers.count(given.TOWN)["purpose"] == 3
    assert registers.count("autre-bourg") == {**dict.fromkeys(KINDS, 0), "purpose": 1}


def test_a_territory_is_known_once_it_declared_itself() -> None:
    given.put(given.PURPOSE)
    assert registers.territories() == []
    given.put(given.TERRITORY, given.TOWN)
    assert registers.territories() == [given.TOWN]


def test_history_is_newest_first_and_a_former_body_can_be_put_back() -> None:
    first = given.put(given.PURPOSE)
    changed = msgspec.structs.replace(given.PURPOSE, retention_months=12)
    given.put(changed)
    given.put(registers.version(first.key, 1).body)  # type: ignore[arg-type]
    assert [entry.version for entry in registers.history(first.key)] == [3, 2, 1]
    assert [entry.body for entry in registers.history(first.key)] == [given.PURPOSE, changed, given.PURPOSE]


def test_declaring_the_same_again_adds_no_version() -> None:
    first = given.put(given.ROLE)
    revision = registers.revision(given.TOWN)
    assert given.put(given.ROLE) == first
    assert registers.revision(given.TOWN) == revision


def test_what_is_withdrawn_no_longer_holds_but_its_history_stays() -> None:
    entry = given.put(given.ROLE)
    (gone,) = registers.record([Withdraw(key=entry.key, expected=1)], "a-18", given.later(1), given.TOWN)
    assert gone.withdrawn
    assert registers.find(entry.key) is None
    assert registers.current(given.TOWN, "role") == []
    assert [(e.version, e.withdrawn) for e in registers.history(entry.key)] == [(2, True), (1, False)]
    assert given.put(given.ROLE, expected=None).version == 3


def test_what_does_not_hold_cannot_be_withdrawn() -> None:
    with pytest.raises(Missing):
        registers.record([Withdraw(key=given.key(given.ROLE))], "a-18", given.AT, given.TOWN)


@pytest.mark.parametrize("expected", [None, 1, 3])
def test_somebody_who_saw_another_version_is_told_so_and_nothing_changes(expected: int | None) -> None:
    given.put(given.PURPOSE)
    given.put(msgspec.structs.replace(given.PURPOSE, retention_months=12))
    with pytest.raises(Conflict) as told:
        given.put(msgspec.structs.replace(given.PURPOSE, retention_months=6), expected=expected)
    assert told.value.values["present"] == 2
    assert registers.history(given.key(given.PURPOSE))[0].version == 2


def test_one_wrong_change_keeps_all_others_out() -> None:
    given.put(given.PURPOSE)
    changes = [
        Put(key=given.key(given.SOURCE), body=given.SOURCE),
        Put(key=given.key(given.PURPOSE), body=given.PURPOSE),
    ]
    with pytest.raises(Conflict):
        registers.record(changes, "a-17", given.AT, given.TOWN)
    assert registers.find(given.key(given.SOURCE)) is None


def test_two_changes_of_one_declaration_in_one_go_give_two_versions() -> None:
    key = given.key(given.PURPOSE)
    other = msgspec.structs.replace(given.PURPOSE, retention_months=6)
    changes = [Put(key=key, body=given.PURPOSE), Put(key=key, body=other, expected=1)]
    assert [e.version for e in registers.record(changes, "a-17", given.AT, given.TOWN)] == [1, 2]
    assert registers.find(key) == registers.version(key, 2)


def test_a_body_belongs_to_the_kind_and_territory_of_its_key() -> None:
    for key in (given.key(given.SOURCE), Key(territory=given.TOWN, kind="unknown", slug="a")):
        with pytest.raises(Invalid):
            registers.record([Put(key=key, body=given.PURPOSE)], "a-17", given.AT, given.TOWN)
    with pytest.raises(Invalid):
        registers.record([Put(key=given.key(given.PURPOSE), body=given.PURPOSE)], "a-17", given.AT, "autre-bourg")


def test_who_points_to_whom_follows_what_holds() -> None:
    given.put(given.OWNER)
    given.put(given.PURPOSE)
    given.put(given.SOURCE)
    owner = given.key(given.OWNER)
    assert registers.referring(owner) == [given.key(given.PURPOSE), given.key(given.SOURCE)]
    given.put(msgspec.structs.replace(given.SOURCE, operator=""))
    assert registers.referring(owner) == [given.key(given.PURPOSE)]


def test_the_revision_grows_with_every_change_and_only_with_one() -> None:
    seen = [registers.revision(given.TOWN)]
    for change in (given.PURPOSE, given.SOURCE, msgspec.structs.replace(given.SOURCE, title=Text(fr="Autre"))):
        given.put(change)
        seen.append(registers.revision(given.TOWN))
    assert seen == sorted(set(seen))
    registers.rebuild()
    assert registers.revision(given.TOWN) > seen[-1]


def test_current_and_references_can_be_made_again_from_the_versions() -> None:
    for body in given.ALL:
        given.put(body)
    registers.record([Withdraw(key=given.key(given.SOURCE))], "a-17", given.AT, given.TOWN)
    before = registers.everything(given.TOWN), registers.referring(given.key(given.OWNER))
    from bocage.registers.tables import Current

    Current.objects.all().delete()
    assert registers.rebuild() == len(given.ALL) - 1
    assert (registers.everything(given.TOWN), registers.referring(given.key(given.OWNER))) == before


def test_a_list_of_many_costs_two_queries(django_queries: list[str]) -> None:
    for number in range(10):
        given.put(given.ROLE, f"role-{number}")
    django_queries.clear()
    assert len(registers.current(given.TOWN, "role")) == 10
    assert len(django_queries) == 2


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_a_personal_field_is_a_text_that_may_be_empty(kind: type) -> None:
    for note in fields(kind):
        if note.personal:
            assert note.type is str
            assert not note.required
            assert (
                msgspec.structs.fields(kind)[[f.name for f in msgspec.structs.fields(kind)].index(note.name)].default
                == ""
            )


def test_any_version_is_fine_when_the_writer_says_so() -> None:
    given.put(given.PURPOSE)
    assert given.put(msgspec.structs.replace(given.PURPOSE, retention_months=6), expected=ANY).version == 2
