"""Reads $filter and $orderby: OData 4 as SensorThings uses it, by precedence of its operators."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings.syntax import (
    FUNCTIONS,
    NULL,
    NUMBER,
    SHAPE,
    SPAN,
    TEXT,
    TIME,
    TRUTH,
    Call,
    Literal,
    Node,
    Path,
    judging,
)
from bocage.domain.instant import DAY
from bocage.domain.saying import span
from bocage.domain.text import message as _

_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+ ]\d\d:?\d\d)?"
_TOKENS: Final = re.compile(
    rf"""\s*(?:
    (?P<shape>(?:geography|geometry)'(?:[^']|'')*')
  | (?P<duration>duration'[^']*')
  | (?P<text>'(?:[^']|'')*')
  | (?P<span>{_INSTANT}/{_INSTANT})
  | (?P<instant>{_INSTANT})
  | (?P<day>\d{{4}}-\d\d-\d\d(?![\d-]))
  | (?P<clock>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)
  | (?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)
  | (?P<name>@?[^\W\d][\w@.:-]*)
  | (?P<sign>[(),/\[\]-])
    )""",
    re.VERBOSE,
)
_DURATION: Final = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
BINDS: Final = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("eq", "ne"), 3),
    **dict.fromkeys(("gt", "ge", "lt", "le"), 4),
    **dict.fromkeys(("add", "sub"), 5),
    **dict.fromkeys(("mul", "div", "mod"), 6),
}
_UNARY: Final = 7
DEEPEST: Final = 60  # levels of a condition
KEYS: Final = 8  # of one order
LONGEST: Final = 20_000  # characters of one
WIDEST: Final = 25  # characters of a whole number


class Token(msgspec.Struct, frozen=True):
    """A piece of what was written, and where it stands."""

    sort: str
    text: str
    at: int


def condition(text: str) -> Node:
    """The tree of a $filter; 400 for what is neither true nor false."""
    node = _Reader(text).whole()
    if not judging(node):
        raise Stopped(400, _("A condition is true or false, which this is not: {found}"), found=text[:60])
    return node


def order(text: str) -> tuple[tuple[Node, bool], ...]:
    """The keys of an $orderby, each with whether it goes downwards."""
    reader = _Reader(text)
    keys = [reader.key()]
    while reader.taken(",") and len(keys) < KEYS:
        keys.append(reader.key())
    reader.end()
    return tuple(keys)


def tokens(text: str) -> list[Token]:
    """The pieces of a text."""
    if len(text) > LONGEST:
        raise Stopped(400, _("This condition is too long."))
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = _TOKENS.match(text, at)
        if match is None or match.lastgroup is None:
            raise unread(text, at)
        found.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return found


def unread(text: str, at: int) -> Stopped:
    """What is said of something that cannot be read."""
    return Stopped(400, _("This cannot be read from here on: {found}"), found=text[at : at + 40] or "…")


class _Reader:
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text, self._tokens, self._at, self._depth = text, tokens(text), 0, 0

    def whole(self) -> Node:
        """All of it as one expression."""
        node = self._expression(0)
        self.end()
        return node

    def key(self) -> tuple[Node, bool]:
        """One key of an order."""
        node = self._expression(0)
        down = self.taken("desc")
        if not down:
            self.taken("asc")
        return node, down

    def end(self) -> None:
        """Nothing may follow."""
        if self._at < len(self._tokens):
            raise self._fault()

    def taken(self, text: str) -> bool:
        """Whether this comes next; it is passed then."""
        token = self._next()
        if token is None or token.text != text or token.sort == "text":
            return False
        self._at += 1
        return True

    def _next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _fault(self) -> Stopped:
        token = self._next()
        return unread(self._text, token.at if token else len(self._text))

    def _need(self, text: str) -> None:
        if not self.taken(text):
            raise self._fault()

    def _expression(self, least: int) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Stopped(400, _("This condition is nested too deeply."))
        left, chained = self._single(), 0
        while (token := self._next()) and token.sort == "name" and BINDS.get(token.text, 0) > least:
            self._at += 1
            chained = 0 if token.text in ("and", "or") else chained + 1
            if chained > DEEPEST:
                raise Stopped(400, _("This condition is nested too deeply."))
            if isinstance(left, Call) and left.name != token.text:
                left = balanced(left)
            left = Call(token.text, (left, self._expression(BINDS[token.text])))
        self._depth -= 1
        return balanced(left)

    def _single(self) -> Node:
        token = self._next()
        if token is None:
            raise self._fault()
        if self.taken("("):
            inner = self._expression(0)
            self._need(")")
            return inner
        if self.taken("not"):
            return Call("not", (self._expression(_UNARY),))
        if self.taken("-"):
            return Call("neg", (self._expression(_UNARY),))
        if token.sort == "sign":
            raise self._fault()
        self._at += 1
        return self._named(token) if token.sort == "name" else literal(token, self._text)

    def _named(self, token: Token) -> Node:
        if token.text in ("true", "false"):
            return Literal(token.text == "true", TRUTH)
        if token.text == "null":
            return Literal(None, NULL)
        if self.taken("("):
            return self._function(token)
        names = [token.text]
        while True:
            if self.taken("/"):
                names.append(self._segment(("name", "number")))
            elif self.taken("["):
                names.append(self._segment(("number",)))
                self._need("]")
            else:
                return Path(tuple(names))

    def _segment(self, sorts: tuple[str, ...]) -> str:
        token = self._next()
        if token is None or token.sort not in sorts:
            raise self._fault()
        self._at += 1
        return token.text

    def _function(self, token: Token) -> Node:
        of: list[Node] = []
        while not self.taken(")"):
            if of:
                self._need(",")
            of.append(self._expression(0))
        name = token.text.lower()
        if name not in FUNCTIONS:
            raise Stopped(501, _("The function {name} is not one of SensorThings 1.1."), name=token.text)
        if len(of) not in FUNCTIONS[name]:
            count = " / ".join(map(str, FUNCTIONS[name]))
            raise Stopped(400, _("The function {name} takes another number of values: {count}"), name=name, count=count)
        return Call(name, tuple(of))


def balanced(node: Node) -> Node:
    """The same with a long chain of `and` or `or` halved again and again: a thousand of them are ten levels deep."""
    if not isinstance(node, Call) or node.name not in ("and", "or"):
        return node
    parts: list[Node] = []
    left: Node = node
    while isinstance(left, Call) and left.name == node.name:
        parts.append(left.of[1])
        left = left.of[0]
    return _halved(node.name, [left, *reversed(parts)])


def _halved(name: str, parts: list[Node]) -> Node:
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return Call(name, (_halved(name, parts[:half]), _halved(name, parts[half:])))


def literal(token: Token, text: str) -> Literal:
    """The value a piece writes."""
    try:
        return _VALUES[token.sort](token.text)
    except (ValueError, OverflowError):
        raise unread(text, token.at) from None


def _duration(text: str) -> Literal:
    match = _DURATION.fullmatch(text[len("duration'") : -1])
    if match is None:
        raise ValueError(text)
    sign, days, hours, minutes, seconds = match.groups()
    total = int(days or 0) * DAY + int(hours or 0) * 3_600_000 + int(minutes or 0) * 60_000
    total += round(float(seconds or 0) * 1000)
    return Literal(-total if sign else total, SPAN)


def _number(text: str) -> Literal:
    """Whole where it is written so, as far as the log counts."""
    if text.lstrip("-").isdigit() and len(text) < WIDEST and abs(whole := int(text)) < 1 << 63:
        return Literal(whole, NUMBER)
    return Literal(float(text), NUMBER)


def _clock(text: str) -> Literal:
    hour, minute, *second = text.split(":")
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError(text)
    return Literal(int(hour) * 3_600_000 + int(minute) * 60_000 + round(float(*second or (0,)) * 1000), SPAN)


def _day(text: str) -> Literal:
    return Literal((date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()) * DAY, SPAN)


def _unquoted(text: str) -> str:
    return text[text.index("'") + 1 : -1].replace("''", "'")


_VALUES: Final[dict[str, Callable[[str], Literal]]] = {
    "text": lambda text: Literal(_unquoted(text), TEXT),
    "shape": lambda text: Literal(_unquoted(text), SHAPE),
    "duration": _duration,
    "span": lambda text: Literal(span(text), TIME),
    "instant": lambda text: Literal(span(text), TIME),
    "day": _day,
    "clock": _clock,
    "number": _number,
}
