"""What works beside the requests while an instance serves: followers, jobs, ticks, commands."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bocage import outbox
from bocage.assembly.channel import Listening
from bocage.assembly.commands import run
from bocage.assembly.instance import Instance
from bocage.assembly.schedule import carriers, jobs
from bocage.assembly.telling import telling
from bocage.assembly.ticking import Tick, Ticking
from bocage.domain.instant import to_ms
from bocage.imports.record import stopped
from bocage.ingest.replay import Replay
from bocage.jobs import Runner
from bocage.steer import Follower, Following, Plausible, follow_activity, follow_arrivals
from bocage.steer.ruling import Rules

HAND_OVER = 0.001  # seconds; a thread that computes lets the one that answers senders go on after so long (else 5 ms)

DROP = 2.0  # seconds between two replayed values, so that one sees them arrive for some minutes


@contextmanager
def working(instance: Instance) -> Iterator[Runner]:
    """Start everything that works by itself; on the way out stop it in the reverse order."""
    with ExitStack() as stopping:
        stopping.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(HAND_OVER)
        stopped()  # imports that the last stop of the machine cut short say so
        following = Following(instance.store, _followers(instance))
        stopping.callback(following.stop)
        ticking = Ticking(_ticks(instance), instance.clock)
        stopping.callback(ticking.stop)
        # Apart: a receiver that does not answer holds up nothing else.
        deliverer = outbox.Deliverer(carriers(instance), instance.clock)
        delivering = Ticking({"outbox": deliverer.run}, instance.clock)
        stopping.callback(delivering.stop)
        stopping.callback(deliverer.stop)
        if instance.loaded.settings.replay:
            replay = Ticking({"replay": replaying(instance).tick}, instance.clock, DROP)
            stopping.callback(replay.stop)
        runner = Runner(jobs(instance), instance.clock)
        runner.start()
        stopping.callback(runner.stop)
        listening = Listening(instance.places.socket, lambda name, values, tell: run(instance, name, values, tell))
        stopping.callback(listening.stop)
        yield runner


def _followers(instance: Instance) -> list[Follower]:
    def now() -> int:
        return to_ms(instance.clock())

    rules = Rules(instance.store, telling(instance), instance.clock)
    return [follow_activity(now), follow_arrivals(now, Plausible().ranges), rules.follower]


def _ticks(instance: Instance) -> dict[str, Tick]:
    return {
        "refusals": instance.intake.refusals.flush,
        "tokens": instance.tokens.flush,
        "sessions": instance.uses.flush,
        "drop": instance.intake.drop,
        "clock": lambda at: instance.hearing.turn(at, time.monotonic()),
    }


def replaying(instance: Instance) -> Replay:
    """What is replayed in the demonstration territories of this instance."""
    return Replay(instance.intake.reception, Path(instance.loaded.settings.replay))
