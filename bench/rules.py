"""What following rules costs beside the log, with 0, 10 and 1,000 rules over 1,000 series, beside counting activity.

python -m bench rules [--streams 1000] [--days 40] [--alone 96]

Each commit of the log is one value of every series, half-hourly. Each rule watches the nights of one series against
their usual value (22:00 to 06:00, 30%, four weeks), the dearest that a form proposes. The first days are followed in
runs of commits, as after a start; the last `alone` commits one by one, as they come: the longest of these steps is
the one in which a thousand nights end at once.
"""

import argparse
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from bench.given import AFTER, DAY, PLACE, T0, tell

from bocage.domain.observation import ObservationBatch
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.protocol import Store

if TYPE_CHECKING:
    from bocage.steer.follower import Follower  # tables: only once the database is open

HALF_HOUR = 1_800_000


def commit(streams: int, at: int, rng: np.random.Generator) -> ObservationBatch:
    """One value of every series; now and then a night is twice what it should be."""
    start = np.full(streams, at, np.int64)
    factor = 1.0 + (rng.random(streams) < 0.01)
    return ObservationBatch(
        datastream=np.arange(1, streams + 1, dtype=np.int32),
        start=start,
        end=start + HALF_HOUR,
        kind=np.zeros(streams, np.uint8),
        number=np.round(rng.normal(1.0, 0.05, streams) * factor, 3),
        origin=np.zeros(streams, np.uint8),
    )


def declare(streams: int, rules: int) -> None:
    """The series, and so many rules."""
    from bocage import registers, sensing
    from bocage.domain.algorithm import Algorithm
    from bocage.domain.declaration import Declaration, Key
    from bocage.domain.measure import Aggregate, Measure, Window
    from bocage.domain.nature import Nature
    from bocage.domain.rule import Comparison, Rule, Usual
    from bocage.domain.sensing import Datastream
    from bocage.domain.territory import Territory
    from bocage.domain.text import Text

    def stated(body: Declaration, slug: str) -> registers.Put:
        return registers.Put(key=Key(territory=PLACE, kind=body.kind, slug=slug), body=body, expected=-1)

    if not registers.territories():
        registers.record([stated(Territory(title=Text(fr="Banc"), population=4200), PLACE)], "b", AFTER, PLACE)
        series = [
            Datastream(title=Text(fr="s"), thing="t", observed_property="p", nature=Nature.AMOUNT, cadence_seconds=1800)
        ] * streams
        sensing.put_all(PLACE, [(f"s{n}", one) for n, one in enumerate(series, 1)], AFTER)
    changes = []
    for number in range(1, rules + 1):
        measure = Measure(
            datastreams=(f"s{number}",), aggregate=Aggregate.SUM, window=Window(start="22:00", end="06:00")
        )
        rule = Rule(title=Text(fr="r"), service="s", condition=Comparison(measure=measure, than=Usual(), lasting=2))
        entry = Algorithm(title=Text(fr="r"), rule=f"r{number}", since=date(2020, 1, 1))
        changes += [stated(rule, f"r{number}"), stated(entry, f"r{number}")]
    registers.record(changes, "b", AFTER, PLACE)


def follow(store: Store, make: Callable[[], "Follower"], alone_from: int, streams: int) -> tuple[float, list[float]]:
    """Observations a second in runs, and the seconds of each step of one commit."""
    from bocage.steer.follower import AT_ONCE, caught_up, step

    follower = make()
    begin, taken = perf_counter(), 0
    while (left := alone_from - caught_up(follower)) > 0:
        taken += step(follower, store, min(AT_ONCE, left * streams))
    spent = perf_counter() - begin
    alone = []
    while caught_up(follower) < store.position():
        begun = perf_counter()
        step(follower, store, 1)
        alone.append(perf_counter() - begun)
    return taken / spent, alone


def main() -> None:
    """Fill a log, then follow it in each way from its beginning."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--streams", type=int, default=1000)
    asked.add_argument("--days", type=int, default=40)
    asked.add_argument("--alone", type=int, default=96)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        from bocage import relational

        relational.configure(Path(folder), secret=b"only in benches, and long enough to sign a session")
        relational.migrate()
        store = EmbeddedStore(Path(folder) / "log")
        rng = np.random.default_rng(1)
        for at in range(T0, T0 + options.days * DAY, HALF_HOUR):
            store.append(commit(options.streams, at, rng)).result()
        store.drain()
        measured(store, options)
        store.close()


def measured(store: EmbeddedStore, options: argparse.Namespace) -> None:
    """The reference first, then with more and more rules."""
    from bocage.steer import follow_activity
    from bocage.steer.alerts import alerts
    from bocage.steer.keeping import forget_all
    from bocage.steer.ruling import Rules

    alone_from = store.position() - options.alone

    def activity() -> "Follower":
        return follow_activity(lambda: 0)

    def rules() -> "Follower":
        return Rules(store, lambda alert, event, at: None, lambda: AFTER).follower

    declare(options.streams, 0)
    ways = [("activity, the reference", activity, 0), ("rules, none in force", rules, 0)]
    ways += [(f"rules, {count:,} in force", rules, count) for count in (10, 1000) if count <= options.streams]
    for name, make, count in ways:
        if count:
            declare(options.streams, count)
            forget_all()
            _turned_at_the_beginning()
        rate, steps = follow(store, make, alone_from, options.streams)
        told = f"{rate:,.0f} obs/s" if rate else "nothing read"
        tell(f"{name}: after a start", told)
        if steps:
            tell(f"{name}: commit by commit", f"{1 / median(steps):,.0f} commits/s", f"longest {max(steps):.2f} s")
    with suppress(IndexError):
        tell("alerts of all this", f"{alerts(PLACE, limit=1)[0].number:,}")


def _turned_at_the_beginning() -> None:
    """Rules are in force from the first position, as if they had been written before the log."""
    from bocage.steer.keeping import NAME
    from bocage.steer.tables import Progress, RuleTurn

    RuleTurn.objects.all().delete()
    Progress.objects.filter(pk=NAME).delete()


if __name__ == "__main__":
    main()
