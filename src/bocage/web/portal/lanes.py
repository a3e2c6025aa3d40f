"""A promise over time: how it stood from when to when, and the line that shows it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from markupsafe import Markup, escape

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
WIDTH, LANE = 760, 16


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


def line(found: Sequence[Spell], said: str) -> Markup:
    """The spells drawn in three lanes; nothing to draw when it was never looked at."""
    if not found:
        return Markup("")
    begin, end = found[0].start.timestamp(), found[-1].end.timestamp()
    span = max(end - begin, 1.0)
    bars = "".join(_bar(one, begin, span) for one in found)
    box = f'viewBox="0 0 {WIDTH} {3 * LANE}" preserveAspectRatio="none"'
    head = f'<svg class="lanes" {box} role="img" aria-label="{escape(said)}">'
    return Markup(f"{head}{bars}</svg>")  # noqa: S704 - numbers and class names only, the words are escaped


def _bar(one: Spell, begin: float, span: float) -> str:
    left = (one.start.timestamp() - begin) / span * WIDTH
    width = max(2.0, (one.end - one.start).total_seconds() / span * WIDTH)
    top = _LANES.get(one.outcome, 1) * LANE
    name = one.outcome if one.outcome in _LANES else "beside"
    return f'<rect class="lane-{name}" x="{left:.1f}" y="{top}" width="{width:.1f}" height="{LANE - 2}"/>'
