"""All that is known of the machine at one moment, and the points it comes down to."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from bocage.domain.said import Term
from bocage.domain.text import message as _
from bocage.upkeep import clock, nights, room, version
from bocage.upkeep.clock import Clock
from bocage.upkeep.nights import Nights
from bocage.upkeep.point import Area, Point, State, stated
from bocage.upkeep.room import Room
from bocage.upkeep.version import Version


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """Scheduled work and deliveries: labels of jobs whose last run failed, what stops all of them, parcels by fate."""

    failed: tuple[str, ...] = ()
    trouble: str = ""
    given_up: int = 0
    waiting: int = 0
    running: bool = True


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The machine at one moment. `mail`: whether a mail server is set."""

    at: datetime
    nights: Nights
    room: Room
    clock: Clock
    version: Version
    work: Work = Work()
    mail: bool = False

    @property
    def points(self) -> tuple[Point, ...]:
        """Every point, by area."""
        return (
            *nights.points(self.nights, self.at),
            room.point(self.room),
            *clock.points(self.clock),
            *version.points(self.version, self.at.date()),
            _mail(self.mail),
            *_work(self.work),
            *_deliveries(self.work),
        )

    @property
    def areas(self) -> Mapping[Area, tuple[Point, ...]]:
        """The points of each area, in the order of the page."""
        found = self.points
        return {area: tuple(point for point in found if point.area is area) for area in Area}


def _mail(there: bool) -> Point:
    if there:
        return stated(Area.MAIL, State.WELL, _MAIL)
    return stated(Area.MAIL, State.UNSET, _NO_MAIL, _SET_MAIL)


def _work(work: Work) -> Iterable[Point]:
    if work.trouble:
        yield stated(Area.WORK, State.TROUBLE, _STOPPED, _LOOK, failure=work.trouble)
    elif not work.running:
        yield stated(Area.WORK, State.WATCH, _NONE)
    elif not work.failed:
        yield stated(Area.WORK, State.WELL, _DONE)
    for label in work.failed:
        yield stated(Area.WORK, State.WATCH, _FAILED, _LOOK, work=Term(label))


def _deliveries(work: Work) -> Iterable[Point]:
    if work.given_up:
        yield stated(Area.DELIVERIES, State.WATCH, _GIVEN_UP, _RESEND, count=work.given_up)
    elif work.waiting:
        yield stated(Area.DELIVERIES, State.WELL, _WAITING, count=work.waiting)
    else:
        yield stated(Area.DELIVERIES, State.WELL, _LEFT)


_MAIL = _("A mail server is set.")
_NO_MAIL = _("No mail server is set: links and alerts do not leave by mail.")
_SET_MAIL = _("Set it on the page of settings if you want mail.")
_DONE = _("All that was due was done.")
_NONE = _("No scheduled work runs in this process.")
_FAILED = _("This did not work the last time: %(work)s.")
_STOPPED = _("Scheduled work cannot be recorded: %(failure)s.")
_LOOK = _("What it said stands below; it is tried again by itself.")
_LEFT = _("All that was to leave has arrived.")
_WAITING = _("On their way: %(count)s; they are tried again by themselves.")
_GIVEN_UP = _("Given up after a week of tries: %(count)s.")
_RESEND = _("Look below what each receiver answered, then send again.")
