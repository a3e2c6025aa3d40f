"""Days that are kept on the disk say what the log says, whatever came since."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bocage.domain.nature import Nature
from bocage.domain.observation import Rollup
from bocage.store.embedded.home import PATIENT, REST, EmbeddedStore, due
from bocage.store.embedded.summing import Summing
from bocage.store.memory import MemoryStore
from bocage.store.protocol import Erasure, Series, Store
from bocage.store.rollups import NAMES

from .batches import DAY, HOUR, T0, batch

PARIS = "Europe/Paris"
SERIES = [
    Series(number=1, territory="t", nature=Nature.GAUGE, zone=PARIS),
    Series(number=2, territory="t", nature=Nature.AMOUNT, zone=PARIS),
    Series(number=3, territory="t", nature=Nature.STATE, zone=PARIS),
    Series(number=4, territory="t", nature=Nature.DIRECTION, zone=PARIS),
]
NUMBERS = [1, 2, 3, 4]
DAYS = 12


def _alike(one: Rollup, other: Rollup) -> bool:
    return all(np.allclose(getattr(one, name), getattr(other, name), equal_nan=True) for name in NAMES)


def _opened(folder: Path) -> EmbeddedStore:
    """A log in which a series that sends once a day sends often."""
    store = EmbeddedStore(folder, every=3600)
    store._summing = Summing(store._reader, store._summing._rolled, many=1)
    return store


def _filled(store: Store) -> None:
    store.mirror(SERIES)
    at = T0 + np.repeat(np.arange(DAYS * 4) * 6 * HOUR, len(NUMBERS))
    store.append(batch(np.tile(NUMBERS, DAYS * 4), at, np.arange(len(at)) % 7)).result(9)


def _asked(store: Store, numbers: list[int], first: int = 0, last: int = DAYS) -> Rollup:
    if isinstance(store, EmbeddedStore):
        store._fresh.ready.forget()
    return store.rollup(numbers, T0 + first * DAY, T0 + last * DAY, "day")


def _days(store: EmbeddedStore) -> list[tuple[int, ...]]:
    return (
        store._reader.files.open.cursor()
        .execute("SELECT datastream, count(*) FROM day GROUP BY ALL ORDER BY ALL")
        .fetchall()
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_the_days_that_are_over_are_kept_of_series_whose_days_stand_alone(folder: Path) -> None:
    store = _opened(folder)
    _filled(store)
    store.tidy()
    assert [number for number, _count in _days(store)] == [1, 2, 4]
    assert all(count >= DAYS - 1 for _number, count in _days(store))
    store.close()


def test_kept_days_are_answered_without_a_look_at_their_rows(folder: Path) -> None:
    store = _opened(folder)
    _filled(store)
    store.tidy()
    store.close()
    store = _opened(folder)
    store._summing._rolled = lambda some, low, high: pytest.fail("rows were summed")  # type: ignore[assignment]
    assert len(_asked(store, [1, 2], 0, DAYS - 2).start) == 2 * (DAYS - 2)
    store.close()


def test_days_laid_month_by_month_by_a_former_version_are_laid_by_series_and_say_the_same(folder: Path) -> None:
    store = _opened(folder)
    _filled(store)
    store.tidy()
    before, columns = _asked(store, NUMBERS), store._reader.files.open
    cursor = columns.cursor()
    cursor.execute("CREATE TABLE former AS SELECT * FROM day ORDER BY start")
    cursor.execute("DELETE FROM day")
    cursor.execute("INSERT INTO day SELECT * FROM former")
    cursor.execute("DROP TABLE former")
    cursor.execute("COMMENT ON TABLE day IS NULL")
    store.close()
    store = _opened(folder)
    store.tidy()
    laid = store._reader.files.open.cursor().execute("SELECT datastream FROM day").fetchall()
    assert sum(one != other for one, other in pairwise(laid)) < DAYS // 2  # by day, they would turn each time
    assert _alike(_asked(store, NUMBERS), before)
    assert not store._reader.files.open.order()  # once is enough
    store.close()


def test_a_series_that_seldom_sends_keeps_no_days(folder: Path) -> None:
    store = EmbeddedStore(folder, every=3600)
    _filled(store)
    store.tidy()
    assert _days(store) == []
    store.close()


def test_what_comes_late_is_in_its_day_at_once_and_once_it_is_in_columns_and_summed_again(folder: Path) -> None:
    store, plain = _opened(folder), MemoryStore()
    _filled(store)
    _filled(plain)
    store.tidy()
    for home in (store, plain):
        _done(home, "send", 1, 50, 900)
    for then in (lambda: None, store.drain, store.tidy):
        then()
        assert _alike(_asked(store, [1, 2]), _asked(plain, [1, 2]))
    assert store._reader.files.open.kept.holes == {}
    store.close()


def test_a_series_described_otherwise_is_summed_anew(folder: Path) -> None:
    store, plain = _opened(folder), MemoryStore()
    _filled(store)
    _filled(plain)
    store.tidy()
    other = [Series(number=1, territory="t", nature=Nature.AMOUNT, zone="America/Martinique")]
    for home in (store, plain):
        home.mirror(other)
    assert _alike(_asked(store, [1]), _asked(plain, [1]))
    store.tidy()
    assert _alike(_asked(store, [1]), _asked(plain, [1]))
    store.close()


WHAT = some.sampled_from(["send", "sum", "ask", "seal", "again", "erase", "drain"])
ACTS = some.lists(
    some.tuples(WHAT, some.sampled_from(NUMBERS), some.integers(0, 24 * DAYS + 40)), min_size=4, max_size=14
)


def _done(store: Store, what: str, number: int, at: int, value: int) -> None:
    """What happens to any log."""
    if what == "send":
        store.append(batch([number], [T0 + at * HOUR], [value], correcting=True, reason="again")).result(9)
    elif what == "erase":
        store.erase(Erasure(datastreams=(number,), start=T0 + at * HOUR, end=T0 + (at + 30) * HOUR))
    elif what == "seal":
        store.seal(T0 + 400 * DAY)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_kept_days_are_those_of_the_log_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    plain, store = MemoryStore(), _opened(folder)
    for home in (plain, store):
        _filled(home)
    store.tidy()
    for place, (what, number, at) in enumerate(acts):
        for home in (plain, store):
            _done(home, what, number, at, place)
        if what == "again":
            store.close()
            store = _opened(folder)
        elif what in ("sum", "drain"):
            {"sum": store.tidy, "drain": store.drain}[what]()
        for numbers in ([1, 2, 3, 4], [number]):
            assert _alike(_asked(store, numbers), _asked(plain, numbers)), (what, number, at)
    store.close()


def test_days_that_are_over_wait_while_much_comes_in_and_not_for_ever() -> None:
    assert [due(since, busy=False) for since in (REST - 1, REST)] == [False, True]
    assert [due(since, busy=True) for since in (REST, PATIENT - 1, PATIENT)] == [False, False, True]
