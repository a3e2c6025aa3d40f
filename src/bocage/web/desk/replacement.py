"""A sensor is replaced: the series goes on, and the change of meter counts to the unit."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts.rights import may_declare
from bocage.domain.declaration import noted
from bocage.domain.errors import Missing, Refused
from bocage.domain.instant import EARLIEST, LATEST, to_ms
from bocage.domain.nature import Nature
from bocage.domain.observation import Columns
from bocage.domain.replacement import Replacement, turns
from bocage.domain.sensing import Datastream, Sensor
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.evidence.asked import Asked, PutEntity
from bocage.store.dials import between
from bocage.web import errors
from bocage.web.desk import registers, undoing
from bocage.web.desk.entries import choices
from bocage.web.desk.reach import facts_of
from bocage.web.forms.field import Drawing, drawn, tree_of
from bocage.web.forms.read import Read, read
from bocage.web.forms.slugs import free
from bocage.web.page import page, say
from bocage.web.portal.values import unit_of, value_at
from bocage.web.request import Request

CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
ENDED = _(
    "What its dial showed when it was taken away. Leave empty when nobody read it: nothing is counted from its last "
    "value to the change."
)
BEGAN = _(
    "What its dial showed when it was put in, often 0. Leave empty when nobody read it: nothing is counted from the "
    "change to its first value."
)


class Replaced(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of a replacement; the day and the time are those of the territory's clocks."""

    day: Annotated[date, noted(_("Replaced on"))]
    clock: Annotated[str, noted(_("At (local time)"), control="clock", pattern=CLOCK)]
    sensor: Annotated[
        str, noted(_("New sensor"), _("The same one when the model does not change."), reference="sensor")
    ] = ""
    model: Annotated[Text | None, noted(_("Another model"), _("Only when it is not in the list above."))] = None
    serial: Annotated[str, noted(_("Serial number of the new one"), max_length=100)] = ""
    ended: Annotated[float | None, noted(_("Last index of the old meter"), ENDED)] = None
    began: Annotated[float | None, noted(_("First index of the new meter"), BEGAN)] = None
    key: Annotated[
        str,
        noted(_("Name of the series at its source"), _("Change it when the new sensor sends under another name.")),
    ] = ""


METER = frozenset({"ended", "began"})


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A series as it stands, with the version a change must expect."""

    slug: str
    stream: Datastream
    version: int


def replace(request: Request, territory: str, datastream: str) -> HttpResponse:
    """The form of a replacement, and recording it."""
    held = _held(territory, datastream)
    if not _theirs(request, held):
        return errors.forbidden(request)
    if request.method != "POST":
        return _show(request, held, Read(body=None, errors={}, tree=_begun(request, held)))
    found = read(Replaced, request.POST, only=_asks(request, held.stream))
    wrong = _wrong(request, held.stream, found.body) if found.body else {}
    if found.body is None or wrong:
        return _show(request, held, msgspec.structs.replace(found, errors={**found.errors, **wrong}))
    try:
        number = _record(request, held, found.body)
    except Refused as refused:
        return _show(request, held, found, refused)
    page_of = reverse("desk.datastream", args=[territory, datastream])
    said = words.translate(_("Replaced: the series goes on with the new sensor."), request.lang)
    say(request, said, undo=undoing.address(request, number, page_of))
    return HttpResponseRedirect(f"{page_of}#sensors")


def take_back(request: Request, territory: str, datastream: str) -> HttpResponse:
    """Take back the last replacement of a series, however long ago it was recorded."""
    held = _held(territory, datastream)
    if not _theirs(request, held):
        return errors.forbidden(request)
    page_of = reverse("desk.datastream", args=[territory, datastream])
    if request.method == "POST" and held.stream.replacements:
        *kept, last = held.stream.replacements
        before = msgspec.structs.replace(held.stream, sensor=last.former, replacements=tuple(kept))
        change = PutEntity(slug=datastream, entity=before, expected=held.version)
        _changed, number = evidence.undoable(territory, request.actor, [change], request.parts.clock())
        said = words.translate(_("The last replacement no longer counts."), request.lang)
        say(request, said, undo=undoing.address(request, number, page_of))
    return HttpResponseRedirect(page_of)


def _held(territory: str, slug: str) -> Held:
    found = registers.held(territory, Datastream.kind, slug)
    if found is None or not isinstance(found.body, Datastream):
        raise Missing(f"datastream/{slug}")
    return Held(slug=slug, stream=found.body, version=found.version)


def _theirs(request: Request, held: Held) -> bool:
    at = registers.place(Datastream.kind, held.slug, held.stream)
    return may_declare(request.actor, request.slug, Datastream.kind, **at)


def _begun(request: Request, held: Held) -> dict[str, Any]:
    """The form as it opens: now, the same model, the same name at the source."""
    now = request.parts.clock().astimezone(_zone(request))
    said = {"day": now.date().isoformat(), "clock": f"{now:%H:%M}", "sensor": held.stream.sensor}
    return {**tree_of(Replaced, None), **said, "key": held.stream.key or held.slug}


def _asks(request: Request, stream: Datastream) -> frozenset[str]:
    """The fields this person is asked for: indexes where there is a meter, another model where they may declare one."""
    left = frozenset() if stream.nature is Nature.INDEX else METER
    if not may_declare(request.actor, request.slug, Sensor.kind):
        left |= {"model"}
    return frozenset(field.name for field in msgspec.structs.fields(Replaced)) - left


def _zone(request: Request) -> ZoneInfo:
    return ZoneInfo(request.territory.time_zone if request.territory else "UTC")


def _instant(request: Request, said: Replaced) -> datetime:
    local = datetime.combine(said.day, time.fromisoformat(said.clock), tzinfo=_zone(request))
    return local.astimezone(UTC)


def _wrong(request: Request, stream: Datastream, said: Replaced) -> dict[str, str]:
    """What cannot be, by field."""
    at = _instant(request, said)
    found = {}
    if at > request.parts.clock():
        found["day"] = _("This lies in the future.")
    if stream.replacements and at <= stream.replacements[-1].at:
        found["day"] = _("A replacement is recorded at this time or later: take it back first.")
    before, after = _around(request, stream, to_ms(at))
    if _fell(_number(before), said.ended):
        found["ended"] = _("The old meter showed more than this before: check the index, the day and the time.")
    if _fell(said.began, _number(after)):
        found["began"] = _("The new meter shows less than this afterwards: check the index, the day and the time.")
    return found


def _around(request: Request, stream: Datastream, at: int) -> tuple[Columns, Columns]:
    """The last value before an instant, the first from it on."""
    window = request.parts.store.window
    before = window(stream.id, EARLIEST, at, limit=1, newest_first=True)
    return before, window(stream.id, at, LATEST, limit=1)


def _number(rows: Columns) -> float | None:
    return value_at(rows, 0).number if len(rows) else None


def _fell(index: float | None, following: float | None) -> bool:
    """Whether one meter would have gone back without its dial having gone round."""
    if index is None or following is None or following >= index:
        return False
    return between(index, following) == max(following, 0.0)


def _record(request: Request, held: Held, said: Replaced) -> int:
    """Write the replacement, and the new model when there is one; the number to take it back by."""
    changes: list[Asked] = []
    sensor = said.sensor
    if said.model is not None:
        sensor = free(said.model.fr, set(facts_of(request).all(Sensor)))
        changes.append(PutEntity(slug=sensor, entity=Sensor(title=said.model), expected=0))
    replacement = Replacement(
        at=_instant(request, said), former=held.stream.sensor, serial=said.serial, ended=said.ended, began=said.began
    )
    after = msgspec.structs.replace(
        held.stream,
        sensor=sensor,
        key="" if said.key == held.slug else said.key,
        replacements=(*held.stream.replacements, replacement),
    )
    changes.append(PutEntity(slug=held.slug, entity=after, expected=held.version))
    return evidence.undoable(request.slug, request.actor, changes, request.parts.clock())[1]


def _show(request: Request, held: Held, found: Read, refused: Refused | None = None) -> HttpResponse:
    facts, asks = facts_of(request), _asks(request, held.stream)
    drawing = Drawing(
        choices=choices(facts, request.lang),
        errors=found.errors,
        translate=lambda message: words.translate(message, request.lang),
    )
    last = _around(request, held.stream, LATEST)[0]
    values = {
        "name": held.slug,
        "stream": held.stream,
        "fields": drawn(Replaced, {name: value for name, value in found.tree.items() if name in asks}, drawing),
        "errors": found.errors,
        "refusals": refused.refusals if refused else (),
        "last": value_at(last, 0) if len(last) else None,
        "unit": unit_of(held.stream),
    }
    return page(request, "desk/replacement.html", values, status=422 if found.errors or refused else 200)


def history(request: Request, stream: Datastream) -> list[dict[str, Any]]:
    """Who measured the series from when to when, the present one first, with what the dials showed at each change."""
    sensors = facts_of(request).all(Sensor)
    changes = reversed((None, *stream.replacements))
    pairs = zip(turns(stream.sensor, stream.replacements), changes, strict=True)
    return [{"turn": turn, "sensor": sensors.get(turn.sensor), "change": change} for turn, change in pairs]
