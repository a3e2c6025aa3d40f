"""What works beside the requests while an instance serves: followers, jobs, ticks, commands."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bocage import evidence, orders, outbox, registers
from bocage.assembly.brokers import Brokers, seat, sharing, works
from bocage.assembly.channel import Listening, Run, Tell, ask
from bocage.assembly.commands import run
from bocage.assembly.databases import lead
from bocage.assembly.instance import Instance
from bocage.assembly.leading import Leading
from bocage.assembly.schedule import carriers, jobs
from bocage.assembly.sharing import Sharing
from bocage.assembly.sparing import give_back
from bocage.assembly.telling import telling
from bocage.assembly.ticking import Tick, Ticking
from bocage.domain.errors import Unavailable
from bocage.domain.instant import to_ms
from bocage.domain.text import message as _
from bocage.evidence.acting import examine_moved
from bocage.imports.record import stopped
from bocage.ingest.replay import Replay
from bocage.jobs import Runner
from bocage.steer import Follower, Following, Plausible, follow_activity, follow_arrivals
from bocage.steer.ruling import Rules
from bocage.upkeep import usage

HAND_OVER = 0.0002  # seconds; a thread that computes lets the one that answers senders go on after so long (else 5 ms)

MINUTE = 60.0  # seconds between two turns in which freed memory is given back
HOUR = 3_600.0  # seconds between two turns in which a process that never leads reads again what it could not read
JOB = "job"  # what another process asks of the one that leads
DROP = 2.0  # seconds between two replayed values, so that one sees them arrive for some minutes


@contextmanager
def working(instance: Instance, url: str = "", *, leads: bool = True) -> Iterator[Runner]:
    """Start everything that works by itself; on the way out stop it in the reverse order.

    `url`: the database that other processes may share; what must be done once is then done by the one that leads.
    Not `leads`: never by this one.
    """
    runner = Runner(jobs(instance), instance.clock, _elsewhere(instance) if url else None)
    with ExitStack() as stopping:
        stopping.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(HAND_OVER)
        instance.intake.brokers.elsewhere = bool(url)
        ticking = Ticking(_ticks(instance), instance.clock)
        stopping.callback(ticking.stop)
        minutely = {"memory": lambda at: give_back(), "usage": lambda at: usage.flush(at, registers.territories())}
        if not leads:  # its folder is its own: what it keeps of persons goes in time all the same
            minutely["folder"] = instance.intake.sweep
            instance.intake.sweep(instance.clock())
            stopping.callback(Ticking({"unread": instance.intake.reread}, instance.clock, HOUR).stop)
        stopping.callback(Ticking(minutely, instance.clock, MINUTE).stop)
        if url:
            stopping.callback(Sharing(instance, url).stop)
            place = stopping.enter_context(seat(instance.places.keys))
            stopping.callback(Brokers(sharing(instance, place)).stop)
        if leads and url:
            stopping.callback(Leading(lead(url), lambda: led(instance, runner, several=True)).stop)
        elif leads:
            stopping.enter_context(led(instance, runner))
        yield runner


@contextmanager
def led(instance: Instance, runner: Runner, *, several: bool = False) -> Iterator[None]:
    """What is done once, however many processes there are: followers, jobs, deliveries, files dropped, commands."""
    with ExitStack() as stopping:
        stopped()  # imports that the last stop of the machine cut short say so
        following = Following(instance.store, _followers(instance))
        stopping.callback(following.stop)
        looked = {"drop": instance.intake.drop, "subscribers": instance.subscribers.look}
        dropping = Ticking(looked, instance.clock)
        stopping.callback(dropping.stop)
        # Apart: a receiver that does not answer holds up nothing else.
        carried = carriers(instance)
        deliverer = outbox.Deliverer(carried, instance.clock, besides=(orders.KIND,))
        delivering = Ticking({"outbox": deliverer.run}, instance.clock)
        stopping.callback(delivering.stop)
        stopping.callback(deliverer.stop)
        stopping.callback(_ordering(instance, carried).stop)
        if instance.loaded.settings.replay:
            replay = Ticking({"replay": replaying(instance).tick}, instance.clock, DROP)
            stopping.callback(replay.stop)
        instance.intake.brokers.elsewhere = False
        brokers = Brokers(*works(instance, several=several))
        stopping.callback(brokers.stop)
        runner.start()
        stopping.callback(runner.stop)
        channel = Listening(instance.places.socket, _answer(instance, runner))
        stopping.callback(channel.stop)
        yield


def _ordering(instance: Instance, carried: Mapping[str, Any]) -> Ticking:
    """Orders to equipment, and above all their way back: nobody else's receiver holds them up."""
    turning = orders.Turning(instance.store)
    deliverer = outbox.Deliverer(carried, instance.clock, only=(orders.KIND,))
    turned = {"orders": lambda at: examine_moved(turning.turn(at), at), "equipment": deliverer.run}
    return Ticking(turned, instance.clock)


def _answer(instance: Instance, runner: Runner) -> Run:
    """Commands of people, and jobs that the other processes ask for."""

    def answer(name: str, values: dict[str, Any], tell: Tell) -> dict[str, Any]:
        if name == JOB:
            runner.ask(values["name"])
            return {}
        return run(instance, name, values, tell)

    return answer


def _elsewhere(instance: Instance) -> Callable[[str], object]:
    """Ask the process that leads, which listens beside the data, for a job."""

    def elsewhere(name: str) -> None:
        try:
            ask(instance.places.socket, JOB, {"name": name}, lambda told: None)
        except OSError as error:
            raise Unavailable(_("a process that does the scheduled work"), str(error), _("try again")) from error

    return elsewhere


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
        "clock": lambda at: instance.hearing.turn(at, time.monotonic()),
        "commons": instance.commons.look,
        "declined": evidence.count_declined,
    }


def replaying(instance: Instance) -> Replay:
    """What is replayed in the demonstration territories of this instance."""
    return Replay(instance.intake.reception, Path(instance.loaded.settings.replay))
