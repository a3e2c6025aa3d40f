"""Whoever alters the registers by SQL is found by `bocage verify`, against the heads that were published."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import httpx
import msgspec
import pytest
from tests.process import BESIDE, Serving, beside, bocage_, instance

Sql = sqlite3.Connection


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of an instance whose head was published, and kept elsewhere as `anchor.json`."""
    path = instance(tmp_path_factory.mktemp("published"))
    bocage_(path, "apply", beside(path.parent / BESIDE))
    with Serving(path) as serving:
        until = time.monotonic() + 20
        while not httpx.get(f"{serving.url}/heads").json()["heads"] and time.monotonic() < until:
            time.sleep(0.2)
        (path.parent / "anchor.json").write_bytes(httpx.get(f"{serving.url}/heads").content)
    assert "no head was signed" not in bocage_(path, "verify").stdout
    return path


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Path:
    """A copy of it to tamper with."""
    shutil.copytree(published.parent, tmp_path / "copy")
    return tmp_path / "copy" / "bocage.toml"


def _rows(database: Sql) -> list[tuple[int, int, bytes]]:
    return database.execute("SELECT id, sequence, sealed FROM registers_version ORDER BY sequence").fetchall()


def _altered(database: Sql) -> None:
    row = _rows(database)[4]
    database.execute("UPDATE registers_version SET sealed = ? WHERE id = ?", (row[2].replace(b'"', b"'", 1), row[0]))


def _territory_altered(database: Sql) -> None:
    """What every other part reads first."""
    row = _rows(database)[0]
    database.execute("UPDATE registers_version SET sealed = ? WHERE id = ?", (row[2].replace(b'"', b"'", 1), row[0]))


def _removed(database: Sql) -> None:
    gone = _rows(database)[4][0]
    database.execute("DELETE FROM registers_version WHERE id = ?", (gone,))


def _swapped(database: Sql) -> None:
    first, second = _rows(database)[4:6]
    for row, place in ((first[0], 1000), (second[0], first[1]), (first[0], second[1])):
        database.execute("UPDATE registers_version SET sequence = ? WHERE id = ?", (place, row))


def _recomputed(database: Sql) -> None:
    """Another wording from the third version on, every later hash made right again, and the head too."""
    previous = ""
    for row, sequence, sealed in _rows(database):
        said = msgspec.json.decode(sealed)
        assert msgspec.json.encode(said, order="sorted") == sealed
        said["previous"] = previous
        if sequence == 3:
            said["author"] = "somebody-else"
        text = msgspec.json.encode(said, order="sorted")
        before, previous = previous, sha256(text).hexdigest()
        database.execute(
            "UPDATE registers_version SET sealed = ?, digest = ?, previous = ?, author = ? WHERE id = ?",
            (text, previous, before, said["author"], row),
        )
    database.execute("UPDATE registers_chain SET digest = ?", (previous,))


@pytest.mark.parametrize(
    ("tamper", "place"),
    [
        (_altered, "v1 (#5)"),
        (_territory_altered, "v1 (#1)"),
        (_removed, "(#5)"),
        (_swapped, "(#5)"),
        (_recomputed, "(#17)"),
    ],
    ids=["altered", "territory", "removed", "swapped", "recomputed"],
)
def test_tampering_by_sql_is_found_and_its_place_named(
    settings: Path, tamper: Callable[[Sql], None], place: str
) -> None:
    with closing(sqlite3.connect(settings.parent / "data" / "relational.sqlite")) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        tamper(database)
        database.commit()
    if tamper is _territory_altered:
        assert f"{BESIDE} territory/marais v1 (#1)" in bocage_(settings, "commitments", code=2).stderr
    said = bocage_(settings, "verify", code=1).stdout
    assert any(line.startswith(f"! {BESIDE}") and place in line for line in said.splitlines()), said
    anchored = bocage_(settings, "verify", "--anchor", settings.parent / "anchor.json", code=1).stdout
    assert place in anchored


def test_heads_taken_away_from_the_machine_are_missed_by_who_keeps_them_elsewhere(settings: Path) -> None:
    with closing(sqlite3.connect(settings.parent / "data" / "relational.sqlite")) as database:
        _recomputed(database)
        database.commit()
    shutil.rmtree(settings.parent / "data" / "heads")
    (settings.parent / "data" / "keys" / "heads.pem").unlink()
    bocage_(settings, "verify")
    said = bocage_(settings, "verify", "--anchor", settings.parent / "anchor.json", code=1, lang="fr").stdout
    assert "recalculé" in said


def test_a_forged_head_is_no_anchor(settings: Path) -> None:
    heads = settings.parent / "data" / "heads" / f"{BESIDE}.jsonl"
    heads.write_text(heads.read_text().replace('"sequence":17', '"sequence":16'))
    assert f"{BESIDE}.jsonl" in bocage_(settings, "verify", code=2).stderr
