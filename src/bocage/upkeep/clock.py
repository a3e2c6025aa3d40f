"""Whether the clock is right, and how surely that is known: the machine, servers read anyway, senders, jumps."""

import statistics
import threading
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Final

import msgspec

from bocage.domain.said import Instant, Length, Value
from bocage.domain.text import message as _
from bocage.upkeep.point import Area, Point, State, stated

BELIEVED: Final = timedelta(days=1)  # for how long what a server said counts
REMEMBERED: Final = timedelta(days=7)
JUMP: Final = 2.0  # seconds set back at once that are no correction of every day
CLOSE: Final = 5.0  # seconds within which a server, that writes whole seconds, says the same as we
WRONG: Final = 30.0
SURE: Final = timedelta(seconds=10)  # an answer that took longer says nothing of the time
HALF: Final = timedelta(seconds=0.5)
SENDERS: Final = 2  # whose times lie days ahead before we doubt our own

_point = partial(stated, Area.CLOCK)


class Jump(msgspec.Struct, frozen=True, kw_only=True):
    """The clock was set back: when (on the new clock), and how far."""

    at: datetime
    seconds: float


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known. `kept`: by a time server, says the machine; None when it does not say.

    `servers`: by host, seconds by which it is ahead of us. `early`: sources whose times lie more than a day ahead.
    """

    kept: bool | None
    servers: dict[str, float]
    jumps: tuple[Jump, ...]
    early: int = 0

    @property
    def ahead(self) -> float | None:
        """Seconds by which servers are ahead of this clock, in the middle of them; None when none was heard."""
        return statistics.median(self.servers.values()) if self.servers else None


class Hearing:
    """Notes what tells of the clock as it goes by: the date of answers, and whether time runs forward."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._servers: dict[str, tuple[float, datetime]] = {}
        self._jumps: deque[Jump] = deque(maxlen=20)
        self._last: tuple[datetime, float] | None = None

    def answered(self, host: str, headers: Mapping[str, str], before: datetime, after: datetime) -> None:
        """What a server that was asked `before` and answered `after` says of the time; nothing when it is not sure."""
        told = _date(headers)
        if told is None or after - before > SURE:
            return
        middle = before + (after - before) / 2
        with self._lock:
            # It writes whole seconds: half a second later is the middle of what it may have meant.
            self._servers[host] = ((told + HALF - middle).total_seconds(), after)

    def turn(self, wall: datetime, steady: float) -> None:
        """The clock says `wall` while a steady counter says `steady` seconds; called every second or so."""
        with self._lock:
            before, self._last = self._last, (wall, steady)
            if before is None:
                return
            back = (steady - before[1]) - (wall - before[0]).total_seconds()
            if back > JUMP:
                self._jumps.append(Jump(at=wall, seconds=back))

    def heard(self, at: datetime) -> tuple[dict[str, float], tuple[Jump, ...]]:
        """What is still worth believing at this moment."""
        with self._lock:
            servers = {host: ahead for host, (ahead, when) in self._servers.items() if at - when < BELIEVED}
            return servers, tuple(jump for jump in self._jumps if at - jump.at < REMEMBERED)


def _date(headers: Mapping[str, str]) -> datetime | None:
    """When the answer was made; None when it does not say, or was kept by somebody on the way."""
    found = {name.lower(): value for name, value in headers.items()}
    if "date" not in found or found.get("age", "0") != "0":
        return None
    try:
        told = parsedate_to_datetime(found["date"])
    except ValueError:
        return None
    return told if told.tzinfo else None


def points(clock: Clock) -> tuple[Point, ...]:
    """What is to be said of the clock: the surest first."""
    found = [_state(clock)]
    if clock.jumps:
        last = clock.jumps[-1]
        values: dict[str, Value] = {"length": Length(last.seconds), "when": Instant.of(last.at)}
        found.append(_point(State.WATCH, _BACK, _SYNCHRONISE, **values))
    if clock.early >= SENDERS:
        found.append(_point(State.WATCH, _EARLY, _COMPARE, count=clock.early))
    return tuple(found)


def _state(clock: Clock) -> Point:
    ahead, count = clock.ahead, len(clock.servers)
    if ahead is not None and count > 1 and abs(ahead) > WRONG:
        message = _LATE if ahead > 0 else _FAST
        return _point(State.TROUBLE, message, _SYNCHRONISE, length=Length(abs(ahead)), count=count)
    if clock.kept:
        return _point(State.WELL, _KEPT_AND_HEARD if ahead is not None else _KEPT, count=count)
    if ahead is not None and abs(ahead) > WRONG:
        return _point(State.WATCH, _ONE_DIFFERS, _COMPARE, host=next(iter(clock.servers)), length=Length(abs(ahead)))
    if clock.kept is False:
        return _point(State.WATCH, _UNKEPT, _SYNCHRONISE)
    if ahead is not None and abs(ahead) <= CLOSE:
        return _point(State.WELL, _HEARD, count=count)
    return _point(State.UNKNOWN, _UNKNOWN, _COMPARE)


_KEPT = _("A time server keeps this clock right; the machine says so.")
_KEPT_AND_HEARD = _(
    "A time server keeps this clock right; the machine says so, and servers read here (%(count)s) say the same."
)
_HEARD = _("Servers read here (%(count)s) say the same time. The machine does not say who keeps its clock.")
_UNKNOWN = _("Nobody here can say whether this clock is right.")
_UNKEPT = _("No time server keeps this clock: it may drift by some seconds a day.")
_LATE = _("This clock is late by %(length)s, say the servers read here (%(count)s).")
_FAST = _("This clock is ahead by %(length)s, say the servers read here (%(count)s).")
_ONE_DIFFERS = _("%(host)s says a time that differs by %(length)s; one of the two is wrong.")
_BACK = _("The clock was set back by %(length)s on %(when)s.")
_EARLY = _("Sources (%(count)s) send times that lie more than a day ahead: their clocks are wrong, or this one is.")
_SYNCHRONISE = _("On the machine: timedatectl set-ntp true, then look again here.")
_COMPARE = _("Compare the time this page shows with that of a telephone.")
