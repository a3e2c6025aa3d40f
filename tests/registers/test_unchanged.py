"""What a reading of the chain found is remembered only while not one byte of what it read has changed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from bocage.registers import FaultCode, Verified, heads, unchanged

from . import given


def test_a_chain_that_was_read_is_not_read_again_until_a_row_of_it_changes(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for body in given.ALL[:4]:
        given.put(body)
    verified, read = Verified(), []
    verify = unchanged.verify
    monkeypatch.setattr(unchanged, "verify", lambda territory: read.append(territory) or verify(territory))
    assert verified.faults(given.TOWN) == verified.faults(given.TOWN) == ()
    assert len(read) == 1
    for said, code in (
        ("UPDATE registers_version SET author = 'x' WHERE sequence = 1", FaultCode.COLUMNS),
        ("UPDATE registers_chain SET digest = 'x'", FaultCode.HEAD),
        ("UPDATE registers_version SET sealed = x'00' WHERE sequence = 2", FaultCode.ALTERED),
    ):
        with connection.cursor() as cursor:
            cursor.execute(said)
        assert code in {fault.code for fault in verified.faults(given.TOWN)}


def test_what_is_shown_as_current_counts_as_well(db: Path) -> None:
    given.put(given.ALL[0])
    verified = Verified()
    assert verified.faults(given.TOWN) == ()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registers_current SET title_fr = 'x'")
    assert [fault.code for fault in verified.faults(given.TOWN)] == [FaultCode.CURRENT]


def test_two_that_make_a_key_at_once_end_with_the_same_one(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "some.pem"
    with ThreadPoolExecutor(8) as threads:
        made = {heads.public_text(key) for key in threads.map(lambda _one: heads.make_key(path), range(8))}
    assert len(made) == 1
    assert [one.name for one in path.parent.iterdir()] == ["some.pem"]
    assert path.stat().st_mode & 0o777 == 0o600
