"""Answers GET: finds what an address means and renders it with its options."""

from typing import Any

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings import rows as observed
from bocage.api.sensorthings import several
from bocage.api.sensorthings.address import Address, Step
from bocage.api.sensorthings.model import ID, OBSERVATION, SELF, SINGULAR, TYPES
from bocage.api.sensorthings.observing import Scope
from bocage.api.sensorthings.options import Options
from bocage.api.sensorthings.reading import Reading, Shown, whole_scope
from bocage.api.sensorthings.rendering import Rendering
from bocage.domain.errors import Missing
from bocage.domain.observation import Columns
from bocage.domain.text import message as _


class Found(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What an address leads to: one entity or many; observations come with their series, or as a scope."""

    items: tuple[Shown, ...] = ()
    row: Columns | None = None
    scope: Scope | None = None


def found(reading: Reading, steps: tuple[Step, ...]) -> Found:
    """What these steps lead to; Missing when nothing of it is shown."""
    first = steps[0]
    at = _top(reading, first)
    for step in steps[1:]:
        at = _next(reading, at, step)
    return at


def _top(reading: Reading, step: Step) -> Found:
    name = SINGULAR[step.name]
    if name == OBSERVATION:
        if step.number is None:
            return Found(scope=whole_scope(reading.views))
        return _observation(reading, step.number)
    if step.number is None:
        return Found(items=tuple(reading.every(name)))
    one = reading.one(name, step.number)
    if one is None:
        raise missing(step)
    return Found(items=(one,))


def _observation(reading: Reading, number: int) -> Found:
    kept = reading.observation(number)
    if kept is None:
        raise missing(Step("Observations", number))
    return Found(items=(kept[0],), row=kept[1])


def missing(step: Step) -> Missing:
    """What is said of an entity that is not there, or not shown."""
    number = "" if step.number is None else f"({step.number})"
    return Missing(_("an entity of this service"), f"{step.name}{number}")


def _next(reading: Reading, at: Found, step: Step) -> Found:
    view, item = at.items[0]
    if at.row is not None:
        one = reading.hung((view, item), at.row, step.name)
        if one is None:
            raise missing(step)
        return Found(items=(one,))
    if step.name == "Observations":
        return _of_series(reading, (view, item), step)
    linked = [(view, one) for one in view.linked(item, step.name) if step.number in (None, one.id)]
    single = step.number is not None or not TYPES[item.type].navigation[step.name].many
    if single and not linked:
        raise missing(step)
    return Found(items=tuple(linked))


def _of_series(reading: Reading, shown: Shown, step: Step) -> Found:
    if step.number is None:
        return Found(scope=reading.scope(shown))
    kept = _observation(reading, step.number)
    hung = reading.hung(kept.items[0], kept.row, shown[1].type) if kept.row is not None else None
    if hung is None or hung[1] is not shown[1]:
        raise missing(step)
    return kept


def answered(reading: Reading, address: Address, options: Options, path: str) -> Any:
    """What is answered as JSON: a document, or for $value the plain value. `path`: of the address, for links."""
    at = found(reading, address.steps)
    where = f"{reading.base}/{path.strip('/')}"
    if address.reference:
        return _references(reading, address, at, options, where)
    rendering = Rendering(reading)
    if at.scope is not None:
        return rendering.observations(at.scope, options, where)
    if address.many:
        return rendering.collection(address.type, at.items, options, where)
    if address.property:
        return _property(reading, address, at)
    if options.filter or options.order or options.top is not None or options.skip or options.count:
        raise Stopped(400, _("One entity is asked for: only $select and $expand mean something here."))
    if at.row is not None:
        return rendering.observation(at.items[0], at.row, options)
    return rendering.entity(at.items[0], options)


def _property(reading: Reading, address: Address, at: Found) -> Any:
    name = address.property[0]
    value = _value(reading, address, at)
    for step in address.property[1:]:
        value = value.get(step) if isinstance(value, dict) else None
    if value is None and (at.row is None or name not in TYPES[OBSERVATION].properties):
        raise Missing(_("a property of this entity"), "/".join(address.property))
    return value if address.value else {address.property[-1]: value}


def _value(reading: Reading, address: Address, at: Found) -> Any:
    name, item = address.property[0], at.items[0][1]
    collection = TYPES[address.type].collection
    if at.row is not None:
        number = int(at.row.id[0])
        own = {ID: number, "id": number, SELF: f"{reading.base}/{collection}({number})"}
        if name == "result" and (joint := reading.joint(at.items[0])) is not None:
            return msgspec.json.decode(several.results(reading.store, at.row, joint)[0])
        return own[name] if name in own else observed.value(at.row, name)
    own = {ID: item.id, "id": item.id, SELF: reading.link(item, collection)}
    return own[name] if name in own else reading.properties(item).get(name)


def _references(reading: Reading, address: Address, at: Found, options: Options, where: str) -> Any:
    """Links only."""
    plain = msgspec.structs.replace(options, select=(SELF,), expand={})
    rendering = Rendering(reading)
    if at.scope is not None:
        return rendering.observations(at.scope, plain, where)
    if address.many:
        return rendering.collection(address.type, at.items, plain, where)
    return rendering.entity(at.items[0], plain)
