"""Erased stays erased: in every version, in the files of the database, and in a copy that is restored."""

from pathlib import Path

import msgspec
import pytest

from bocage import registers
from bocage.domain.errors import Invalid
from bocage.registers import carrying, erasures
from bocage.registers.tables import Chain, Version

from . import given

LATER = msgspec.structs.replace(given.ROLE, until=given.AT.date())


def test_what_an_erased_field_held_is_nowhere_in_the_files(db: Path, tmp_path: Path) -> None:
    key = given.put(given.ROLE).key
    given.put(LATER)
    needle = given.ROLE.holder.encode()
    assert any(needle in path.read_bytes() for path in db.iterdir() if path.is_file())
    revision = registers.revision(given.TOWN)
    assert registers.erase(tmp_path, key, "holder", given.AT) == 2
    assert not any(needle in path.read_bytes() for path in db.iterdir() if path.is_file())
    assert registers.revision(given.TOWN) > revision
    assert registers.verify(given.TOWN) == []
    for version in registers.history(key):
        assert version.erased == {"holder"}
        assert version.body.holder == ""  # type: ignore[attr-defined]


@pytest.mark.usefixtures("db")
def test_only_personal_fields_can_be_erased(tmp_path: Path) -> None:
    entry = given.put(given.ROLE)
    for field in ("title", "unknown"):
        with pytest.raises(Invalid):
            registers.erase(tmp_path, entry.key, field, given.AT)
    assert erasures.listed(tmp_path / erasures.NAME) == []


@pytest.mark.usefixtures("db")
def test_a_restored_copy_forgets_again_but_keeps_who_was_named_since(tmp_path: Path) -> None:
    key = given.put(given.ROLE).key
    copy = list(carrying.carried(given.TOWN))
    registers.erase(tmp_path, key, "holder", given.AT)
    given.put(msgspec.structs.replace(LATER, holder="dominique@bourg.example"))
    newer = list(carrying.carried(given.TOWN))
    for lines, holder in ((copy, ""), (newer, "dominique@bourg.example")):
        Version.objects.all().delete()
        Chain.objects.all().delete()
        carrying.restore(given.TOWN, lines)
        erasures.again(tmp_path / erasures.NAME)
        entry = registers.find(key)
        assert entry is not None
        assert entry.body.holder == holder  # type: ignore[attr-defined]
        assert registers.verify(given.TOWN) == []


@pytest.mark.usefixtures("db")
def test_a_line_a_crash_cut_short_is_dropped_and_written_over(tmp_path: Path) -> None:
    key = given.put(given.ROLE).key
    path = tmp_path / erasures.NAME
    path.write_bytes(b'{"key": {"terr')
    assert erasures.listed(path) == []
    assert erasures.again(path) == 0
    registers.erase(tmp_path, key, "holder", given.AT)
    (line,) = erasures.listed(path)
    assert (line.key, line.field, line.version) == (key, "holder", 1)


def test_there_is_nothing_to_forget_without_a_list(tmp_path: Path) -> None:
    assert erasures.again(tmp_path / erasures.NAME) == 0
