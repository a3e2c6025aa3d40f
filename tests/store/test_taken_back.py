"""Exactly what one batch left in the log is erased, and nothing beside it, in every home."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.observation import Columns, ObservationBatch, Receipt
from bocage.store import erasures, opened, runs
from bocage.store.embedded import covers
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.memory import MemoryStore
from bocage.store.protocol import Erasure, ErasureProof, Run, Store

from .batches import DAY, HOUR, T0, batch, results, same
from .conftest import settle

Log = tuple[Store, Callable[[], None]]
Kept = list[tuple[ObservationBatch, Receipt]]


def kept(store: Store, *sent: ObservationBatch) -> Kept:
    """What the log answered to some batches that arrive together."""
    waiting = [store.append(one) for one in sent]
    return [(one, future.result(5)) for one, future in zip(sent, waiting, strict=True)]


def taken_back(store: Store, given: Kept) -> ErasureProof:
    found = tuple(run for one, receipt in given for run in runs.kept_by(one, receipt))
    numbers = tuple(sorted({run.datastream for run in found}))
    return store.erase(Erasure(datastreams=numbers, start=EARLIEST, end=LATEST, runs=found))


def test_only_what_the_batch_left_is_gone_from_every_answer(log: Log) -> None:
    store, move = log
    kept(store, batch([1, 1, 2], [T0, T0 + 2 * HOUR, T0], [1, 3, 7]))
    mine = kept(store, batch([1, 1, 3], [T0 + HOUR, T0 + 40 * DAY, T0], [2, 9, 5]))
    move()
    kept(store, batch([1], [T0 + 3 * HOUR], [4]))
    proof = taken_back(store, mine)
    assert (proof.erased, proof.corrections) == (3, 0)
    assert results(store.window(1, EARLIEST, LATEST)) == [1, 3, 4]
    assert results(store.latest()) == [4, 7]
    assert sorted(results(store.after(0))) == [1, 3, 4, 7]
    assert [(one.datastream, one.count) for one in store.extent()] == [(1, 3), (2, 1)]
    assert list(store.rollup([1], T0, T0 + 60 * DAY, "day").value) == [np.mean([1, 3, 4])]


def test_what_it_corrected_has_its_earlier_value_again(log: Log) -> None:
    store, move = log
    kept(store, batch([1, 1], [T0, T0 + HOUR], [1, 2]))
    mine = kept(store, batch([1, 1], [T0 + HOUR, T0 + 2 * HOUR], [8, 9], correcting=True, reason="r"))
    move()
    proof = taken_back(store, mine)
    assert (proof.erased, proof.corrections) == (1, 1)
    assert results(store.window(1, EARLIEST, LATEST)) == [1, 2]
    assert results(store.versions(1, EARLIEST, LATEST)) == [1, 2]
    assert results(store.latest()) == [2]


def test_what_others_corrected_since_stays_as_they_said(log: Log) -> None:
    store, move = log
    mine = kept(store, batch([1, 1], [T0, T0 + HOUR], [1, 2]))
    kept(store, batch([1], [T0], [5], correcting=True, reason="r"))
    move()
    taken_back(store, mine)
    assert results(store.window(1, EARLIEST, LATEST)) == [5]
    assert store.extent()[0].count == 1


def test_two_senders_of_one_moment_are_told_apart(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "log", every=60)
    held = store._writer.still  # what arrives meanwhile is one group commit
    with held:
        first = store.append(batch([9], [T0], [0]))
        sent = [batch([1] * 3, [T0 + 2 * n for n in range(3)], [1, 1, 1]), batch([1] * 2, [T0 + 1, T0 + 3], [2, 2])]
        waiting = [store.append(one) for one in sent]
    first.result(5)
    mine = [(sent[0], waiting[0].result(5))]
    assert waiting[1].result(5).position == mine[0][1].position
    taken_back(store, mine)
    assert results(store.window(1, EARLIEST, LATEST)) == [2, 2]
    store.close()


def test_what_is_sent_again_afterwards_is_kept_again(log: Log) -> None:
    store, move = log
    sent = batch([1, 1], [T0, T0 + HOUR], [1, 2])
    mine = kept(store, sent)
    move()
    taken_back(store, mine)
    assert store.extent() == []
    again = kept(store, sent)
    assert not set(again[0][1].id) & set(mine[0][1].id)
    assert results(store.window(1, EARLIEST, LATEST)) == [1, 2]


def test_it_stays_so_after_a_restart_and_in_a_restored_backup(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "log")
    kept(store, batch([1], [T0], [1]))
    mine = kept(store, batch([1, 1], [T0 + HOUR, T0 + 40 * DAY], [2, 3]))
    store.drain()
    store.seal(T0 + 90 * DAY)
    kept(store, batch([1], [T0 + 2 * HOUR], [4]))
    store.backup(tmp_path / "copy")
    proof = taken_back(store, mine)
    assert "sealed month 2026-01 to 2026-02" in proof.covers
    store.close()
    shutil.copy(tmp_path / "log" / erasures.NAME, tmp_path / "copy")
    for folder in ("log", "copy"):
        again = opened(tmp_path / folder)
        assert results(again.window(1, EARLIEST, LATEST)) == [1, 4]
        again.close()


def test_a_month_without_it_is_not_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covers, "SMALL", 1)
    store = EmbeddedStore(tmp_path / "log")
    kept(store, batch([1], [T0], [1]))
    mine = kept(store, batch([1], [T0 + 40 * DAY], [3]))
    store.seal(T0 + 90 * DAY)
    proof = taken_back(store, mine)
    assert [name for name in proof.covers if "sealed" in name] == ["sealed month 2026-02"]
    store.close()


def test_runs_are_as_few_as_can_be() -> None:
    store = MemoryStore()
    sent = batch([1] * 500 + [2] * 500, np.arange(1000) * HOUR + T0, np.arange(1000))
    [given] = kept(store, sent)
    found = runs.kept_by(*given)
    assert found == (
        Run(datastream=1, position=1, version=1, first=1, last=500),
        Run(datastream=2, position=1, version=1, first=1, last=500),
    )
    assert runs.count(found) == 1000
    assert runs.within(store._all(), found).all()
    assert runs.kept_by(*kept(store, sent)[0]) == ()


ROWS = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 8), st.integers(0, 3)), min_size=1, max_size=12)
SENT = st.lists(st.tuples(ROWS, st.booleans(), st.sampled_from(["stay", "drain", "seal"])), min_size=2, max_size=5)


@given(sent=SENT, which=st.integers(0, 4))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_home_is_left_with_the_rows_of_the_others(
    every: Callable[[], list[Store]], sent: list[tuple[list[tuple[int, int, int]], bool, str]], which: int
) -> None:
    homes = every()
    for store in homes:
        given: Kept = []
        for rows, correcting, step in sent:
            number, hour, value = zip(*rows, strict=True)
            one = batch(number, [T0 + n * 5 * DAY for n in hour], value, correcting=correcting, reason="r")
            given += kept(store, one)
            if step != "stay":
                settle(store)
            if step == "seal":
                store.seal(T0 + 31 * DAY)
        mine = given[which % len(given)]
        before = [store.versions(number, EARLIEST, LATEST) for number in (1, 2, 3)]
        taken_back(store, [mine])
        for number, rows_before in zip((1, 2, 3), before, strict=True):
            gone = runs.within(rows_before, runs.kept_by(*mine))
            assert same(store.versions(number, EARLIEST, LATEST), _picked(rows_before, ~gone))
    assert all(store.extent() == homes[0].extent() for store in homes)
    assert len({str(results(store.latest())) for store in homes}) == 1
    for store in homes:
        store.close()


def _picked(rows: Columns, flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Columns:
    from bocage.store.columns import picked, trimmed

    return trimmed(picked(rows, np.flatnonzero(flags)))
