"""Two lists side by side and the lines between them: who on the left, what they meet in on the right.

The drawing is narrow, so that its words can be read on a telephone; each name leads to its declaration. Where a name
stands follows from the lists alone: the same ties always give the same drawing.
"""

import textwrap
from collections.abc import Mapping, Sequence

import msgspec
from markupsafe import Markup

WIDTH, LEFT, RIGHT = 352, 144, 208
LETTERS, LINES = 19, 4
LINE, GAP, CAPTION = 14, 11, 26
APART = 3
MOST = 60
"""Names drawn on each side; the table has them all."""


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """A name of a list. `key` names it in ties, `group` is the heading it stands under, `beside` a second, quiet line;
    `lacks`: something or somebody is missing there."""

    key: str
    words: str
    link: str
    group: str
    beside: str = ""
    lacks: bool = False


Tied = tuple[str, str, str]
"""Keys of both sides, and the class that gives the line its look: part, seat, party, contract, covers."""


class Ties(msgspec.Struct, frozen=True, kw_only=True):
    """Both lists, in the order of their groups, and the lines."""

    left: Sequence[Name]
    right: Sequence[Name]
    lines: Sequence[Tied]
    said: str


class _Set(msgspec.Struct, frozen=True, kw_only=True):
    """A name with its lines of words and where its middle stands."""

    name: Name
    lines: tuple[str, ...]
    top: float

    @property
    def middle(self) -> float:
        return self.top + len(self.lines) * LINE / 2


def drawn(ties: Ties) -> Markup:
    """The whole drawing as SVG."""
    left, left_end = _set(ties.left[:MOST])
    near = _near(ties.lines, {one.name.key: one.middle for one in left})
    right, right_end = _set(sorted(ties.right[:MOST], key=lambda one: near.get(one.key, 0.0)), ties.right)
    places = {one.name.key: one.middle for one in left}, {one.name.key: one.middle for one in right}
    lines = _lines(ties.lines, *places)
    names = Markup("").join(
        [_names(left, LEFT - 8, "end"), _names(right, RIGHT + 8, "start"), _marks(left, LEFT), _marks(right, RIGHT)]
    )
    head = Markup('<svg class="ties" viewBox="0 0 {} {:.0f}" role="group" aria-label="{}">{}{}</svg>')
    return head.format(WIDTH, max(left_end, right_end) + 4, ties.said, lines, names)


def _near(lines: Sequence[Tied], places: Mapping[str, float]) -> dict[str, float]:
    """Where the others that a name is tied to stand on average, so that fewer lines cross."""
    found: dict[str, list[float]] = {}
    for here, there, _name in lines:
        if here in places:
            found.setdefault(there, []).append(places[here])
    return {key: sum(held) / len(held) for key, held in found.items()}


def _set(names: Sequence[Name], order: Sequence[Name] | None = None) -> tuple[list[_Set], float]:
    """Each name below the one before, under the heading of its group; groups in the order they first come."""
    groups = list(dict.fromkeys(one.group for one in order or names))
    out, top = [], 0.0
    for group in groups:
        held = [one for one in names if one.group == group]
        if not held:
            continue
        top += CAPTION + LINE * (len(_heading(group)) - 1)
        for one in held:
            lines = (*_wrapped(one.words), *((_cut(one.beside),) if one.beside else ()))
            out.append(_Set(name=one, lines=lines, top=top))
            top += len(lines) * LINE + GAP
    return out, top


def _wrapped(words: str, most: int = LINES) -> tuple[str, ...]:
    lines = textwrap.wrap(words, LETTERS, break_long_words=True) or [words]
    return tuple(lines if len(lines) <= most else [*lines[: most - 1], _cut(lines[most - 1] + " " * LETTERS)])


def _heading(group: str) -> tuple[str, ...]:
    return _wrapped(group, 2)


def _cut(words: str) -> str:
    return words if len(words) <= LETTERS else words[: LETTERS - 1].rstrip() + "…"


def _names(placed: Sequence[_Set], x: int, anchor: str) -> Markup:
    out, group = Markup(""), ""
    for one in placed:
        if one.name.group != group:
            group = one.name.group
            for place, words in enumerate(reversed(_heading(group))):
                at = one.top - 5 - place * LINE
                out += Markup('<text class="tie-group" x="{}" y="{:.0f}" text-anchor="{}">{}</text>').format(
                    x, at, anchor, words
                )
        out += _name(one, x, anchor)
    return out


def _name(one: _Set, x: int, anchor: str) -> Markup:
    spans = Markup("")
    for place, words in enumerate(one.lines):
        beside = bool(one.name.beside) and place == len(one.lines) - 1
        kind = Markup(' class="tie-beside"') if beside else ""
        spans += Markup('<tspan{} x="{}" y="{:.0f}">{}</tspan>').format(
            kind, x, one.top + 11 + place * LINE, words if place == len(one.lines) - 1 else words + " "
        )
    text = Markup('<a href="{}"><title>{}</title><text class="tie-name" text-anchor="{}">{}</text></a>')
    return text.format(one.name.link, one.name.words, anchor, spans)


def _marks(placed: Sequence[_Set], x: int) -> Markup:
    """A point where lines begin; a triangle where somebody is missing."""
    out = Markup("")
    for one in placed:
        form = "M{0} {1:.0f}l4.5 8h-9Z" if one.name.lacks else "M{0} {2:.0f}a3 3 0 1 1 0 6 3 3 0 1 1 0-6Z"
        path = form.format(x, one.middle - 5, one.middle - 3)
        out += Markup('<path class="tie-end{}" d="{}"/>').format(" tie-lacks" if one.name.lacks else "", path)
    return out


def _lines(tied: Sequence[Tied], left: Mapping[str, float], right: Mapping[str, float]) -> Markup:
    """Each line; those between the same two names lie side by side."""
    out, drawn_yet = Markup(""), dict[tuple[str, str], int]()
    for here, there, name in tied:
        if here in left and there in right:
            beside = drawn_yet.get((here, there), 0)
            drawn_yet[here, there] = beside + 1
            out += _line(left[here] + beside * APART, right[there] + beside * APART, name)
    return out


def _line(start: float, end: float, name: str) -> Markup:
    middle = (LEFT + RIGHT) / 2
    return Markup('<path class="tie tie-{}" d="M{} {:.1f}C{} {:.1f} {} {:.1f} {} {:.1f}"/>').format(
        name, LEFT, start, middle, start, middle, end, RIGHT, end
    )
