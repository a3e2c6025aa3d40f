"""What a check of a certificate found, point by point."""

from collections.abc import Iterable

import msgspec

from bocage.domain.label import Labelled
from bocage.domain.said import Said, Value
from bocage.domain.text import message as _
from bocage.publish.certificate.paper import Paper


class State(Labelled):
    """What came of one point."""

    GOOD = "good", _("Holds")
    WRONG = "wrong", _("Does not hold")
    CHANGED = "changed", _("Changed since")
    UNCHECKED = "unchecked", _("Not checked")


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One point, in one sentence."""

    state: State
    said: Said


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """All points of a certificate. `online`: whether the instance itself was asked."""

    paper: Paper
    points: tuple[Point, ...]
    online: bool

    @property
    def state(self) -> State:
        """The worst of them; what was not checked is told beside, and makes nothing wrong."""
        found = {point.state for point in self.points}
        return next((one for one in (State.WRONG, State.CHANGED) if one in found), State.GOOD)


def good(message: str, **values: Value) -> Point:
    """It holds."""
    return Point(state=State.GOOD, said=Said(message=message, values=values))


def wrong(message: str, **values: Value) -> Point:
    """It does not hold: nothing of the certificate is to be relied on."""
    return Point(state=State.WRONG, said=Said(message=message, values=values))


def changed(message: str, **values: Value) -> Point:
    """It held when the certificate was made, and stands otherwise today."""
    return Point(state=State.CHANGED, said=Said(message=message, values=values))


def unchecked(message: str, **values: Value) -> Point:
    """Nobody looked, or nobody can."""
    return Point(state=State.UNCHECKED, said=Said(message=message, values=values))


def either(holds: bool, yes: str, no: str, **values: Value) -> Point:
    """The one sentence or the other."""
    return good(yes, **values) if holds else wrong(no, **values)


def verdict(paper: Paper, points: Iterable[Point], *, online: bool) -> Verdict:
    """What was found."""
    return Verdict(paper=paper, points=tuple(points), online=online)
