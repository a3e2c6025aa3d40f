"""Days that are kept ready say what the log says, whatever came since."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bocage.domain.nature import Nature
from bocage.domain.observation import Columns, Rollup
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.embedded.ready import Ready
from bocage.store.memory import MemoryStore
from bocage.store.protocol import Erasure, Series, Store
from bocage.store.rollups import NOTHING

from .batches import DAY, HOUR, T0, batch

SERIES = [
    Series(number=1, territory="t", nature=Nature.GAUGE, zone="Europe/Paris"),
    Series(number=2, territory="t", nature=Nature.INDEX, zone="Europe/Paris"),
    Series(number=3, territory="t", nature=Nature.STATE, zone="Europe/Paris"),
    Series(number=4, territory="t", nature=Nature.GAUGE, zone="Europe/Paris"),
]
NUMBERS = [1, 2, 3, 4]
SENT = some.tuples(some.just("send"), some.sampled_from(NUMBERS), some.integers(0, 400), some.integers(0, 5))
ASKED = some.tuples(some.just("ask"), some.sampled_from([(1,), (1, 2, 3, 4)]), some.integers(0, 9), some.integers(1, 9))
ERASED = some.tuples(some.just("erase"), some.sampled_from(NUMBERS), some.integers(0, 12), some.integers(1, 4))


def _alike(one: Rollup, other: Rollup) -> bool:
    return all(
        np.allclose(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("datastream", "start", "end", "count", "value", "minimum", "maximum")
    )


def _done(store: Store, act: tuple[str, int, int, int]) -> None:
    what, number, at, value = act
    if what == "send":
        sent = batch([number], [T0 + at * HOUR], [value], correcting=True, reason="again")
        store.append(sent).result(9)
    else:
        store.erase(Erasure(datastreams=(number,), start=T0 + at * DAY, end=T0 + (at + value) * DAY))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(SENT | SENT | SENT | ASKED | ASKED | ASKED | ERASED, min_size=5, max_size=20))
def test_days_are_those_of_the_log_after_late_data_corrections_and_erasures(
    tmp_path_factory: object, acts: list[tuple[str, int, int, int]]
) -> None:
    plain, store = MemoryStore(), EmbeddedStore(tmp_path_factory.mktemp("log"))  # type: ignore[attr-defined]
    for home in (plain, store):
        home.mirror(SERIES)
        in_order = T0 + np.repeat(np.arange(40) * 6 * HOUR, 3)
        home.append(batch(np.tile([1, 2, 3], 40), in_order, np.arange(120) % 7)).result(9)
    for act in acts:
        if act[0] == "ask":
            _what, numbers, first, days = act
            within = (T0 + first * DAY, T0 + (first + days) * DAY)
            found = store.rollup(numbers, *within, "day")  # type: ignore[arg-type]
            assert _alike(found, plain.rollup(numbers, *within, "day"))  # type: ignore[arg-type]
        else:
            for home in (plain, store):
                _done(home, act)
    store.close()


def test_only_what_is_not_final_is_summed_again() -> None:
    asked: list[tuple[int, int]] = []
    newest = {1: T0 + 9 * DAY, 2: T0 + 9 * DAY, 3: T0 + 2 * DAY}

    def summing(_series: object, low: int, high: int) -> Rollup:
        asked.append(((low - T0) // DAY, (high - T0) // DAY))
        return NOTHING

    def came(number: int, day: int) -> None:
        ready.touched(kept_rows(number, T0 + day * DAY))
        ready.rolled(series, T0, T0 + 12 * DAY, summing)

    series = [Series(number=number, territory="t", nature=Nature.GAUGE, zone="UTC") for number in newest]
    ready = Ready(lambda numbers: np.array([newest[int(number)] for number in numbers]))
    ready.rolled(series, T0, T0 + 12 * DAY, summing)
    ready.rolled(series, T0 + DAY, T0 + 11 * DAY, summing)  # part of what is kept
    came(7, 9)  # another series
    assert asked == [(0, 12)]
    came(1, 9)  # in order
    came(2, 7)  # late
    came(3, 10)  # a series that was silent before the days that are final
    assert asked == [(0, 12), (8, 12), (0, 12), (0, 12)]


def kept_rows(number: int, start: int) -> Columns:
    store = MemoryStore()
    store.append(batch([number], [start], [1])).result(9)
    return store.latest()
