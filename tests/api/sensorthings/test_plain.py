"""Arrays of nothing but times and numbers are read as any others are, or left to the way that reads any."""

from typing import Any

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

TIMES = [
    f"2026-11-20T{hour:02d}:{minute:02d}:00{zone}" for hour in (0, 7) for minute in (0, 30) for zone in ("Z", "+01:00")
]
LOTS = st.lists(
    st.lists(st.tuples(st.sampled_from(TIMES), st.integers(-9, 9) | st.floats(-1, 1)), max_size=4), max_size=5
)


def block(number: int, rows: Any, components: tuple[str, ...] = ("phenomenonTime", "result")) -> dict[str, Any]:
    return {"Datastream": {"@iot.id": number}, "components": components, "dataArray": rows}


def read(document: Any) -> tuple[Any, Any]:
    """By the short way and by the long one."""
    from bocage.api.sensorthings.plain import plain  # tables: only once Django is configured
    from bocage.api.sensorthings.sent import arrived, blocks
    from bocage.api.sensorthings.targets import Target

    keys, places = {1: "a", 2: "b", 3: "c"}, {1: 0, 2: 1, 3: 2}
    target = Target(keys=keys, sound=keys, features={}, since={}, names=("a", "b", "c"), places=places)
    body = msgspec.json.encode(document)
    sent = blocks(body)
    assert sent is not None
    return plain(body, target), arrived(sent, target, 0)


@given(lots=LOTS, alike=st.booleans())
@settings(deadline=None, max_examples=80)
def test_the_short_way_reads_what_the_long_one_does(relational_folder: Any, lots: Any, alike: bool) -> None:
    if alike and lots:
        lots = [lots[0]] * len(lots)
    short, long = read([block(place % 3 + 1, rows) for place, rows in enumerate(lots)])
    assert short.total == long.total
    assert short.rows.tolist() == long.rows.tolist()
    for name in ("start", "end", "kind", "number"):
        assert np.array_equal(getattr(short.readings, name), getattr(long.readings, name)), name
    named = [[one.readings.keys[at] for at in one.readings.key] for one in (short, long)]
    assert named[0] == named[1]


def test_what_is_not_plain_is_left_to_the_long_way(relational_folder: Any) -> None:
    at = TIMES[0]
    for document in (
        [block(1, [["no time", 1]])],
        [block(1, [[at, 1], ["2026-11-20T00:00:00", 2]] * 2), block(2, [[f"{at}/{at}", 1]])],
        [block(1, [[at, "words"]])],
        [block(1, [[at, 1, 2]])],
        [block(7, [[at, 1]])],
        [block(1, [[1, at]], ("result", "phenomenonTime"))],
    ):
        assert read(document)[0] is None
