"""Works an expression out for some entities: what is known at once, what only the log knows as a question to it."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from bocage.api.problem import Stopped
from bocage.api.sensorthings.binding import Bindings, Bound, Section, resolved
from bocage.api.sensorthings.comparing import COMPARISONS, RELATIONS, compared, when
from bocage.api.sensorthings.model import OBSERVATION, STAY
from bocage.api.sensorthings.syntax import NUMBER, SHAPE, TEXT, TIME, Call, Literal, Node
from bocage.api.sensorthings.town import Item
from bocage.api.sensorthings.values import RESULT, Result, Sought, When, applied, logical, moved, typed
from bocage.domain.instant import EARLIEST, LATEST, to_ms
from bocage.domain.nature import Origin
from bocage.domain.text import message as _
from bocage.store.query import Call as Ask
from bocage.store.query import Constant, Field, Inner

FARTHEST: Final = 1_000_000  # places in a text
Evaluated = Callable[[Bindings], Any]


class Surroundings(Protocol):
    """What an expression may look at beside the entities themselves."""

    @property
    def now(self) -> int:
        """UTC milliseconds."""

    def properties(self, item: Item) -> Mapping[str, Any]:
        """The properties of an entity as they are answered."""

    def spend(self, steps: int = 1) -> None:
        """Count steps of work."""


def compiled(root: str, node: Node, around: Surroundings) -> Evaluated:
    """A function from entities to what the expression is worth for them."""
    if isinstance(node, Literal):
        value = _literal(node)
        return lambda bound: value
    if isinstance(node, Call):
        return _called(root, node, around)
    if root == OBSERVATION and node.names in _SERIES:
        return lambda bound: _STREAM
    path = resolved(root, node.names)
    names, entities = path.property, path.entities
    return lambda bound: valued(bound.get(entities), names, around)


def _literal(node: Literal) -> Any:
    if node.sort == TIME:
        return When(*node.value)
    if node.sort != SHAPE:
        return node.value
    from bocage.api.sensorthings.geometry import of_text  # shapely: where somebody asks by place

    return of_text(node.value)


def _called(root: str, node: Call, around: Surroundings) -> Evaluated:
    of = [compiled(root, one, around) for one in node.of]
    name = node.name
    if name in COMPARISONS:
        sorts = (_written(node.of[0]), _written(node.of[1]))
        return lambda bound: compared(name, of[0](bound), of[1](bound), sorts)
    if name in ("and", "or"):
        return lambda bound: _shortly(name, of[0], of[1], bound)
    if name in _CONSTANTS:
        value = _CONSTANTS[name](around)
        return lambda bound: value
    work = _worker(name)
    return lambda bound: work(*(one(bound) for one in of))


def _shortly(name: str, one: Evaluated, other: Evaluated, bound: Bindings) -> Any:
    first = logical(one(bound))
    return first if first is (name == "or") else applied(name, first, logical(other(bound)))


def _written(node: Node) -> str:
    """The sort that what stands in the text itself asks of the other side."""
    if isinstance(node, Literal):
        return NUMBER if node.sort == "span" else node.sort
    if isinstance(node, Call):
        return _GIVEN.get(node.name, "")
    return ""


_CONSTANTS: Final[dict[str, Callable[[Surroundings], Any]]] = {
    "now": lambda around: When(around.now, around.now),
    "mindatetime": lambda _around: When(EARLIEST, EARLIEST),
    "maxdatetime": lambda _around: When(LATEST, LATEST),
}
_TEXTS: Final = {
    **{name: name for name in ("startswith", "endswith", "contains", "indexof", "concat", "length", "trim")},
    "tolower": "lower",
    "toupper": "upper",
}
_PARTS: Final = {
    "year": "year", "month": "month", "day": "day", "hour": "hour", "minute": "minute", "second": "second",
    "fractionalseconds": "fraction", "date": "date", "time": "time",
}  # fmt: skip
_NUMBERS: Final = ("round", "floor", "ceiling", "neg")
_ARITHMETIC: Final = ("add", "sub", "mul", "div", "mod")
_GIVEN: Final = {
    **dict.fromkeys(("tolower", "toupper", "trim", "concat", "substring"), TEXT),
    **dict.fromkeys(("length", "indexof", *_PARTS, *_NUMBERS), NUMBER),
    **dict.fromkeys(("now", "mindatetime", "maxdatetime"), TIME),
}
"""What functions give whose sort does not hang on what they are given."""


def _worker(name: str) -> Callable[..., Any]:
    if name in _TEXTS:
        return lambda *of: applied(_TEXTS[name], *(typed(one, TEXT) for one in of))
    if name in _PARTS:
        return lambda one: _part(_PARTS[name], one)
    if name in _NUMBERS:
        return lambda one: applied(name, typed(one, NUMBER))
    if name in _ARITHMETIC:
        return lambda one, other: moved(name, one, other)
    if name in RELATIONS:
        return lambda one, other: _relation(name, one, other)
    if name in _OTHERS:
        return _OTHERS[name]
    from bocage.api.sensorthings.geometry import related

    return lambda *of: related(name, *of)


def _part(name: str, value: Any) -> Any:
    time = when(value)
    return None if time is None else applied(name, time.start)


def _relation(name: str, one: Any, other: Any) -> Any:
    first, second = when(one), when(other)
    return None if first is None or second is None else RELATIONS[name](first, second)


def _substring(text: Any, at: Any, count: Any = None) -> Any:
    if count is None:
        return applied("substring", typed(text, TEXT), _place(at))
    return applied("part", typed(text, TEXT), _place(at), _place(count))


def _place(value: Any) -> Any:
    """A place in a text: a whole number from 0 on, as far as any text goes."""
    found = typed(value, NUMBER)
    if isinstance(found, Sought):
        raise Stopped(400, _("A place in a text is a number that is written."))
    return None if found is None else int(max(0, min(found, FARTHEST)))


_OTHERS: Final[dict[str, Callable[..., Any]]] = {
    "not": lambda one: applied("not", logical(one)),
    "substringof": lambda part, text: applied("contains", typed(text, TEXT), typed(part, TEXT)),
    "substring": _substring,
    "totaloffsetminutes": lambda one: None if when(one) is None else 0,
}


def valued(entity: Bound, names: tuple[str, ...], around: Surroundings) -> Any:
    """The value of a property of an entity, or of any observation of a series."""
    if entity is None:
        return None
    if isinstance(entity, Section):
        return _observed(entity, names) if entity.joint is None else _jointly(entity.joint, entity, names)
    if names[0] in ("id", "@iot.id"):
        return entity.id
    if entity.type == STAY and entity.stay is not None:
        at = to_ms(entity.stay.at)
        return When(at, at)
    value: Any = around.properties(entity).get(names[0])
    for name in names[1:]:
        value = _within(value, name)
    return value


def _jointly(joint: Item, section: Section, names: tuple[str, ...]) -> Any:
    """The same of what several series tell together: its result is an array."""
    if names[0] != "result":
        return _observed(section, names)
    place = int(names[1]) if len(names) == 2 and names[1].isdigit() else -1
    if not 0 <= place < len(joint.parts):
        return [] if len(names) == 1 else None  # an array compares with nothing
    return Result(of=joint.parts[place].id) if place else RESULT


def _within(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, list | tuple) and name.isdigit() and int(name) < len(value):
        return value[int(name)]
    return None


_ORIGIN: Final = Ask(
    "if",
    (
        Ask("eq", (Field("origin"), Constant(int(Origin.MEASURED)))),
        Constant("measured"),
        Ask(
            "if",
            (Ask("eq", (Field("origin"), Constant(int(Origin.REPLAYED)))), Constant("replayed"), Constant("supposed")),
        ),
    ),
)


def _observed(_section: Section, names: tuple[str, ...]) -> Any:
    if names in _OURS:
        return _OURS[names]
    if names[0] in _PATHS:
        return Result((_PATHS[names[0]], *names[1:]))
    return _OBSERVED.get(names[0]) if len(names) == 1 else None


def _from(*path: str) -> Sought:
    """A time that is kept as so long after the start."""
    return Sought(Ask("add", (Field("start"), Inner(path, NUMBER))), NUMBER)


_CAME: Final = Sought(Ask("add", (Field("end"), Inner(("r",), NUMBER))), NUMBER)
"""When its result came: so long after the end, null where nobody said."""
_SERIES: Final = (("Datastream", "id"), ("Datastream", "@iot.id"))
_STREAM: Final = Sought(Field("datastream"), NUMBER)
_ID: Final = Sought(Field("id"), NUMBER)
_OBSERVED: Final[dict[str, Any]] = {
    "id": _ID,
    "@iot.id": _ID,
    "result": RESULT,
    "phenomenonTime": When(Sought(Field("start"), NUMBER), Sought(Field("end"), NUMBER)),
    "resultTime": When(_CAME, _CAME),
    "validTime": When(_from("v", "0"), _from("v", "1")),
}
"""What the log keeps of an observation."""
_OURS: Final[dict[tuple[str, ...], Any]] = {
    ("parameters", "origin"): Sought(_ORIGIN, TEXT),
    ("parameters", "originalTime"): When(Sought(Field("original"), NUMBER), Sought(Field("original"), NUMBER)),
}
_PATHS: Final = {"parameters": "p", "resultQuality": "q"}
"""Where what was said beside an observation is kept."""
