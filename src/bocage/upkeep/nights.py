"""Whether the copies of every night are made, sound, and out of reach of what they are made against."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

import msgspec

from bocage.domain.said import Instant, Length, Octets, Said, Value
from bocage.domain.text import message as _
from bocage.upkeep.copies import Copy
from bocage.upkeep.point import Area, Point, State, stated

LATE: Final = timedelta(hours=36)

_point = partial(stated, Area.BACKUPS)


class Nights(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the copies, newest first.

    `failure`: what the last try to make one said, empty when it was made; `untried`: why the newest one could not be
    tried. `following`: when the next one is due.
    `beside`: they lie on the disk of the data. `elsewhere`: where they are taken to, as somebody wrote.
    """

    copies: tuple[Copy, ...]
    failure: tuple[Said, ...] = ()
    untried: tuple[Said, ...] = ()
    following: datetime | None = None
    beside: bool = False
    elsewhere: str = ""

    @property
    def newest(self) -> Copy | None:
        """The newest copy."""
        return self.copies[0] if self.copies else None

    @property
    def restorable(self) -> Copy | None:
        """The newest copy that was restored to try it, and held."""
        return next((copy for copy in self.copies if copy.tried and copy.tried.sound), None)


def points(nights: Nights, now: datetime) -> tuple[Point, ...]:
    """What is to be said of the backups, what is most pressing first."""
    return (*_made(nights, now), *_sound(nights), *_apart(nights))


def _made(nights: Nights, now: datetime) -> tuple[Point, ...]:
    newest = nights.newest
    if nights.failure:
        since = () if newest is None else (Said(message=_SINCE, values={"when": Instant.of(newest.at)}),)
        return (
            Point(area=Area.BACKUPS, state=State.TROUBLE, said=(*nights.failure, *since), todo=Said(message=_AGAIN)),
        )
    if newest is None:
        if nights.following is None:
            return (_point(State.TROUBLE, _NEVER, _SET_UP),)
        return (_point(State.UNKNOWN, _FIRST, "", when=Instant.of(nights.following)),)
    values: dict[str, Value] = {"when": Instant.of(newest.at), "size": Octets(newest.bytes)}
    if now - newest.at > LATE:
        return (_point(State.WATCH, _OLD, _AGAIN, age=Length.of(now - newest.at)),)
    return (_point(State.WELL, _MADE, "", **values),)


def _sound(nights: Nights) -> tuple[Point, ...]:
    newest = nights.newest
    if newest is None:
        return ()
    if newest.tried is None:
        return (_trouble(nights.untried, _TRY) if nights.untried else _point(State.UNKNOWN, _UNTRIED, _TRY),)
    if newest.tried.sound:
        return (_point(State.WELL, _RESTORED, "", when=Instant.of(newest.tried.at)),)
    other = nights.restorable
    last = Said(message=_ELDER, values={"when": Instant.of(other.at)}) if other else Said(message=_NONE)
    return (_trouble((*newest.tried.said, last), _ANOTHER),)


def _apart(nights: Nights) -> tuple[Point, ...]:
    if nights.elsewhere:
        return (_point(State.WELL, _ELSEWHERE, "", place=nights.elsewhere),)
    return (_point(State.WATCH, _BESIDE if nights.beside else _HERE, _AWAY),)


def _trouble(said: tuple[Said, ...], todo: str) -> Point:
    return Point(area=Area.BACKUPS, state=State.TROUBLE, said=said, todo=Said(message=todo))


_MADE = _("Last copy on %(when)s: %(size)s.")
_OLD = _("The last copy is %(age)s old.")
_FIRST = _("No copy yet; the first one is made on %(when)s at the latest.")
_NEVER = _("No copy was ever made.")
_SINCE = _("The last copy is of %(when)s.")
_UNTRIED = _("Nobody tried yet whether it can be restored.")
_RESTORED = _("Restored to try it on %(when)s: all was there.")
_ELDER = _("The newest copy that could be restored is of %(when)s.")
_NONE = _("No copy here could be restored.")
_BESIDE = _("The copies lie on the disk of the data: they would be lost with it.")
_HERE = _("The copies lie on another disk of this very machine: fire, theft or a lock by extortion takes both.")
_ELSEWHERE = _("Copies are taken elsewhere too, as somebody wrote here: %(place)s.")
_AGAIN = _("Mend what is said here, then: Back up now.")
_SET_UP = _("Back up now, or keep Bocage running at night.")
_TRY = _("Test it now.")
_ANOTHER = _("Back up now, and have the disk looked at if it happens again.")
_AWAY = _("Have the folder copied to another place every day, and write where in the settings.")
