"""Rules follow the log: what they see depends on its positions alone."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.batches import batch

from bocage.domain.instant import to_datetime
from bocage.domain.text import Text
from bocage.steer.alerts import Action, AlertState, Ending, Note, act, alert, alerts
from bocage.steer.follower import position_of, step
from bocage.steer.forgetting import TakingBack
from bocage.steer.judging import Outcome
from bocage.steer.keeping import NAME
from bocage.steer.letters import Event
from bocage.steer.tables import AlertRow, PastFigure, RuleTurn
from bocage.store.memory import MemoryStore
from bocage.store.protocol import Erasure

from .town import AT, Told, courses, followed, following, founded, killed, replayed, ruled, sighted, withdrawn
from .watched import (
    DAY,
    HOUR,
    NIGHT,
    Aggregate,
    Constant,
    Nature,
    Operator,
    Period,
    Usual,
    filled,
    measure,
    paris,
    rule,
    stream,
)

BEGIN = paris(2026, 5, 4)
NIGHTS = rule(Usual(percent=30), measured=measure(window=NIGHT), lasting=2)


def nights(*factors: float) -> list[float]:
    """Days of 24 hours from midnight on, 1 kWh an hour; the night that begins that day is multiplied."""
    out: list[float] = []
    before = 1.0
    for factor in factors:
        out += [before] * 6 + [1.0] * 16 + [factor] * 2
        before = factor
    return out


QUIET = [1.0] * 28


def test_nights_out_of_bounds_raise_one_alert_that_is_extended_and_ends(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(NIGHTS)
    store = filled(number, BEGIN, nights(*QUIET, 1.5, 2.0, 1.4, 1.0, 1.0))
    followed(store)
    (found,) = alerts("bourg")
    assert (found.rule, found.datastream, found.number) == ("regle", "ecole", 1)
    assert found.seen.first_start == paris(2026, 6, 1, 22)
    assert (found.seen.last_start, found.seen.periods) == (paris(2026, 6, 3, 22), 3)
    assert found.seen.raised == paris(2026, 6, 3, 6)
    assert (found.seen.value, found.seen.usual, found.seen.worst) == (16.0, 8.0, paris(2026, 6, 2, 22))
    assert (found.seen.ended, found.seen.ending) == (paris(2026, 6, 5, 6), Ending.NORMAL)
    assert (found.seen.version, found.seen.tells) == (1, ("batiments",))


def test_the_last_night_is_judged_when_its_last_value_is_there(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Constant(value=9), measured=measure(window=NIGHT)))
    values = nights(2.0, 1.0)[:30]
    store = filled(number, BEGIN, values[:29])
    follower = followed(store)
    assert alerts("bourg") == []
    filled(number, BEGIN + 29 * HOUR, values[29:30], store)
    followed(store, follower)
    assert [one.seen.value for one in alerts("bourg")] == [16.0]


def test_a_night_without_a_declared_cadence_waits_for_what_follows_it(db: Path) -> None:
    number = founded({"ecole": stream(0, cadence=None)})["ecole"]
    ruled(rule(Constant(value=9), measured=measure(window=NIGHT)))
    store = filled(number, BEGIN, nights(2.0, 1.0)[:30])
    follower = followed(store)
    assert alerts("bourg") == []
    filled(number, BEGIN + 30 * HOUR, [1.0], store)
    followed(store, follower)
    assert len(alerts("bourg")) == 1


def test_a_period_is_judged_once_whatever_comes_later(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Constant(value=30)))
    store = filled(number, BEGIN, [1.0] * 25)
    follower = followed(store)
    store.append(
        batch([number], [BEGIN], [100], end=[BEGIN + HOUR], correcting=True, reason="relevé à la main")
    ).result()
    filled(number, BEGIN + 25 * HOUR, [1.0] * 50, store)
    followed(store, follower)
    assert alerts("bourg") == []
    replayed(store)
    assert alerts("bourg") == []


def test_what_was_corrected_before_it_is_judged_counts_as_corrected(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Constant(value=30)))
    store = filled(number, BEGIN, [1.0] * 20)
    store.append(
        batch([number], [BEGIN], [100], end=[BEGIN + HOUR], correcting=True, reason="relevé à la main")
    ).result()
    filled(number, BEGIN + 20 * HOUR, [1.0] * 5, store)
    followed(store)
    assert [one.seen.value for one in alerts("bourg")] == [123.0]


def test_a_rule_looks_at_nothing_that_ended_before_its_day(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    store = filled(number, BEGIN, [9.0] * 24 * 10)
    ruled(rule(Constant(value=30), since=date(2026, 5, 10)))
    followed(store)
    (found,) = alerts("bourg")
    assert found.seen.first_start == paris(2026, 5, 10)


def test_years_loaded_later_raise_nothing_but_serve_as_past(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Usual(percent=30), since=date(2026, 6, 1)))
    store = filled(number, paris(2026, 6, 1), [3.0] * 30)
    follower = followed(store)
    assert alerts("bourg") == []
    filled(number, BEGIN, [1.0] * 24 * 28, store)
    filled(number, paris(2026, 6, 2, 6), [3.0] * 20, store)
    followed(store, follower)
    assert [(one.seen.first_start, one.seen.usual) for one in alerts("bourg")] == [(paris(2026, 6, 2), 24.0)]
    before = sighted()
    replayed(store)
    assert sighted() == before


def test_a_rule_that_is_written_finds_what_was_there_already(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    store = filled(number, BEGIN, nights(*QUIET, 1.5, 2.0, 1.0, 1.0))
    follower = followed(store)
    assert position_of(NAME) == store.position()
    ruled(NIGHTS)
    followed(store, follower)
    assert len(alerts("bourg")) == 1, "nothing had to be committed for that"
    assert RuleTurn.objects.get().position == store.position()


def test_a_rule_that_changes_ends_its_alert_and_judges_only_what_comes(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Constant(value=30)))
    store = filled(number, BEGIN, [2.0] * 24 * 5)
    follower = followed(store)
    assert alerts("bourg")[0].goes_on
    ruled(rule(Constant(value=20)))
    followed(store, follower)
    (found,) = alerts("bourg")
    assert (found.seen.ending, found.seen.version, found.seen.periods) == (Ending.CHANGED, 1, 5)
    filled(number, BEGIN + 5 * DAY, [2.0] * 24, store)
    followed(store, follower)
    second, first = alerts("bourg")
    assert (second.seen.version, second.seen.first_start) == (2, BEGIN + 5 * DAY)
    assert first == found


def test_a_rule_that_is_only_called_otherwise_goes_on_with_its_alert(db: Path) -> None:
    numbers = founded({"ecole": stream(0), "mairie": stream(0)})
    ruled(rule(Constant(value=30)))
    store = filled(numbers["ecole"], BEGIN, [2.0] * 24 * 3)
    follower = followed(store)
    ruled(rule(Constant(value=30), title=Text(fr="Autre nom"), measured=measure("ecole", "mairie")))
    filled(numbers["ecole"], BEGIN + 3 * DAY, [2.0] * 24, store)
    followed(store, follower)
    (found,) = alerts("bourg")
    assert (found.goes_on, found.seen.version, found.seen.periods) == (True, 2, 4)
    ruled(rule(Constant(value=30), measured=measure("mairie")))
    followed(store)
    assert alerts("bourg")[0].seen.ending is Ending.CHANGED, "it looks at that series no longer"
    before = sighted()
    replayed(store)
    assert sighted() == before


def test_an_alert_that_rests_on_nothing_any_more_is_closed_and_the_count_begins_again(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Constant(value=30)))
    store = filled(number, BEGIN, [2.0] * 24 * 3)
    follower = followed(store)
    note = Note(at=AT, account="a-2", action=Action.TAKE_BACK, text="mai.csv")
    taking = TakingBack(store, "bourg", [number])
    assert taking.close(note, Told()) == 0, "its measurements are there"
    store.erase(Erasure(datastreams=(number,), start=BEGIN, end=BEGIN + 3 * DAY))
    assert taking.close(note, Told()) == 1
    (gone,) = alerts("bourg")
    assert (gone.state, gone.seen.ending, gone.notes) == (AlertState.FALSE, Ending.TAKEN_BACK, (note,))
    filled(number, BEGIN + 3 * DAY, [2.0] * 24 * 2, store)
    followed(store, follower)
    new, former = alerts("bourg")
    assert (new.seen.first_start, new.seen.periods, former) == (BEGIN + 3 * DAY, 2, gone)
    replayed(store)
    assert [one.seen for one in alerts("bourg")] == [new.seen]


def test_an_alert_is_closed_when_what_is_left_no_longer_bears_it_out_and_those_who_were_told_hear_of_it(
    db: Path,
) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Constant(value=30)))
    store, told = filled(number, BEGIN, [2.0] * 24 * 3), Told()
    followed(store, following(store, told, to_datetime(BEGIN + 3 * DAY, "UTC")))
    note = Note(at=AT, account="a-2", action=Action.TAKE_BACK, text="mai.csv")
    taking = TakingBack(store, "bourg", [number])
    store.erase(Erasure(datastreams=(number,), start=BEGIN + DAY, end=BEGIN + 2 * DAY))
    assert taking.close(note, told) == 0, "two days are out of bounds still"
    for day in range(3):
        store.erase(Erasure(datastreams=(number,), start=BEGIN + day * DAY, end=BEGIN + day * DAY + 12 * HOUR))
    assert taking.close(note, told) == 1
    assert [one.seen.ending for one in alerts("bourg")] == [Ending.TAKEN_BACK]
    assert told.events == [(1, Event.RAISED), (1, Event.ENDED)]


def test_an_alert_of_a_state_is_closed_when_nobody_tells_of_that_state_any_more(db: Path) -> None:
    number = founded({"porte": stream(0, Nature.STATE, cadence=None)})["porte"]
    last = measure("porte", aggregate=Aggregate.LAST, period=Period.VALUE)
    ruled(rule(Constant(value=0), measured=last))
    store = MemoryStore()
    store.append(batch([number, number], [BEGIN, BEGIN + HOUR], [0, 1])).result()
    followed(store)
    note = Note(at=AT, account="a-2", action=Action.TAKE_BACK, text="portes.csv")
    taking = TakingBack(store, "bourg", [number])
    assert taking.close(note, Told()) == 0
    store.erase(Erasure(datastreams=(number,), start=BEGIN + HOUR, end=BEGIN + 2 * HOUR))
    assert taking.close(note, Told()) == 1, "the state before it was within bounds"


def test_a_rule_that_stops_ends_its_alert_and_one_that_begins_again_forgets_the_time_between(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    always = rule(Constant(value=30))
    ruled(always)
    store = filled(number, BEGIN, [2.0] * 24 * 3)
    follower = followed(store)
    ruled(msgspec.structs.replace(always, active=False))
    followed(store, follower)
    assert alerts("bourg")[0].seen.ending is Ending.STOPPED
    filled(number, BEGIN + 3 * DAY, [2.0] * 24 * 4, store)
    followed(store, follower)
    ruled(always)
    filled(number, BEGIN + 7 * DAY, [2.0] * 49, store)
    followed(store, follower)
    assert [one.seen.first_start for one in alerts("bourg")] == [BEGIN + 6 * DAY, BEGIN], "the day under way counts"
    withdrawn()
    followed(store, follower)
    assert alerts("bourg")[0].seen.ending is Ending.STOPPED
    before = sighted()
    replayed(store)
    assert sighted() == before


def test_a_rule_never_reads_the_series_of_another_territory(db: Path) -> None:
    founded({"ecole": stream(0)})
    other = founded({"ecole": stream(0), "mairie": stream(0)}, "ailleurs")
    ruled(rule(Constant(value=30), measured=measure("ecole", "mairie")))
    store = filled(other["ecole"], BEGIN, [9.0] * 60)
    filled(other["mairie"], BEGIN, [9.0] * 60, store)
    followed(store)
    assert alerts("bourg") == []
    assert alerts("ailleurs") == []


def test_what_people_did_survives_a_log_judged_again(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Constant(value=30)))
    store = filled(number, BEGIN, [2.0] * 50)
    followed(store)
    act("bourg", 1, Action.ACKNOWLEDGE, "", "p-1", datetime(2026, 5, 6, tzinfo=UTC))
    before = alert("bourg", 1)
    replayed(store)
    assert alert("bourg", 1) == before
    assert before.state is AlertState.ACKNOWLEDGED


def test_people_are_told_once_of_what_is_news(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Constant(value=30)))
    told = Told()
    store = filled(number, BEGIN, [*[2.0] * 24, *[1.0] * 48, *[2.0] * 24, *[1.0] * 25])
    follower = followed(store, following(store, told, to_datetime(BEGIN + 5 * DAY)))
    assert told.events == [(2, Event.RAISED), (2, Event.ENDED)], "the first one was over for days"
    replayed(store)
    followed(store, follower)
    assert len(told.events) == 2


def test_together_waits_for_all_series_but_not_for_ever(db: Path) -> None:
    numbers = founded({"ecole": stream(0), "mairie": stream(0)})
    ruled(rule(Constant(value=30), measured=measure("ecole", "mairie", together=True)))
    store = filled(numbers["ecole"], BEGIN, [1.0] * 30)
    follower = followed(store)
    filled(numbers["mairie"], BEGIN, [1.0] * 23, store)
    followed(store, follower)
    assert alerts("bourg") == []
    filled(numbers["mairie"], BEGIN + 23 * HOUR, [1.0], store)
    followed(store, follower)
    assert [(one.datastream, one.seen.value, one.seen.expected) for one in alerts("bourg")] == [("", 48.0, 48)]
    filled(numbers["ecole"], BEGIN + 30 * HOUR, [1.0] * 60, store)
    followed(store, follower)
    body: Any = courses()[0][-1]
    assert Outcome.INCOMPLETE.value.encode() in body, "one of the two was missing on the second day"


def test_values_are_judged_as_they_come(db: Path) -> None:
    number = founded({"co2": stream(0, Nature.GAUGE)})["co2"]
    asked = measure("co2", aggregate=Aggregate.LAST, period=Period.VALUE)
    ruled(rule(Constant(value=5), measured=asked, lasting=2))
    store = MemoryStore()
    for value in (1, 9, 9, 9, 1):
        store.append(batch([number], [BEGIN + len(store._commits) * HOUR], [value])).result()
    store.append(batch([number], [BEGIN + HOUR // 2], [99])).result()
    followed(store)
    (found,) = alerts("bourg")
    assert (found.seen.first_start, found.seen.periods) == (BEGIN + HOUR, 3)
    assert found.seen.ended == BEGIN + 4 * HOUR


def test_a_step_that_is_lost_leaves_nothing_and_is_done_again(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Constant(value=30)))
    store = filled(number, BEGIN, [2.0] * 50)
    follower = following(store)
    killed(store, follower)
    assert (alerts("bourg"), courses(), RuleTurn.objects.count()) == ([], [], 0)
    followed(store, follower)
    assert len(alerts("bourg")) == 1


def test_figures_that_no_usual_value_needs_any_more_are_dropped(db: Path) -> None:
    number = founded({"ecole": stream(0)})["ecole"]
    ruled(rule(Usual(percent=30, weeks=3)))
    store = MemoryStore()
    follower = following(store)
    for day in range(80):
        filled(number, BEGIN + day * DAY, [1.0] * 24, store)
        followed(store, follower)
    assert PastFigure.objects.count() < 50
    before = courses()
    replayed(store)
    assert courses() == before


CONDITIONS = (
    rule(Constant(value=62), measured=measure("a")),
    rule(Usual(percent=12, weeks=3), measured=measure("a", "b", window=NIGHT)),
    rule(Usual(percent=8, weeks=3), measured=measure("a", "b", together=True), operator=Operator.BELOW, lasting=2),
    rule(Constant(value=3), measured=measure("c", aggregate=Aggregate.MEAN, period=Period.HOUR), lasting=3),
    rule(Constant(value=4), measured=measure("c", aggregate=Aggregate.LAST, period=Period.VALUE), lasting=2),
    rule(Usual(percent=10, weeks=3), measured=measure("i", period=Period.DAY)),
    rule(Constant(value=0.55), measured=measure("d", aggregate=Aggregate.MEAN)),
    rule(Constant(value=380), measured=measure("a", "b", period=Period.WEEK), operator=Operator.BELOW),
)
STREAMS = {
    "a": stream(0),
    "b": stream(0, cadence=None),
    "c": stream(0, Nature.GAUGE),
    "i": stream(0, Nature.INDEX),
    "d": stream(0, Nature.STATE, cadence=None),
}
HOURS = 24 * 33


def commits(numbers: dict[str, int], chance: np.random.Generator) -> list[Any]:
    """Measurements of a month in commits of all sizes, some late, some corrected, none in a fixed order."""
    drawn = {
        "a": chance.integers(1, 5, HOURS),
        "b": chance.integers(1, 5, HOURS),
        "c": chance.integers(0, 6, HOURS),
        "i": np.cumsum(chance.integers(0, 4, HOURS)),
        "d": chance.integers(0, 2, HOURS),
    }
    parts = []
    for slug, values in drawn.items():
        at = 0
        while at < HOURS:
            size = int(chance.choice([1, 5, 24, 100]))
            starts = BEGIN + np.arange(at, min(at + size, HOURS)) * HOUR
            kept = chance.random(len(starts)) > 0.03  # some are lost
            late = float(chance.exponential(40)) if chance.random() < 0.2 else 0.0
            if kept.any():
                ends = starts[kept] if slug in "cid" else starts[kept] + HOUR
                one = batch([numbers[slug]] * int(kept.sum()), starts[kept], values[at : at + size][kept], end=ends)
                parts.append((at + size + late, one))
            if chance.random() < 0.1:
                again = int(chance.integers(0, at + 1))
                start = BEGIN + again * HOUR
                corrected = batch(
                    [numbers[slug]],
                    [start],
                    [int(values[again]) + 3],
                    end=[start if slug in "cid" else start + HOUR],
                    correcting=True,
                    reason="r",
                )
                parts.append((at + size + 1, corrected))
            at += size
    return [one for _when, one in sorted(parts, key=lambda pair: pair[0])]


def _emptied() -> None:
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_the_log_judged_again_gives_the_same_alerts_whatever_happened_in_between(db: Path, seed: int) -> None:
    _emptied()
    chance = np.random.default_rng(seed)
    numbers = founded(STREAMS)
    store, rules = MemoryStore(), list(CONDITIONS)
    follower = following(store)
    for one in range(3):
        ruled(rules[one], f"regle-{one}", since=date(2026, 5, 6))
    for part in commits(numbers, chance):
        store.append(part).result()
        happens = chance.random()
        if happens < 0.25:
            step(follower, store, int(chance.choice([1, 50, 5_000])))
        elif happens < 0.28:
            killed(store, follower)
        elif happens < 0.30:
            follower = following(store)  # another process
        elif happens < 0.34:
            which = int(chance.integers(0, len(rules)))
            active = bool(chance.random() < 0.8)
            ruled(msgspec.structs.replace(rules[which], active=active, since=date(2026, 5, 8)), f"regle-{which}")
    followed(store, follower)
    live = sighted(), courses()
    for limit in (65_536, 7):
        replayed(store, limit)
        assert (sighted(), courses()) == live
    assert all(row.first < row.raised for row in AlertRow.objects.all())
