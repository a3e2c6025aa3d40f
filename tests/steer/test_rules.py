"""A rule is tried on past data before it is written."""

import time
from pathlib import Path

import numpy as np
from tests.store.batches import batch

from bocage.steer.judging import Outcome
from bocage.steer.rules import tried
from bocage.store import opened

from .watched import (
    DAY,
    HOUR,
    NIGHT,
    Aggregate,
    Constant,
    Operator,
    Period,
    Usual,
    facts,
    filled,
    measure,
    paris,
    rule,
    stream,
)


def nights(*factors: float) -> list[float]:
    """Days of 24 hours from midnight on, 1 kWh an hour; the night that begins that day is multiplied."""
    out: list[float] = []
    before = 1.0
    for factor in factors:
        out += [before] * 6 + [1.0] * 16 + [factor] * 2
        before = factor
    return out


def test_a_trial_says_which_nights_would_have_told_whom_with_values_and_usual_values() -> None:
    begin = paris(2026, 5, 4)
    store = filled(1, begin, nights(*[1.0] * 30, 1.5, 2.0, 1.4, 1.0, 1.0))
    asked = rule(Usual(percent=30), measured=measure(window=NIGHT), lasting=2)
    trial = tried(store, facts({"ecole": stream(1)}), asked, begin, begin + 40 * DAY)
    assert len(trial.hits) == 1
    hit = trial.hits[0]
    assert hit.datastream == "ecole"
    assert (hit.first.start, hit.first.end) == (paris(2026, 6, 3, 22), paris(2026, 6, 4, 6))
    assert (hit.periods, hit.raised) == (3, paris(2026, 6, 5, 6))
    assert (hit.worst.value, hit.worst.usual) == (16.0, 8.0)
    assert hit.ended == paris(2026, 6, 7, 6)
    assert trial.outcomes[Outcome.NO_PAST] == 21
    assert trial.outcomes[Outcome.OUT] == 3
    assert len(trial.judged["ecole"]) == 34, "the last night has only begun"


def test_a_night_is_judged_once_all_its_values_are_there() -> None:
    begin = paris(2026, 11, 2)
    asked = rule(Constant(value=9), measured=measure(window=NIGHT))
    whole = filled(1, begin, nights(2.0, 1.0)[:30])
    assert tried(whole, facts({"ecole": stream(1)}), asked, begin, begin + 2 * DAY).outcomes == {Outcome.OUT: 1}
    short = filled(1, begin, nights(2.0, 1.0)[:29])
    assert tried(short, facts({"ecole": stream(1)}), asked, begin, begin + 2 * DAY).outcomes == {}


def test_series_are_judged_each_for_itself_or_together() -> None:
    begin = paris(2026, 11, 2)
    store = filled(2, begin, [3.0] * 49, filled(1, begin, [1.0] * 49))
    both = facts({"ecole": stream(1), "mairie": stream(2)})
    each = rule(Constant(value=30), measured=measure("ecole", "mairie"))
    assert [hit.datastream for hit in tried(store, both, each, begin, begin + 2 * DAY).hits] == ["mairie"]
    one = rule(Constant(value=90), measured=measure("ecole", "mairie", together=True))
    trial = tried(store, both, one, begin, begin + 2 * DAY)
    assert [(hit.datastream, hit.worst.value, hit.periods) for hit in trial.hits] == [("", 96.0, 2)]


def test_each_value_may_be_judged() -> None:
    begin = paris(2026, 11, 2)
    store = filled(1, begin, [1, 9, 9, 1, 9])
    asked = rule(Constant(value=5), measured=measure(aggregate=Aggregate.LAST, period=Period.VALUE), lasting=2)
    hits = tried(store, facts({"ecole": stream(1)}), asked, begin, begin + DAY).hits
    assert [(hit.first.start, hit.periods, hit.ended) for hit in hits] == [(begin + HOUR, 2, begin + 4 * HOUR)]


def test_a_series_of_another_territory_is_not_read() -> None:
    begin = paris(2026, 11, 2)
    store = filled(1, begin, [9.0] * 60)
    trial = tried(store, facts({}), rule(Constant(value=5)), begin, begin + 2 * DAY)
    assert trial.hits == ()
    assert trial.judged == {}


def test_a_year_of_half_hours_of_ten_series_is_tried_in_well_under_a_second(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    begin, size = paris(2025, 11, 1), 365 * 48
    starts = begin + np.arange(size) * 1_800_000
    for number in range(1, 11):
        values = np.random.default_rng(number).normal(10, 1, size)
        store.append(batch([number] * size, starts, values, end=starts + 1_800_000)).result(20)
    names = [f"s-{number}" for number in range(1, 11)]
    held = facts({name: stream(number, cadence=1800) for number, name in enumerate(names, 1)})
    asked = rule(Usual(percent=3), measured=measure(*names, window=NIGHT), operator=Operator.BELOW)
    began = time.perf_counter()
    trial = tried(store, held, asked, begin, begin + 365 * DAY)
    spent = time.perf_counter() - began
    store.close()
    assert sum(trial.outcomes.values()) >= 10 * 364
    assert trial.hits
    assert spent < 2, "half a second where nobody else uses the machine"
