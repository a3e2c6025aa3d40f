"""A declaration as it may travel: without the names of other declarations, of persons, or of series."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from bocage.domain.declaration import Declaration, fields
from bocage.domain.indicator import Indicator
from bocage.domain.measure import Measure
from bocage.domain.rule import Rule
from bocage.domain.text import Text
from bocage.publish.disclosure import hidden

S = TypeVar("S", bound=msgspec.Struct)


def portable(body: S) -> S:
    """The same without what means nothing elsewhere or is nobody's business there; what a kind cannot be without
    stays: the service of a rule, the series of a measure."""
    kind = body.kind if isinstance(body, Declaration) else ""
    known, moved = {note.name: note for note in fields(type(body))}, {}
    for field in msgspec.structs.fields(type(body)):
        note, value = known[field.name], getattr(body, field.name)
        bound = bool(note.reference) or note.personal or hidden(kind, field.name)
        if bound and not field.required:
            moved[field.name] = _default(field)
        else:
            moved[field.name] = _inside(value)
    return msgspec.structs.replace(body, **moved)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default_factory() if field.default is msgspec.NODEFAULT else field.default


def _inside(value: Any) -> Any:
    if isinstance(value, Text):
        return value
    if isinstance(value, msgspec.Struct):
        return portable(value)
    return tuple(_inside(one) for one in value) if isinstance(value, tuple) else value


def measure_of(body: Declaration) -> Measure | None:
    """The measure of a rule or an indicator."""
    if isinstance(body, Rule):
        return body.condition.measure
    return body.measure if isinstance(body, Indicator) else None


def measuring(body: Declaration, series: Mapping[str, str]) -> Declaration:
    """The same rule or indicator on other series, each by the name it had."""
    measure = measure_of(body)
    if measure is None:
        return body
    named = tuple(dict.fromkeys(series.get(name, name) for name in measure.datastreams))
    other = msgspec.structs.replace(measure, datastreams=named)
    if isinstance(body, Rule):
        condition = msgspec.structs.replace(body.condition, measure=other)
        return msgspec.structs.replace(body, condition=condition)
    return msgspec.structs.replace(body, measure=other)
