"""Every sentence of the protocol, for every home, wherever a home keeps its rows at that moment."""

import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.domain.errors import Conflict, Invalid, Unavailable
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.observation import Outcome, observation_id
from bocage.store import restored
from bocage.store.copying import copied
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.export import read
from bocage.store.memory import MemoryStore
from bocage.store.protocol import PUBLIC, About, Erasure, Named, Store

from .batches import DAY, HOUR, T0, batch, besides, results, same
from .conftest import settle

Log = tuple[Store, Callable[[], None]]
Homes = Callable[[], list[Store]]
Row = tuple[int, int, object]


def outcomes(store: Store, *args: object, **more: object) -> list[Outcome]:
    return [Outcome(one) for one in store.append(batch(*args, **more)).result(5).outcome]  # type: ignore[arg-type]


def test_what_is_acknowledged_is_read_at_once(log: Log) -> None:
    store, move = log
    assert outcomes(store, [1, 2], [T0, T0], [1.5, "open"]) == [Outcome.STORED, Outcome.STORED]
    assert results(store.window(1, T0, T0 + 1)) == [1.5]
    assert results(store.window(2, T0, T0 + 1)) == ["open"]
    move()
    assert results(store.window(1, T0, T0 + 1)) == [1.5]
    assert results(store.latest()) == [1.5, "open"]


def test_every_kind_of_result_comes_back_as_it_was(log: Log) -> None:
    store, move = log
    given_results = [21.37, -0.1, 1e300, float("inf"), True, False, None, "é\u0000ouvert", "", 5.0]
    store.append(batch([7] * 10, np.arange(10) * HOUR + T0, given_results)).result(5)
    move()
    assert results(store.window(7, T0, T0 + DAY)) == given_results


@given(
    numbers=st.lists(
        st.one_of(
            st.floats(allow_nan=False),
            st.integers(-(10**7), 10**7).map(lambda n: n / 100),
            st.integers(-(10**6), 10**6).map(lambda n: n / 1000 + 0.1),
        ),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_sealed_number_is_the_same_to_the_bit(log: Log, numbers: list[float]) -> None:
    store, move = log
    first = store.extent([1])[0].last + HOUR if store.extent([1]) else T0
    store.append(batch([1] * len(numbers), first + np.arange(len(numbers)) * HOUR, numbers)).result(5)
    move()
    kept = store.window(1, first, LATEST).number
    assert kept.tobytes() == (np.array(numbers) + 0.0).tobytes()


def test_an_interval_is_its_start_and_its_end(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0], [1, 2], end=[T0 + HOUR, T0 + DAY])).result(5)
    move()
    assert outcomes(store, [1, 1], [T0, T0], [1, 3], end=[T0 + HOUR, T0 + DAY]) == [Outcome.KNOWN, Outcome.CONFLICT]
    assert list(store.window(1, T0, T0 + 1).end) == [T0 + HOUR, T0 + DAY]


def test_the_same_value_again_is_known_and_another_conflicts(log: Log) -> None:
    store, move = log
    first = store.append(batch([1, 1, 1, 1], [T0, T0 + 1, T0 + 2, T0 + 3], [1, "a", None, True])).result(5)
    move()
    again = store.append(batch([1, 1, 1, 1], [T0, T0 + 1, T0 + 2, T0 + 3], [1, "a", None, True])).result(5)
    assert set(again.outcome) == {Outcome.KNOWN}
    assert list(again.id) == list(first.id)
    assert again.position == first.position
    other = [Outcome.CONFLICT] * 4
    assert outcomes(store, [1, 1, 1, 1], [T0, T0 + 1, T0 + 2, T0 + 3], [2, "b", 0, 1]) == other
    assert store.extent()[0].count == 4


def test_a_source_that_may_correct_makes_a_new_version_with_its_reason(log: Log) -> None:
    store, move = log
    first = store.append(batch([1, 1], [T0, T0 + 1], [1, 2])).result(5)
    move()
    corrected = store.append(batch([1, 1], [T0, T0 + 1], [9, 2], correcting=True, reason="meter read again")).result(5)
    assert list(corrected.outcome) == [Outcome.CORRECTED, Outcome.KNOWN]
    assert list(corrected.id) == list(first.id)
    move()
    assert results(store.window(1, T0, T0 + 5)) == [9, 2]
    versions = store.versions(1, T0, T0 + 5)
    assert results(versions) == [1, 9, 2]
    assert list(versions.version) == [1, 2, 1]
    assert versions.reason is not None
    assert list(versions.reason) == ["", "meter read again", ""]
    assert store.extent()[0].count == 2
    assert results(store.latest([1])) == [2]


def test_a_corrected_newest_value_is_the_latest(log: Log) -> None:
    store, move = log
    store.append(batch([1], [T0], [1])).result(5)
    move()
    store.append(batch([1], [T0], [2], correcting=True, reason="r")).result(5)
    assert results(store.latest([1])) == [2]
    move()
    assert results(store.window(1, T0, T0 + 1, limit=1, newest_first=True)) == [2]


def test_repeats_inside_one_batch_are_judged_in_their_order(log: Log) -> None:
    store, _ = log
    assert outcomes(store, [1, 2, 1, 1], [T0, T0, T0, T0], [1, 1, 1, 2]) == [
        Outcome.STORED,
        Outcome.STORED,
        Outcome.KNOWN,
        Outcome.CONFLICT,
    ]
    assert outcomes(store, [3, 3, 3, 3], [T0, T0, T0, T0], [1, 2, 2, 1], correcting=True, reason="r") == [
        Outcome.STORED,
        Outcome.CORRECTED,
        Outcome.KNOWN,
        Outcome.CORRECTED,
    ]
    assert list(store.versions(3, T0, T0 + 1).version) == [1, 2, 3]
    assert results(store.window(3, T0, T0 + 1)) == [1]


def test_repeats_of_many_senders_at_once_are_stored_once(log: Log) -> None:
    store, _ = log
    waiting = [store.append(batch([1] * 50, np.arange(50) * HOUR + T0, np.arange(50))) for _ in range(20)]
    given_outcomes = np.concatenate([one.result(5).outcome for one in waiting])
    assert int((given_outcomes == Outcome.STORED).sum()) == 50
    assert len(store.window(1, T0, T0 + 50 * HOUR)) == 50


def test_late_data_takes_its_place(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1], [T0 + 10 * HOUR, T0 + 12 * HOUR], [10, 12])).result(5)
    move()
    assert outcomes(store, [1, 1, 1], [T0 + 11 * HOUR, T0 - 40 * DAY, T0 + 10 * HOUR], [11, 0, 10]) == [
        Outcome.STORED,
        Outcome.STORED,
        Outcome.KNOWN,
    ]
    assert results(store.window(1, T0 - 60 * DAY, T0 + DAY)) == [0, 10, 11, 12]
    move()
    assert results(store.window(1, T0 - 60 * DAY, T0 + DAY)) == [0, 10, 11, 12]
    assert results(store.latest([1])) == [12]
    assert store.extent() == [type(store.extent()[0])(datastream=1, count=4, first=T0 - 40 * DAY, last=T0 + 12 * HOUR)]


def test_windows_can_be_bounded_from_either_end(log: Log) -> None:
    store, move = log
    at = np.arange(300) * HOUR * 6 + T0  # two and a half months
    store.append(batch([1] * 300, at, np.arange(300))).result(5)
    move()
    store.append(batch([1] * 3, at[[10, 11, 250]], [-1, -2, -3], correcting=True, reason="r")).result(5)
    assert results(store.window(1, EARLIEST, LATEST, limit=12)) == [*range(10), -1, -2]
    newest = store.window(1, EARLIEST, LATEST, limit=60, newest_first=True)
    assert results(newest) == [*range(299, 250, -1), -3, *range(249, 239, -1)]
    assert results(store.window(1, int(at[5]), int(at[8]))) == [5, 6, 7]
    assert results(store.window(1, int(at[5]), int(at[8]), newest_first=True)) == [7, 6, 5]
    assert results(store.window(1, int(at[-3]), LATEST, limit=2)) == [297, 298]
    assert not len(store.window(99, EARLIEST, LATEST))


def test_a_scan_is_sorted_and_its_chunks_are_bounded(log: Log) -> None:
    store, move = log
    rng = np.random.default_rng(4)
    at = rng.permutation(2_000) * HOUR + T0
    store.append(batch(rng.integers(1, 40, 2_000), at, rng.integers(0, 9, 2_000))).result(5)
    move()
    store.append(batch([40] * 5, T0 + np.arange(5), range(5))).result(5)
    chunks = list(store.scan(range(1, 41), T0, T0 + 3_000 * HOUR, chunk=150))
    assert {len(chunk) for chunk in chunks[:-1]} == {150}
    rows = [(int(d), int(s)) for chunk in chunks for d, s in zip(chunk.datastream, chunk.start, strict=True)]
    assert rows == sorted(rows)
    assert len(rows) == 2_005
    assert list(store.scan([], T0, T0 + DAY)) == []


def test_ids_are_never_given_twice_even_after_erasure(log: Log) -> None:
    store, move = log
    first = store.append(batch([5, 5], [T0, T0 + 1], [1, 2])).result(5)
    assert list(first.id) == [observation_id(5, 1), observation_id(5, 2)]
    move()
    store.erase(Erasure(datastreams=(5,), start=T0, end=T0 + DAY))
    second = store.append(batch([5], [T0 + 5], [3])).result(5)
    assert not set(second.id) & set(first.id)


def test_followers_get_whole_commits_in_order(log: Log) -> None:
    store, move = log
    for n in range(5):
        store.append(batch([1, 2, 3], [T0 + n] * 3, [n] * 3)).result(5)
    store.append(batch([1], [T0], [7], correcting=True, reason="r")).result(5)
    move()
    some = store.after(0, limit=4)
    assert list(some.position) == [1, 1, 1]
    more = store.after(1, limit=7)
    assert list(more.position) == [2, 2, 2, 3, 3, 3]
    assert results(store.after(5)) == [7]
    assert list(store.after(5).version) == [2]
    assert not len(store.after(6))
    assert store.position() == 6


def test_whoever_subscribes_hears_of_each_commit(log: Log) -> None:
    store, _ = log
    heard: list[int] = []
    stop = store.subscribe(heard.append)
    store.append(batch([1], [T0], [1])).result(5)
    store.append(batch([1], [T0], [1])).result(5)  # known: no commit
    store.append(batch([1], [T0 + 1], [1])).result(5)
    stop()
    store.append(batch([1], [T0 + 2], [1])).result(5)
    assert heard == [1, 2]


def test_a_listener_that_fails_harms_nobody(log: Log) -> None:
    store, _ = log
    heard: list[int] = []

    def fail(position: int) -> None:
        raise ValueError(position)

    store.subscribe(fail)
    store.subscribe(heard.append)
    assert outcomes(store, [1], [T0], [1]) == [Outcome.STORED]
    assert outcomes(store, [1], [T0 + 1], [1]) == [Outcome.STORED]
    assert heard == [1, 2]


def test_what_was_erased_is_gone_from_every_answer(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1, 1, 2], [T0, T0 + HOUR, T0 + 40 * DAY, T0], [1, 2, 3, 4])).result(5)
    move()
    store.append(batch([1], [T0 + HOUR], [8], correcting=True, reason="r")).result(5)
    proof = store.erase(Erasure(datastreams=(1,), start=T0 + 1, end=T0 + 50 * DAY))
    assert proof.erased == 2
    assert proof.position == 2
    assert results(store.window(1, EARLIEST, LATEST)) == [1]
    assert results(store.versions(1, EARLIEST, LATEST)) == [1]
    assert results(store.latest()) == [1, 4]
    assert sorted(results(store.after(0))) == [1, 4]
    assert list(store.rollup([1], T0, T0 + 60 * DAY, "day").value) == [1]
    assert [one.count for one in store.extent()] == [1, 1]
    assert outcomes(store, [1], [T0 + 2 * DAY], [5]) == [Outcome.STORED]
    assert results(store.window(1, EARLIEST, LATEST)) == [1, 5]


def test_whoever_remembers_is_told_before_an_erasure_is_said_done(log: Log) -> None:
    store, move = log
    store.append(batch([1], [T0], [1])).result(5)
    move()
    left: list[int] = []
    store.tell_erasures(lambda: left.append(len(store.latest([1]))))
    store.erase(Erasure(datastreams=(1,), start=EARLIEST, end=LATEST))
    assert left[-1:] == [0]


def test_a_datastream_that_is_erased_whole_holds_nothing(log: Log) -> None:
    store, move = log
    store.append(batch([1, 2], [T0, T0], [1, 2])).result(5)
    move()
    store.erase(Erasure(datastreams=(1,), start=EARLIEST, end=LATEST))
    assert [one.datastream for one in store.extent()] == [2]
    assert list(store.latest().datastream) == [2]
    assert not len(store.latest([1]))


def test_sealed_months_are_named_and_take_late_data_again(home: Callable[[], Store]) -> None:
    store = home()
    store.append(batch([1, 1, 1], [T0, T0 + 31 * DAY, T0 + 59 * DAY], [1, 2, 3])).result(5)
    assert store.seal(T0 + 60 * DAY) == ["2026-01", "2026-02"]
    assert store.seal(T0 + 60 * DAY) == []
    store.append(batch([1], [T0 + DAY], [9])).result(5)
    assert results(store.window(1, EARLIEST, LATEST)) == [1, 9, 2, 3]
    assert store.seal(T0 + 60 * DAY) == ["2026-01"]
    assert results(store.window(1, EARLIEST, LATEST)) == [1, 9, 2, 3]


def test_replays_keep_their_original_time(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0 + 1], [1, 2], original=[T0 - 7 * DAY, T0 + 1 - 7 * DAY])).result(5)
    store.append(batch([1], [T0 + 2], [3])).result(5)
    move()
    rows = store.window(1, T0, T0 + 10)
    assert rows.original is not None
    assert list(rows.original) == [T0 - 7 * DAY, T0 + 1 - 7 * DAY, T0 + 2]
    assert list(rows.origin) == [1, 1, 0]
    latest = store.latest([1])
    assert latest.original is None


def test_an_export_read_back_is_the_same(log: Log, tmp_path: Path) -> None:
    from bocage.store.export import read

    store, move = log
    store.append(
        batch(
            [1, 1, 2, 2], [T0, T0 + HOUR, T0, T0 + 1], [1.25, None, "a", True], end=[T0 + HOUR, T0 + HOUR, T0, T0 + 2]
        )
    ).result(5)
    move()
    path = tmp_path / "export.parquet"
    assert store.export([1, 2], EARLIEST, LATEST, path) == 4
    other = MemoryStore()
    for rows in read(path):
        other.append(restored(rows)).result(5)
    for number in (1, 2):
        assert same(store.window(number, EARLIEST, LATEST), other.window(number, EARLIEST, LATEST))
    assert [one.name for one in tmp_path.glob("*export*")] == ["export.parquet"]


def test_an_export_that_names_its_series_stands_alone_and_reads_back_the_same(log: Log, tmp_path: Path) -> None:
    from bocage.store.export import read

    store, move = log
    store.append(
        batch(
            [1, 1, 2, 2], [T0, T0 + HOUR, T0, T0 + 1], [1.25, None, "a", True], end=[T0 + HOUR, T0 + HOUR, T0, T0 + 2]
        )
    ).result(5)
    store.append(batch([2], [T0 + 2], [3.0], original=[T0 - 7 * DAY])).result(5)
    move()
    named = tuple(
        Named(number=number, datastream=slug, thing="mairie", observed="temperature", unit=unit)
        for number, slug, unit in ((1, "salle", "°C"), (2, "l'entrée", ""))
    )
    path = tmp_path / "export.parquet"
    about = About(series=named, notes=(("licence", "etalab-2.0"), ("attribution", "Ville d'Essai")))
    assert store.export([1, 2], EARLIEST, LATEST, path, about=about) == 5
    with duckdb.connect() as con:
        assert tuple(con.read_parquet(str(path)).columns) == PUBLIC
        plain = (
            '* REPLACE (epoch_ms("time") AS "time", epoch_ms("end") AS "end", epoch_ms(original_time) AS original_time)'
        )
        rows = con.execute(f"SELECT {plain} FROM read_parquet(?)", [str(path)]).fetchall()
        notes = con.execute("SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [str(path)]).fetchall()
    assert dict(notes) == dict(about.notes)
    assert [row[2:9] for row in rows] == [
        ("salle", "mairie", "temperature", "°C", 1.25, None, "measured"),
        ("salle", "mairie", "temperature", "°C", None, None, "measured"),
        ("l'entrée", "mairie", "temperature", "", None, "a", "measured"),
        ("l'entrée", "mairie", "temperature", "", 1.0, "true", "measured"),
        ("l'entrée", "mairie", "temperature", "", 3.0, None, "replayed"),
    ]
    assert [row[:2] for row in rows[-2:]] == [(T0 + 1, T0 + 2), (T0 + 2, None)]
    assert [row[9] for row in rows] == [None, None, None, None, T0 - 7 * DAY]
    other = MemoryStore()
    for part in read(path):
        other.append(restored(part)).result(5)
    for number in (1, 2):
        kept, again = store.window(number, EARLIEST, LATEST), other.window(number, EARLIEST, LATEST)
        assert results(kept) == results(again)
        for name in ("start", "end", "id", "kind", "origin", "version", "original"):
            assert np.array_equal(getattr(kept, name), getattr(again, name)), name


def test_what_is_said_beside_an_observation_comes_back_as_it_was(log: Log, tmp_path: Path) -> None:
    store, move = log
    said = np.array([None, '{"r":350,"p":{"é":1}}', None], object)
    sent = batch([1, 1, 2], [T0, T0 + HOUR, T0], [1, 2, "open"])
    store.append(msgspec.structs.replace(sent, beside=said)).result(5)
    move()
    assert besides(store.window(1, T0, LATEST)) == [None, said[1]]
    assert besides(store.latest()) == [said[1], None]
    assert besides(store.after(0)) == said.tolist()
    assert store.window(2, T0, LATEST).beside is None
    for about in (None, About(series=(Named(number=1, datastream="a", thing="", observed="", unit=""),))):
        store.export([1], EARLIEST, LATEST, tmp_path / "out.parquet", about=about)
        assert [besides(rows) for rows in read(tmp_path / "out.parquet")] == [[None, said[1]]]
    if isinstance(store, EmbeddedStore):
        assert b"\xc3\xa9" in b"".join(path.read_bytes() for path in store.folder.iterdir() if path.is_file())
    other = MemoryStore()
    assert copied(store, other).rows == 3
    assert besides(other.after(0)) == said.tolist()
    store.erase(Erasure(datastreams=(1,), start=T0 + HOUR, end=LATEST))
    assert store.window(1, T0, LATEST).beside is None


def test_only_who_may_correct_says_something_else_beside_the_same_result(log: Log) -> None:
    store, _move = log
    sent = batch([1], [T0], [1])
    for said, correcting, outcome in (
        ('{"r":1}', False, Outcome.STORED),
        ('{"r":2}', False, Outcome.KNOWN),
        ('{"r":1}', True, Outcome.KNOWN),
        (None, True, Outcome.KNOWN),
        ('{"r":2}', True, Outcome.CORRECTED),
    ):
        beside = None if said is None else np.array([said], object)
        sent = msgspec.structs.replace(sent, beside=beside, correcting=correcting)
        assert Outcome(store.append(sent).result(5).outcome[0]) == outcome
    assert besides(store.window(1, T0, LATEST)) == ['{"r":2}']


def test_an_export_may_be_csv_with_times_in_utc(log: Log, tmp_path: Path) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0 + HOUR], [1.25, "a"])).result(5)
    move()
    assert store.export([1], EARLIEST, LATEST, tmp_path / "export.csv") == 2
    lines = (tmp_path / "export.csv").read_text().splitlines()
    assert lines[0] == "datastream,id,start,end,number,text,kind,origin,original,version,beside"
    assert lines[1].startswith("1,536870913,2026-01-01 00:00:00+00,")
    assert ",1.25," in lines[1]


def test_what_cannot_be_kept_at_all_is_said_and_harms_nobody(log: Log) -> None:
    store, _ = log
    wrong = store.append(batch([1], [T0], [1], end=[T0 - 1]))
    right = store.append(batch([1], [T0], [1]))
    with pytest.raises(Invalid):
        wrong.result(5)
    assert list(right.result(5).outcome) == [Outcome.STORED]
    assert not len(store.append(batch([], [], [])).result(5).outcome)


def test_a_closed_log_says_so(home: Callable[[], Store]) -> None:
    store = home()
    store.close()
    with pytest.raises(Unavailable):
        store.append(batch([1], [T0], [1])).result(5)


def test_many_threads_append_and_read_at_once(log: Log) -> None:
    store, _ = log
    faults: list[Exception] = []

    def send(number: int) -> None:
        try:
            for n in range(40):
                store.append(batch([number], [T0 + n * HOUR], [n])).result(10)
                assert len(store.window(number, EARLIEST, LATEST)) == n + 1
        except Exception as fault:  # reported by the test itself
            faults.append(fault)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert [one.count for one in store.extent()] == [40] * 6


rows = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 5), st.sampled_from([1, 2, True, None, "a", float("nan")])),
    min_size=1,
    max_size=30,
)
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(rows=rows)
@few
def test_replaying_twice_equals_once(home: Callable[[], Store], rows: list[tuple[int, int, object]]) -> None:
    store = home()
    columns = list(zip(*rows, strict=True))
    sent = batch(columns[0], [T0 + n * 10 * DAY for n in columns[1]], columns[2])
    store.append(sent).result(5)
    once = [store.versions(number, EARLIEST, LATEST) for number in (1, 2, 3)]
    store.append(sent).result(5)
    twice = [store.versions(number, EARLIEST, LATEST) for number in (1, 2, 3)]
    assert [list(a.id) for a in once] == [list(a.id) for a in twice]
    store.close()


@given(
    rows=rows,
    correcting=st.booleans(),
    moved=st.lists(st.sampled_from(["drain", "seal", "erase", ""]), min_size=3, max_size=3),
)
@few
def test_all_homes_answer_alike(every: Homes, rows: list[Row], correcting: bool, moved: list[str]) -> None:
    homes = every()
    third = max(1, len(rows) // 3)
    for part, step in zip((rows[:third], rows[third : 2 * third], rows[2 * third :]), moved, strict=True):
        columns = list(zip(*part, strict=True)) or [(), (), ()]
        sent = batch(columns[0], [T0 + n * 10 * DAY for n in columns[1]], columns[2], correcting=correcting, reason="r")
        given_outcomes = [list(store.append(sent).result(5).outcome) for store in homes]
        assert all(one == given_outcomes[0] for one in given_outcomes)
        for store in homes:
            _moved(store, step)
        answers = [_answered(store) for store in homes]
        assert all(one == answers[0] for one in answers)
    for store in homes:
        store.close()


def _answered(store: Store) -> list[object]:
    found: list[object] = [store.extent(), str(results(store.latest()))]
    for number in (1, 2, 3):
        found.append(str(results(store.versions(number, EARLIEST, LATEST))))
        found.append(store.window(number, EARLIEST, LATEST).id.tolist())
    return found


def _moved(store: Store, step: str) -> None:
    if step == "drain":
        settle(store)
    elif step == "seal":
        store.seal(T0 + 31 * DAY)
    elif step == "erase":
        store.erase(Erasure(datastreams=(1, 2), start=T0 + 10 * DAY, end=T0 + 35 * DAY))


def test_a_log_that_takes_over_another_is_the_same_row_by_row(every: Homes) -> None:
    for store in every():
        source = MemoryStore()
        source.append(batch([1, 1, 2], [T0, T0 + HOUR, T0], [1, "a", None])).result(5)
        source.append(batch([9], [T0], [4])).result(5)
        source.append(batch([1], [T0], [7], correcting=True, reason="read again")).result(5)
        source.append(batch([1, 3], [T0 - 40 * DAY, T0], [2, 3], original=[T0, T0])).result(5)
        source.erase(Erasure(datastreams=(9,), start=EARLIEST, end=LATEST))
        told: list[int] = []
        made = copied(source, store, told.append)
        assert (made.rows, made.observations, made.position, sum(told)) == (6, 5, 4, 18)
        assert store.extent() == source.extent()
        assert same(store.versions(1, EARLIEST, LATEST), source.versions(1, EARLIEST, LATEST))
        assert same(store.latest(), source.latest())
        assert list(store.after(1).position) == [3, 4, 4]
        following = store.append(batch([1, 9], [T0 + DAY, T0], [5, 5])).result(5)
        assert following.position == 5
        assert list(following.id) == [observation_id(1, 4), observation_id(9, 2)]
        with pytest.raises(Conflict):
            copied(source, store)
        with pytest.raises(Conflict):
            store.refill(restored(source.after(0), exact=True))
        with pytest.raises(Invalid):
            store.refill(restored(source.after(0)))
        store.close()


def test_a_log_in_memory_says_that_it_has_no_copy(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        MemoryStore().backup(tmp_path)
