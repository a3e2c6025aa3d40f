"""What an earlier version left is whole after an upgrade: declarations to the byte, measurements, people, tokens."""

import json
import re
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import tomli_w
from tests.process import MAIN, Serving, bocage_, instance

HERE = Path(__file__).parent
STATES = sorted(HERE.glob("state-of-*.tar.xz"))
PASSWORD = "trois haies et un chemin creux"


def _sealed(database: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as held:
        return held.execute(
            "SELECT territory, sequence, digest, sealed FROM registers_version ORDER BY 1, 2"
        ).fetchall()


@pytest.fixture(params=STATES, ids=lambda path: path.name.removesuffix(".tar.xz"), scope="module")
def left(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings file of a copy of that state."""
    folder = tmp_path_factory.mktemp("state")
    with tarfile.open(request.param) as packed:
        packed.extractall(folder, filter="data")
    free = instance(folder / "free").read_text()
    (folder / "bocage.toml").write_text(free + tomli_w.dumps({"log_level": "warning"}))
    return folder / "bocage.toml"


@pytest.fixture(scope="module")
def upgraded(left: Path) -> Iterator[tuple[Path, Serving]]:
    """The same after `bocage upgrade`, serving; what the chains held before stands beside it."""
    data = left.parent / "data"
    before = _sealed(data / "relational.sqlite")
    refused = bocage_(left, "serve", "--seconds", "1", code=4).stderr
    assert "bocage upgrade" in refused
    assert "backup in" in bocage_(left, "upgrade").stdout
    assert _sealed(data / "relational.sqlite") == before
    with Serving(left) as serving:
        yield left, serving


def test_every_version_is_as_it_was_and_verifies(upgraded: tuple[Path, Serving]) -> None:
    left, _serving = upgraded
    said = bocage_(left, "verify").stdout
    assert "Nothing was altered" in said
    for head in json.loads((left.parent / "expected" / "heads.json").read_text())["heads"]:
        assert head["digest"][:16] in said


def test_an_export_gives_what_it_gave(upgraded: tuple[Path, Serving], tmp_path: Path) -> None:
    left, _serving = upgraded
    bocage_(left, "export", tmp_path / "now", "--territory", MAIN)
    expected = left.parent / "expected" / "exported"
    now = {str(path.relative_to(tmp_path / "now")): path.read_text() for path in (tmp_path / "now").rglob("*.toml")}
    then = {str(path.relative_to(expected)): path.read_text() for path in expected.rglob("*.toml")}
    assert now == then


def test_every_measurement_is_taken_away_as_before(upgraded: tuple[Path, Serving]) -> None:
    left, serving = upgraded
    answer = httpx.get(f"{serving.url}/api/{MAIN}/datasets/air-des-ecoles.csv", timeout=30)
    expected = (left.parent / "expected" / "air-des-ecoles.csv").read_text()
    width = expected.splitlines()[0].count(",") + 1  # columns that are new come last
    now = [",".join(line.split(",")[:width]) for line in answer.text.splitlines()]
    assert now == expected.splitlines()


def test_the_token_still_writes_and_the_newest_value_follows(upgraded: tuple[Path, Serving]) -> None:
    left, serving = upgraded
    token = (left.parent / "expected" / "token").read_text()
    reading = {"datastream": "salle-1", "time": "2026-11-26T08:00:00Z", "result": 777}
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{serving.url}/api/{MAIN}/push", json=reading, headers=headers, timeout=30)
    assert answer.json()["accepted"] == 1, answer.text
    page = httpx.get(f"{serving.url}/{MAIN}/sensors/classe", timeout=30).text
    assert "777" in page


def test_the_password_still_opens_the_desk_with_what_was_refused(upgraded: tuple[Path, Serving]) -> None:
    _left, serving = upgraded
    with httpx.Client(base_url=serving.url, timeout=30, follow_redirects=True) as browser:
        form = browser.get("/sign-in").text
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert found
        sent = {"csrfmiddlewaretoken": found[1], "email": "secretaire@val.example", "password": PASSWORD}
        browser.post("/sign-in", data=sent)
        for page in ("", "things", "refusals", "registers", "connect", "accounts", "running"):
            assert browser.get(f"/{MAIN}/desk/{page}").status_code == 200, page
        assert "jamais-dite" in browser.get(f"/{MAIN}/desk/refusals").text
