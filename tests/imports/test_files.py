"""Files that were handed over: archives opened within limits, files that wait closed to others and not for long."""

import io
import stat
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bocage.accounts import OPERATOR
from bocage.domain.errors import Invalid, Missing
from bocage.imports import bundle, record
from bocage.imports.record import State
from bocage.imports.waiting import Waiting

from .place import AT, HERE, Place

THINGS = (("parc.csv", b"thing\nPont\n"),)


def packed(*files: tuple[str, bytes], level: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", level) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return held.getvalue()


def test_names_inside_an_archive_lead_nowhere(place: Place) -> None:
    names = ("../../etc/passwd", "/var/x.csv", "mars\\..\\y.csv", "z/\u202ecsv")
    evil = packed(*((name, b"x") for name in names))
    assert [name for name, _content in bundle.opened([("a.zip", evil)])] == ["passwd", "x.csv", "y.csv", "csv"]
    one = place.imports.begin(HERE, "measurements", [("../a.zip", evil)], (OPERATOR, AT))
    written = {path.relative_to(place.folder) for path in place.folder.rglob("*") if path.is_file()}
    assert {path for path in written if path.parts[0] == "imports"} == {
        Path("imports") / HERE / str(one.number) / str(order) for order in range(4)
    }


def test_an_archive_that_unpacks_to_more_than_it_may_is_refused_before_it_does() -> None:
    bomb = packed(("zeros.csv", bytes(40 * 1024 * 1024)))
    assert len(bomb) < 100_000
    with pytest.raises(Invalid, match="32 MB"):
        bundle.opened([("bomb.zip", bomb)])


def test_what_an_archive_says_of_its_sizes_is_not_believed() -> None:
    honest = packed(("zeros.csv", bytes(40 * 1024 * 1024)))
    size = (40 * 1024 * 1024).to_bytes(4, "little")
    with pytest.raises(Invalid):
        bundle.opened([("lie.zip", honest.replace(size, (10).to_bytes(4, "little")))])


def test_many_files_each_small_are_too_many_or_too_large_together() -> None:
    with pytest.raises(Invalid, match="200"):
        bundle.opened([("a.zip", packed(*((f"{n}.csv", b"x") for n in range(201))))])
    with pytest.raises(Invalid, match="200"):
        bundle.opened([(f"{n}.csv", b"x") for n in range(201)])
    with pytest.raises(Invalid, match="32 MB"):
        bundle.opened([("a.csv", bytes(20 * 1024 * 1024)), ("b.csv", bytes(13 * 1024 * 1024))])


def test_an_archive_inside_an_archive_a_password_or_rubbish_is_refused() -> None:
    with pytest.raises(Invalid):
        bundle.opened([("a.zip", packed(("b.zip", packed(("c.csv", b"x")))))])
    with pytest.raises(Invalid):
        bundle.opened([("a.zip", b"PK\x03\x04 no")])
    secret = bytearray(packed(("a.csv", b"x"), level=zipfile.ZIP_STORED))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        secret[secret.index(sign) + at] |= 1
    with pytest.raises(Invalid, match="password"):
        bundle.opened([("a.zip", bytes(secret))])


def test_an_archive_of_nothing_is_refused() -> None:
    with pytest.raises(Invalid):
        bundle.opened([("a.zip", packed(("__MACOSX/a.csv", b"x"), (".hidden", b"y")))])


def test_files_that_wait_are_closed_to_others(place: Place) -> None:
    one, _plan = place.looked("things", THINGS)
    folder = place.folder / "imports" / HERE / str(one.number)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder.parent.parent, folder, folder / "0")}
    assert list(modes.values()) == [0o700, 0o700, 0o600]


def test_files_nobody_agreed_to_are_removed_after_a_day_with_their_record(place: Place) -> None:
    one, _plan = place.looked("things", THINGS)
    assert place.imports.tidy(one.at + timedelta(hours=23)) == ()
    assert record.find(HERE, one.number).state is State.PREVIEWED
    place.imports.tidy(one.at + timedelta(hours=25))
    with pytest.raises(Missing):
        record.find(HERE, one.number)
    assert not (place.folder / "imports" / HERE / str(one.number)).exists()


def test_files_of_an_unfinished_import_are_removed_after_three_days_and_its_record_stays(place: Place) -> None:
    wrong = (("parc.csv", b"thing;lon;lat\nPont;;\nMur;loin;2\n"),)
    one = place.done(*place.looked("things", wrong))
    waiting = place.folder / "imports" / HERE / str(one.number)
    assert waiting.exists()
    soon = waiting.stat().st_mtime
    assert place.imports.tidy(datetime.fromtimestamp(soon, UTC) + timedelta(days=2)) == ()
    assert len(place.imports.tidy(datetime.fromtimestamp(soon, UTC) + timedelta(days=4))) == 1
    assert not waiting.exists()
    assert record.find(HERE, one.number).state is State.DONE


def test_files_without_a_record_are_removed_too(place: Place) -> None:
    folder = place.folder / "imports" / HERE / "999"
    folder.mkdir(parents=True)
    (folder / "0").write_bytes(b"x")
    place.imports.tidy(datetime.fromtimestamp(folder.stat().st_mtime, UTC) + timedelta(days=4))
    assert not folder.exists()


def test_nothing_of_the_files_stays_once_everything_was_brought_in(place: Place) -> None:
    one = place.done(*place.looked("things", THINGS))
    assert not (place.folder / "imports" / HERE / str(one.number)).exists()
    assert one.told.files[0].name == "parc.csv"
    assert len(one.told.files[0].digest) == 64


def test_the_record_holds_no_content_of_the_files(place: Place) -> None:
    one, _plan = place.looked("things", (("parc.csv", b"thing;lon\nMot secret;loin\n"),))
    assert b"secret" not in msgspec.json.encode(record.find(HERE, one.number))


def test_files_are_given_back_as_they_came(tmp_path: Path, place: Place) -> None:
    one, _plan = place.looked("things", THINGS)
    assert Waiting(place.folder / "imports").files(one) == THINGS
    assert Waiting(tmp_path / "elsewhere").files(one) == ()


def test_a_form_nobody_knows_is_refused(place: Place) -> None:
    with pytest.raises(Missing):
        place.imports.begin(HERE, "budget", THINGS, (OPERATOR, AT))
