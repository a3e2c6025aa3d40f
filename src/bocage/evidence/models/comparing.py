"""What a model would do to one territory, declaration by declaration; what the territory changed by itself stays so."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bocage.domain.declaration import Declaration, fields
from bocage.domain.errors import Invalid
from bocage.domain.label import Labelled
from bocage.domain.text import message as _
from bocage.evidence.models.draft import Draft, Values, filled
from bocage.registers import shape

Plain = Mapping[str, Any]
EVERYTHING = "*"
"""What is refused when a territory refuses the whole model."""


class Outcome(Labelled):
    """What giving one declaration does, or would do."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Unchanged")
    OWN = "own", _("The territory has its own: it stays")
    KEPT = "kept", _("Changed there: it stays as it is")
    WITHDRAWN = "withdrawn", _("Withdrawn there: it stays so")
    REFUSED = "refused", _("Refused by the territory")
    UNASKED = "unasked", _("Not chosen")
    WRONG = "wrong", _("Cannot be filled in")


WRITTEN = frozenset({Outcome.NEW, Outcome.CHANGED})


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration of a model in one territory. `place`: that of its draft; `wanted`: what the model says,
    `after`: what would stand; `kept`: the fields the territory changed by itself, which stay; `wrong`: why it cannot be
    filled."""

    place: str
    kind: str
    slug: str
    outcome: Outcome
    before: Declaration | None = None
    after: Declaration | None = None
    wanted: Declaration | None = None
    kept: tuple[str, ...] = ()
    wrong: str = ""

    @property
    def written(self) -> bool:
        """Whether giving it writes something."""
        return self.outcome in WRITTEN


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a territory a model is given to. `held`: all it declares, by kind and slug; `values`: what fills
    the places; `changed`: by place of a draft, what this territory has otherwise; `given`: by place, what the model
    said last; `refused`: the places it refused."""

    held: Mapping[str, Mapping[str, Declaration]]
    values: Values
    changed: Mapping[str, Values] = {}
    given: Mapping[str, Plain] = {}
    refused: frozenset[str] = frozenset()


def lines(drafts: Sequence[Draft], known: Known) -> tuple[Line, ...]:
    """What each draft would do."""
    return tuple(_line(one, known) for one in drafts)


def _line(draft: Draft, known: Known) -> Line:
    refused = bool(known.refused & {draft.place, EVERYTHING})
    try:
        slug, after = filled(draft, known.values, known.changed.get(draft.place, {}))
    except Invalid as wrong:
        outcome, said = (Outcome.REFUSED, "") if refused else (Outcome.WRONG, wrong.found.strip())
        return Line(place=draft.place, kind=draft.kind, slug=draft.slug, outcome=outcome, wrong=said)
    if refused:
        return Line(place=draft.place, kind=draft.kind, slug=slug, outcome=Outcome.REFUSED, wanted=after)
    before, given = known.held.get(draft.kind, {}).get(slug), known.given.get(draft.place)
    outcome, body, kept = _compared(before, given, after)
    return Line(
        place=draft.place,
        kind=draft.kind,
        slug=slug,
        outcome=outcome,
        before=before,
        after=body,
        wanted=after,
        kept=kept,
    )


def _compared(
    before: Declaration | None, given: Plain | None, after: Declaration
) -> tuple[Outcome, Declaration, tuple[str, ...]]:
    """What happens, the body that would stand, and the fields that stay as the territory has them."""
    if before is None:
        return (Outcome.NEW if given is None else Outcome.WITHDRAWN), after, ()
    present, wanted = shape.plain(before), shape.plain(after)
    if present == wanted:
        return Outcome.SAME, before, ()
    if given is None:
        return Outcome.OWN, before, ()
    own = {note.name for note in fields(type(before)) if present.get(note.name) != given.get(note.name)}
    merged = {name: value for name, value in wanted.items() if name not in own}
    merged |= {name: value for name, value in present.items() if name in own}
    kept = tuple(sorted(own))
    if merged == present:
        return (Outcome.SAME if wanted == given else Outcome.KEPT), before, kept
    return Outcome.CHANGED, shape.from_plain(type(before), merged), kept
