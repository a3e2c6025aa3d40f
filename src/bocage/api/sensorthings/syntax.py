"""What a $filter or $orderby says, as a tree."""

from typing import Any, Final

import msgspec

TEXT: Final = "text"
NUMBER: Final = "number"
TRUTH: Final = "truth"
NULL: Final = "null"
TIME: Final = "time"  # a value of (start, end) in UTC milliseconds; equal for an instant
SPAN: Final = "span"  # a duration, a date or a time of day, in milliseconds
SHAPE: Final = "shape"  # a geometry, as well-known text


class Literal(msgspec.Struct, frozen=True):
    """A value as it was written, and of what sort it is."""

    value: Any
    sort: str


class Path(msgspec.Struct, frozen=True):
    """Names that lead from an entity to a property, over other entities."""

    names: tuple[str, ...]


class Call(msgspec.Struct, frozen=True):
    """A function or an operator, by its name in OData."""

    name: str
    of: tuple["Node", ...]


Node = Literal | Path | Call

FUNCTIONS: Final[dict[str, tuple[int, ...]]] = {
    **dict.fromkeys(("substringof", "endswith", "startswith", "contains", "indexof", "concat"), (2,)),
    **dict.fromkeys(("length", "tolower", "toupper", "trim"), (1,)),
    "substring": (2, 3),
    **dict.fromkeys(("year", "month", "day", "hour", "minute", "second", "fractionalseconds"), (1,)),
    **dict.fromkeys(("date", "time", "totaloffsetminutes"), (1,)),
    **dict.fromkeys(("now", "mindatetime", "maxdatetime"), (0,)),
    **dict.fromkeys(("before", "after", "meets", "during", "overlaps", "starts", "finishes"), (2,)),
    **dict.fromkeys(("round", "floor", "ceiling"), (1,)),
    **dict.fromkeys(("geo.distance", "geo.intersects"), (2,)),
    "geo.length": (1,),
    **dict.fromkeys(("st_equals", "st_disjoint", "st_touches", "st_within", "st_overlaps"), (2,)),
    **dict.fromkeys(("st_crosses", "st_intersects", "st_contains"), (2,)),
    "st_relate": (3,),
}
"""Every function of tables 23 of the standard, and how many values each takes; `contains` is that of OData 4."""


def walked(node: Node) -> list[Node]:
    """A node and all below it."""
    return [node, *(one for part in node.of for one in walked(part))] if isinstance(node, Call) else [node]


_JUDGING: Final = frozenset(
    (
        *("eq", "ne", "lt", "le", "gt", "ge", "substringof", "endswith", "startswith", "contains", "geo.intersects"),
        *("before", "after", "meets", "during", "overlaps", "starts", "finishes"),
        *(name for name in FUNCTIONS if name.startswith("st_")),
    )
)
"""What is true or false, whatever it is given."""


def judging(node: Node) -> bool:
    """Whether an expression is something that can be true or false; a property may be."""
    if isinstance(node, Literal):
        return node.sort in (TRUTH, NULL)
    if isinstance(node, Call) and node.name in ("and", "or", "not"):
        return all(judging(one) for one in node.of)
    return isinstance(node, Path) or node.name in _JUDGING
