"""A full disk: whoever waits is told, nothing is half kept, reads go on, and all is well when space returns."""

import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from bocage.domain.errors import Unavailable
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.observation import Outcome
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.embedded.open_months import OpenMonths
from bocage.store.protocol import Erasure

from .batches import DAY, HOUR, T0, batch


def noise(series: int, first: int, count: int = 20_000) -> object:
    rng = np.random.default_rng(first)
    return batch([series] * count, T0 + (first + np.arange(count)) * HOUR, rng.normal(0, 1, count))


def program(folder: Path) -> None:
    """Run in a process of its own: no file may grow past a limit, which is what a full disk looks like."""
    store = EmbeddedStore(folder, every=60)
    store.append(noise(1, 0)).result(10)  # type: ignore[arg-type]
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
    kept, refused = 1, 0
    for n in range(1, 20):
        try:
            store.append(noise(1, n * 20_000)).result(10)  # type: ignore[arg-type]
            kept += 1
        except Unavailable:
            refused += 1
    assert refused, "the limit was never met"
    assert len(store.window(1, EARLIEST, LATEST)) == kept * 20_000
    for attempt in (
        store.drain,
        lambda: store.seal(LATEST),
        lambda: store.erase(Erasure(datastreams=(1,), start=T0, end=T0 + HOUR)),
    ):
        try:
            attempt()
        except Unavailable:
            refused += 1
    assert store.latest([1]).number[0] == store.window(1, EARLIEST, LATEST, limit=1, newest_first=True).number[0]
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.drain()
    held = store.extent()[0].count
    outcome = store.append(noise(2, 0)).result(10).outcome  # type: ignore[arg-type]
    assert set(outcome) == {Outcome.STORED}
    store.close()
    again = EmbeddedStore(folder)
    assert [one.count for one in again.extent()] == [held, 20_000]
    assert len(again.window(1, EARLIEST, LATEST)) == held
    again.close()
    print("well")


def test_a_full_disk_is_said_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "tests.store.test_full_disk", str(tmp_path / "log")],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout == "well\n"


def test_columns_that_fail_leave_what_was_acknowledged_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = EmbeddedStore(tmp_path / "log", every=60)
    store.append(batch([1], [T0], [1])).result(5)

    def full(*_: object) -> None:
        raise Unavailable("room to write columns", found="no space left")

    monkeypatch.setattr(OpenMonths, "insert", full)
    with pytest.raises(Unavailable):
        store.drain()
    assert len(store.window(1, T0, T0 + DAY)) == 1
    with pytest.raises(Unavailable):
        store.close()
    monkeypatch.undo()
    again = EmbeddedStore(tmp_path / "log")
    assert len(again.window(1, T0, T0 + DAY)) == 1
    again.close()


def test_a_database_that_declares_itself_invalid_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = EmbeddedStore(tmp_path / "log", every=60)
    store.append(batch([1], [T0], [1])).result(5)
    broken = [True]
    real = OpenMonths.cursor

    def cursor(self: OpenMonths) -> duckdb.DuckDBPyConnection:
        if broken[0]:
            raise duckdb.FatalException("database has been invalidated")
        return real(self)

    monkeypatch.setattr(OpenMonths, "cursor", cursor)
    with pytest.raises(Unavailable):
        store.drain()
    broken[0] = False
    store.drain()
    assert len(store.window(1, T0, T0 + DAY)) == 1
    store.close()


if __name__ == "__main__":
    program(Path(sys.argv[1]))
