"""One thing about the machine that is well or is not: in which state it is, why, and what to do."""

from collections.abc import Iterable

import msgspec

from bocage.domain.label import Labelled
from bocage.domain.said import Said, Value
from bocage.domain.text import message as _


class Area(Labelled):
    """What a point is about, in the order of the page."""

    BACKUPS = "backups", _("Backups")
    DISK = "disk", _("Disk")
    CLOCK = "clock", _("Clock")
    VERSION = "version", _("Version")
    MAIL = "mail", _("Mail")
    WORK = "work", _("Scheduled work")
    DELIVERIES = "deliveries", _("Deliveries")


class State(Labelled):
    """How it is, best first."""

    WELL = "well", _("All is well")
    UNSET = "unset", _("Not set up")
    UNKNOWN = "unknown", _("Not known")
    WATCH = "watch", _("To watch")
    TROUBLE = "trouble", _("To mend now")


_ORDER = tuple(State)


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """What is so, and what to do about it (nothing when all is well)."""

    area: Area
    state: State
    said: tuple[Said, ...]
    todo: Said | None = None


def stated(area: Area, state: State, message: str, todo: str = "", **values: Value) -> Point:
    """What is so in one sentence with its values, and what to do about it in another."""
    said = (Said(message=message, values=values),)
    return Point(area=area, state=state, said=said, todo=Said(message=todo) if todo else None)


def worst(points: Iterable[Point]) -> State:
    """The state of the one that needs a hand most; what is not known does not weigh on what is well."""
    return max((point.state for point in points), key=_ORDER.index, default=State.WELL)


def to_mend(points: Iterable[Point]) -> tuple[Point, ...]:
    """Those that need a hand, most needed first."""
    needy = (point for point in points if point.state in (State.WATCH, State.TROUBLE))
    return tuple(sorted(needy, key=lambda point: -_ORDER.index(point.state)))
