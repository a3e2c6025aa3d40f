"""Whoever changes the chain by SQL is found, if not by the chain itself then by the last published head."""

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import given as whatever
from hypothesis import strategies as st

from bocage import registers
from bocage.domain.declaration import Declaration
from bocage.domain.errors import Invalid, Missing
from bocage.domain.kinds import KINDS
from bocage.registers import FaultCode, Withdraw, chain, erasures, heads, verify
from bocage.registers.tables import Version

from . import given
from .strategies import declarations

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def head(db: Path) -> heads.Head:
    """Seven versions of a territory and the head that was published then."""
    for body in given.ALL[:6]:
        given.put(body)
    given.put(msgspec.structs.replace(given.PURPOSE, retention_months=12))
    return heads.sign(given.TOWN, given.AT, KEY)


def _sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute(text, values)
        cursor.execute("PRAGMA foreign_keys=ON")


def _found(head: heads.Head) -> list[tuple[FaultCode, int]]:
    return [(fault.code, fault.sequence) for fault in verify(given.TOWN, head)]


def test_a_chain_nobody_touched_has_no_fault(head: heads.Head) -> None:
    assert verify(given.TOWN) == []
    assert verify(given.TOWN, head) == []
    given.put(msgspec.structs.replace(given.PURPOSE, retention_months=6))
    assert verify(given.TOWN, head) == []


def test_a_territory_without_declarations_has_no_fault(db: Path) -> None:
    assert verify("bourg-vide") == []


def test_an_altered_version_is_found_and_named(head: heads.Head) -> None:
    _sql("UPDATE registers_version SET sealed = replace(sealed, '24', '99') WHERE sequence = 4")
    _sql("UPDATE registers_version SET sealed = cast(sealed AS blob) WHERE sequence = 4")
    (fault,) = verify(given.TOWN, head)
    assert (fault.code, fault.sequence, fault.kind, fault.slug, fault.version) == (
        FaultCode.ALTERED, 4, "purpose", "un-purpose", 1,
    )  # fmt: skip


def test_an_altered_version_hashed_anew_no_longer_carries_the_next_one(head: heads.Head) -> None:
    _reseal(Version.objects.get(sequence=4), author="a-99")
    assert _found(head) == [(FaultCode.UNLINKED, 5)]


def test_a_column_that_says_something_else_than_the_bytes_is_found(head: heads.Head) -> None:
    _sql("UPDATE registers_version SET author = 'a-99' WHERE sequence = 2")
    assert _found(head) == [(FaultCode.COLUMNS, 2)]


def test_a_removed_version_leaves_its_place_empty(head: heads.Head) -> None:
    _sql("DELETE FROM registers_version WHERE sequence = 3")
    assert _found(head) == [(FaultCode.REMOVED, 3)]


def test_a_removed_version_whose_place_was_closed_up_is_found(head: heads.Head) -> None:
    _sql("DELETE FROM registers_version WHERE sequence = 3")
    for place in range(4, 8):
        _sql("UPDATE registers_version SET sequence = %s WHERE sequence = %s", place - 1, place)
    found = _found(head)
    assert (FaultCode.MOVED, 3) in found
    assert (FaultCode.SHORTER, 7) in found


def test_the_last_version_removed_is_found_by_the_head(head: heads.Head) -> None:
    _sql("DELETE FROM registers_version WHERE sequence = 7")
    assert (FaultCode.HEAD, 6) in _found(head)
    last = Version.objects.get(sequence=6)
    _sql("UPDATE registers_chain SET sequence = 6, digest = %s", last.digest)
    assert _found(head) == [(FaultCode.SHORTER, 7)]


def test_two_swapped_versions_are_found_at_both_places(head: heads.Head) -> None:
    for before, after in ((3, 99), (5, 3), (99, 5)):
        _sql("UPDATE registers_version SET sequence = %s WHERE sequence = %s", after, before)
    found = _found(head)
    assert (FaultCode.MOVED, 3) in found
    assert (FaultCode.MOVED, 5) in found


def test_two_versions_whose_contents_were_swapped_are_found_at_both_places(head: heads.Head) -> None:
    third, fifth = Version.objects.get(sequence=3), Version.objects.get(sequence=5)
    for row, other in ((third, fifth), (fifth, third)):
        Version.objects.filter(pk=row.pk).update(sealed=other.sealed, digest=other.digest)
    assert {(FaultCode.MOVED, 3), (FaultCode.MOVED, 5)} <= set(_found(head))


def test_a_whole_chain_computed_anew_is_found_by_the_published_head(head: heads.Head) -> None:
    previous = Version.objects.get(sequence=3).digest
    for row in Version.objects.filter(sequence__gte=4).order_by("sequence"):
        previous = _reseal(row, previous=previous, author="a-99")
    _sql("UPDATE registers_chain SET digest = %s", previous)
    assert verify(given.TOWN) == []
    assert _found(head) == [(FaultCode.REWRITTEN, 7)]


def _reseal(row: Version, **changed: object) -> str:
    sealed = msgspec.structs.replace(chain.decode(bytes(row.sealed)), **changed)
    text = chain.encode(sealed)
    columns = {name: value for name, value in changed.items() if name in ("author", "previous")}
    Version.objects.filter(pk=row.pk).update(sealed=text, digest=chain.link(text), **columns)
    return chain.link(text)


def test_a_personal_value_replaced_by_another_is_found(head: heads.Head) -> None:
    _sql("UPDATE registers_personal SET value = 'dominique@bourg.example' WHERE field = 'holder'")
    assert _found(head) == [(FaultCode.PERSONAL, 6)]


def test_a_personal_value_that_is_gone_is_found_unless_it_was_erased(head: heads.Head, tmp_path: Path) -> None:
    listed = tmp_path / erasures.NAME
    _sql("DELETE FROM registers_personal WHERE field = 'holder'")
    (fault,) = verify(given.TOWN, head, erasures.listed(listed))
    assert (fault.code, fault.sequence) == (FaultCode.FORGOTTEN, 6)
    erasures.taken_over(tmp_path, given.TOWN, given.AT)
    assert verify(given.TOWN, head, erasures.listed(listed)) == []


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE registers_current SET title_fr = 'Autre' WHERE kind = 'act'",
        "UPDATE registers_current SET columns = '{}' WHERE kind = 'act'",
        "DELETE FROM registers_current WHERE kind = 'act'",
        "UPDATE registers_current SET slug = 'autre' WHERE kind = 'act'",
        "UPDATE registers_current SET title_en = 'Another' WHERE kind = 'act'",
        "UPDATE registers_reference SET slug = 'autre'",
        "DELETE FROM registers_reference",
    ],
)
def test_what_is_shown_as_holding_is_held_to_the_chain(head: heads.Head, text: str) -> None:
    _sql(text)
    assert {code for code, _ in _found(head)} == {FaultCode.CURRENT}
    registers.rebuild()
    assert _found(head) == []


def test_a_former_version_shown_as_holding_is_found(head: heads.Head) -> None:
    former = Version.objects.get(sequence=4)
    _sql("UPDATE registers_current SET version_id = %s WHERE kind = 'purpose'", former.pk)
    assert _found(head) == [(FaultCode.CURRENT, 7)]


_deeds = st.lists(
    st.tuples(st.sampled_from(["put", "withdraw", "erase"]), st.sampled_from(["a", "b"]), st.integers(0, 2)),
    min_size=1,
    max_size=12,
)


@pytest.mark.usefixtures("db")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@whatever(declarations())
def test_whatever_is_declared_is_shown_as_it_was_declared(body: Declaration) -> None:
    if body.kind in KINDS:
        given.put(body)
        assert verify(given.TOWN) == []


@pytest.mark.usefixtures("db")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@whatever(_deeds)
def test_the_chain_verifies_after_any_sequence_of_deeds(tmp_path: Path, deeds: list[tuple[str, str, int]]) -> None:
    for deed, slug, number in deeds:
        key = given.key(given.ROLE, slug)
        if deed == "put":
            given.put(msgspec.structs.replace(given.ROLE, holder=f"p{number}@bourg.example"), slug)
        elif deed == "erase":
            registers.erase(tmp_path, key, "holder", given.AT)
        elif registers.find(key):
            registers.record([Withdraw(key=key)], "a-3", given.AT, given.TOWN)
        assert verify(given.TOWN) == []


def test_heads_are_added_to_a_file_outside_the_database_and_the_last_one_is_the_anchor(
    head: heads.Head, tmp_path: Path
) -> None:
    given.put(given.PURPOSE, territory="autre-bourg")
    assert [one.territory for one in heads.publish(tmp_path, given.AT, KEY)] == ["autre-bourg", given.TOWN]
    given.put(msgspec.structs.replace(given.PURPOSE, retention_months=6))
    second = heads.publish(tmp_path, given.later(1), KEY)[1]
    assert [one.sequence for one in heads.published(tmp_path, given.TOWN)] == [7, 8]
    assert heads.anchor(tmp_path, given.TOWN, KEY.public_key()) == second
    assert heads.anchor(tmp_path, "bourg-vide", KEY.public_key()) is None


def test_a_head_somebody_else_signed_or_changed_is_not_an_anchor(head: heads.Head, tmp_path: Path) -> None:
    assert head.signed_by(KEY.public_key())
    heads.append(tmp_path, msgspec.structs.replace(head, sequence=6))
    with pytest.raises(Invalid):
        heads.anchor(tmp_path, given.TOWN, KEY.public_key())
    (tmp_path / "torn.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(Invalid):
        heads.published(tmp_path, "torn")


def test_the_key_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "heads.pem"
    with pytest.raises(Missing):
        heads.read_key(path)
    key = heads.make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert heads.public_text(heads.make_key(path)) == heads.public_text(key)
    path.chmod(0o644)
    with pytest.raises(Invalid):
        heads.read_key(path)


def test_a_territory_without_declarations_has_no_head(db: Path) -> None:
    with pytest.raises(Missing):
        heads.sign("bourg-vide", given.AT, KEY)
