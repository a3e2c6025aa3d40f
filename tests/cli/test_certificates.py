"""A certificate is checked from outside, against a real instance: in order, withdrawn, with registers tampered with."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from tests.process import BESIDE, Serving, beside, bocage_, instance

from bocage.publish.certificate import receipt
from bocage.registers.heads import make_key

Sql = sqlite3.Connection


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The settings of an instance that serves, with its first certificate in `one.json`; and its address."""
    path = instance(tmp_path_factory.mktemp("certified"), public_url="http://127.0.0.1")
    settings = path.read_text()
    path.write_text(settings.replace("http://127.0.0.1", f"http://127.0.0.1:{_port(settings)}"))
    bocage_(path, "apply", beside(path.parent / BESIDE))
    with Serving(path) as serving:
        (path.parent / "one.json").write_text(bocage_(path, "certificate", "issue").stdout)
        yield path, serving.url


def _port(settings: str) -> str:
    return next(line.split("=")[1].strip() for line in settings.splitlines() if line.startswith("port"))


def _checked(path: Path, *more: str | Path, code: int, file: str = "one.json") -> str:
    """What `verify` says of the certificate; no settings are needed for it."""
    return bocage_(Path("/nowhere/bocage.toml"), "certificate", "verify", path.parent / file, *more, code=code).stdout


@contextmanager
def _tampered(path: Path, tamper: Callable[[Sql], None]) -> Iterator[None]:
    """The registers written to behind the instance, and as they were afterwards."""
    tables = ("registers_version", "registers_chain", "registers_current")
    with closing(sqlite3.connect(path.parent / "data" / "relational.sqlite", timeout=20)) as database:
        before = {table: database.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
        tamper(database)
        database.commit()
        try:
            yield
        finally:
            database.execute("PRAGMA foreign_keys = OFF")
            for table, rows in before.items():
                database.execute(f"DELETE FROM {table}")
                marks = ", ".join("?" * len(rows[0]))
                database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            database.commit()


def _retold(sealed: bytes) -> bytes:
    return sealed.replace(b"2026", b"2025") if b"2026" in sealed else sealed.replace(b'"fr":"', b'"fr":"X', 1)


def _one_row(database: Sql) -> None:
    row, sealed = database.execute("SELECT id, sealed FROM registers_version WHERE kind = 'purpose' LIMIT 1").fetchone()
    database.execute("UPDATE registers_version SET sealed = ? WHERE id = ?", (_retold(sealed), row))


def _whole_chain(database: Sql) -> None:
    """A purpose says something else, and every later hash, the columns and the head are made right again."""
    previous = ""
    rows = database.execute("SELECT id, kind, sealed FROM registers_version ORDER BY sequence").fetchall()
    for row, kind, sealed in rows:
        said = msgspec.json.decode(sealed)
        said["previous"] = before = previous
        if kind == "purpose":
            said["body"]["title"]["fr"] += " (autrement)"
        text = msgspec.json.encode(said, order="sorted")
        previous = sha256(text).hexdigest()
        database.execute(
            "UPDATE registers_version SET sealed = ?, digest = ?, previous = ? WHERE id = ?",
            (text, previous, before, row),
        )
    database.execute("UPDATE registers_chain SET digest = ?", (previous,))
    database.execute("UPDATE registers_current SET title_fr = title_fr || ' (autrement)' WHERE kind = 'purpose'")
    columns = "UPDATE registers_current SET columns = json_set(columns, '$.title.fr', title_fr) WHERE kind = 'purpose'"
    database.execute(columns)


def test_nothing_tampered_everything_holds(place: tuple[Path, str]) -> None:
    path, url = place
    said = _checked(path, url, code=0)
    assert "+ Its signature is right." in said
    assert "+ The key that signed it is published" in said
    assert "+ Register “Purposes” reads as it did" in said
    assert "! " not in said
    assert (path.parent / "data" / "keys" / "certificates.pem").stat().st_mode & 0o777 == 0o600


def test_without_an_address_the_signature_is_checked_and_the_rest_is_told_as_unchecked(place: tuple[Path, str]) -> None:
    path, url = place
    said = _checked(path, code=0)
    assert "? The registers were not read again" in said
    assert "? Nothing says whose key this is" in said
    (path.parent / "keys.json").write_bytes(httpx.get(f"{url}/.well-known/bocage-certificates.json").content)
    assert "+ The key that signed it is published" in _checked(path, "--key", path.parent / "keys.json", code=0)


@pytest.mark.parametrize("tamper", [_one_row, _whole_chain], ids=["a row alone", "the whole chain recomputed"])
def test_registers_tampered_with_are_found_by_the_certificate_and_by_verify(
    place: tuple[Path, str], tamper: Callable[[Sql], None]
) -> None:
    path, url = place
    with _tampered(path, tamper):
        said = _checked(path, url, code=1)
        assert "! Register “Purposes” does not read as it did" in said
        broken = "! The chain is broken" if tamper is _one_row else "! The chain has another version at place"
        assert broken in said
        bocage_(path, "verify", "--anchor", path.parent / "one.json", code=1)
    _checked(path, url, code=0)


def test_a_chain_recomputed_is_found_against_the_receipt_of_a_witness(place: tuple[Path, str]) -> None:
    path, url = place
    head = httpx.get(f"{url}/heads/{BESIDE}").json()["heads"][-1]
    made = receipt.give(head, "https://temoin.example/ville", make_key(path.parent / "witness.pem"), datetime.now(UTC))
    kept = path.parent / "receipt.json"
    kept.write_bytes(msgspec.json.encode(made))
    assert "is the one that" in _checked(path, url, "--witness", kept, code=0)
    bocage_(path, "verify", "--anchor", kept)
    of_another = path.parent / "other.json"
    made = receipt.give(
        {**head, "territory": "ailleurs"}, made.by, make_key(path.parent / "witness.pem"), made.received
    )
    of_another.write_bytes(msgspec.json.encode(made))
    bocage_(path, "verify", "--anchor", of_another, code=3)  # nothing here would be held to it
    with _tampered(path, _whole_chain):
        assert "! The chain at place" in _checked(path, url, "--witness", f"{url}/heads/{BESIDE}", code=1)
        assert "recomputed" in bocage_(path, "verify", "--anchor", kept, code=1).stdout


def test_another_key_signs_from_now_on_and_the_old_certificate_stays_good_until_it_is_withdrawn(
    place: tuple[Path, str],
) -> None:
    path, url = place
    old = (path.parent / "data" / "keys" / "certificates.pem").read_bytes()
    known = path.parent / "known.json"
    known.write_bytes(httpx.get(f"{url}/.well-known/bocage-certificates.json").content)
    bocage_(path, "certificate", "turn-key")
    (path.parent / "two.json").write_text(bocage_(path, "certificate", "issue", "--until", _today()).stdout)
    assert (path.parent / "data" / "keys" / "certificates.pem").read_bytes() != old
    _checked(path, url, code=0)
    _checked(path, url, "--key", known, code=0, file="two.json")  # the new key is signed by the one that was known
    assert "! The key that signed it is not one" in _checked(path, "--key", known, code=1, file="two.json")
    bocage_(path, "certificate", "withdraw", "2", "--reason", "Erreur de saisie")
    assert "! It was withdrawn on" in _checked(path, url, code=1, file="two.json")
    assert len(bocage_(path, "certificate", "show").stdout.splitlines()) == 2
    opened = bocage_(path, "certificate", "show", "1", "--opened").stdout
    assert isinstance(msgspec.json.decode(opened), dict)


def _today() -> str:
    return f"{datetime.now(ZoneInfo('Europe/Paris')):%Y-%m-%d}"


def test_a_certificate_altered_by_one_figure_is_signed_by_nobody(place: tuple[Path, str]) -> None:
    path, url = place
    said = (path.parent / "one.json").read_text().replace('"population":', '"population":1')
    (path.parent / "forged.json").write_text(said)
    assert "! Its signature is wrong" in _checked(path, url, code=1, file="forged.json")


def test_whoever_checks_from_outside_needs_no_instance_not_even_in_the_same_process(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text("{}")
    command = [sys.executable, "-m", "bocage", "certificate", "verify", "one.json"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in said.stderr
    assert said.returncode == 2
