"""A promise over time: how it stood from when to when, and the line that shows it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from markupsafe import Markup

from bocage.domain.decision import Standing
from bocage.domain.text import message as _
from bocage.evidence import Turned

KEPT, MEND = "kept", "mend"
WORDS = {
    KEPT: _("Kept"),
    MEND: _("To mend"),
    Standing.UNCHECKED.value: _("Cannot be checked yet"),
    Standing.NOT_CONCERNED.value: _("Not concerned"),
}
_LANES = {KEPT: 0, MEND: 2}
"""Kept above, to mend below, what does not bind in between: a state is never a colour alone."""
LANE = 16


class Spell(msgspec.Struct, frozen=True, kw_only=True):
    """It stood so from `start` to `end`; `lasting` when it still does."""

    outcome: str
    start: datetime
    end: datetime
    lasting: bool = False

    @property
    def words(self) -> str:
        """How it stood, an English message."""
        return WORDS[self.outcome]


def spells(turns: Sequence[Turned], now: datetime) -> list[Spell]:
    """From turns, newest first, the spells they make, oldest first."""
    found: list[Spell] = []
    later = now
    for turn in turns:
        found.append(Spell(outcome=turn.outcome, start=turn.at, end=later, lasting=not found))
        later = turn.at
    return found[::-1]


def line(found: Sequence[Spell], said: str, begin: datetime | None = None, lane: int = LANE) -> Markup:
    """The spells drawn in three lanes; nothing to draw when it was never looked at.

    `begin`: where the drawing begins, so that lines below one another compare; its own beginning when not said.
    `lane`: the height of each, in pixels.
    """
    if not found:
        return Markup("")
    first, last = (begin or found[0].start).timestamp(), found[-1].end.timestamp()
    bars = Markup("").join(_bar(one, first, max(last - first, 1.0), lane) for one in found)
    head = Markup('<svg class="lanes" width="100%" height="{}" role="img" aria-label="{}">{}</svg>')
    return head.format(3 * lane, said, bars)


def _bar(one: Spell, begin: float, span: float, lane: int) -> Markup:
    left = max(0.0, (one.start.timestamp() - begin) / span * 100)
    width = max(0.4, (one.end.timestamp() - begin) / span * 100 - left)
    name = one.outcome if one.outcome in _LANES else "beside"
    return Markup('<rect class="lane-{}" x="{:.2f}%" y="{}" width="{:.2f}%" height="{}"/>').format(
        name, left, _LANES.get(one.outcome, 1) * lane, width, lane - 2
    )
