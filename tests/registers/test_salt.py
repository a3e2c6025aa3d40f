"""Digests are public, what closed registers say is not: nothing can be tried on a digest."""

from pathlib import Path

import msgspec

from bocage.registers import Put, chain, record
from bocage.registers.tables import Version

from . import given


def _sealed(salt: bytes) -> bytes:
    """The bytes of the last version, recorded with this for all that is drawn."""
    put = Put(key=given.key(given.PURPOSE, salt.hex()), body=given.PURPOSE, expected=None)
    record([put], "operator", given.AT, given.TOWN, lambda size: salt * size)
    row = Version.objects.filter(territory=given.TOWN).latest("sequence")
    return bytes(row.sealed)


def test_whoever_knows_all_that_is_declared_still_does_not_know_its_digest(db: Path) -> None:
    first, second = _sealed(b"a"), _sealed(b"b")
    guessed = msgspec.structs.replace(chain.decode(second), salt=chain.decode(first).salt)
    assert chain.link(chain.encode(chain.decode(second))) == chain.link(second) != chain.link(chain.encode(guessed))


def test_a_version_of_before_has_no_salt_and_the_same_bytes(db: Path) -> None:
    before = chain.encode(msgspec.structs.replace(chain.decode(_sealed(b"a")), salt=""))
    assert b"salt" not in before
    assert chain.encode(chain.decode(before)) == before
