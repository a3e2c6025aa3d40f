"""A source of LoRaWAN: how its devices do, what waits to be read, its codecs, and what to paste on the other side."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.accounts.rights import Right, may_begin
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.codec import Codec
from bocage.domain.errors import Missing
from bocage.domain.instant import to_ms
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest import refusals
from bocage.ingest.refusals import Counted
from bocage.web.desk.connect import address, sources
from bocage.web.desk.first.networks import network_of
from bocage.web.desk.first.sensors import UNREAD
from bocage.web.desk.reach import bench, facts_of, names
from bocage.web.desk.silence import silent
from bocage.web.page import page, say
from bocage.web.portal.values import Value, latest, unit_of
from bocage.web.request import Request


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One device: its number, the things it measures on, when it last spoke (UTC ms), whether it is silent; what its
    radio and its battery said last, in words by field; how many series it gives."""

    number: str
    things: tuple[str, ...]
    last: int
    quiet: bool
    said: Mapping[str, str]
    series: int


def lorawan(request: Request, territory: str, source: str) -> HttpResponse:
    """The page."""
    body = reached(request, source)
    facts = facts_of(request)
    values: dict[str, Any] = {
        "source": body,
        "source_slug": source,
        "network": network_of(body),
        "address": address(request),
        "devices": _devices(request, source),
        "codecs": sorted(codecs(facts, source).items()),
        "failing": failing(request, source),
        "kept": len(request.parts.intake.quarantine.frames(territory, source)),
        "may_write": may_begin(request.actor, territory, Codec.kind),
        "may_change": may_begin(request.actor, territory, Source.kind),
        "may_read_again": source in sources(request, Right.DELIVER),
        "names": names(facts, request.lang),
    }
    return page(request, "desk/lorawan/source.html", values)


def again(request: Request, territory: str, source: str) -> HttpResponse:
    """Read again what could not be read."""
    here = reverse("desk.lorawan", args=[territory, source])
    if request.method == "POST":
        reached(request, source, Right.DELIVER)
        intake = request.parts.intake
        taken = intake.again(territory, source)
        left = len(intake.quarantine.frames(territory, source))
        if not left:
            forget(request, source)
        said = _("Messages read after all: %(taken)s. Still waiting: %(left)s.")
        shown = {name: words.number(value, request.lang) for name, value in (("taken", taken), ("left", left))}
        say(request, words.translate(said, request.lang) % shown)
    return HttpResponseRedirect(f"{here}#waiting")


def reached(request: Request, slug: str, right: str = Right.READ_DESK) -> Source:
    """The source; Missing when this person does not reach it."""
    mine = sources(request, right)
    if slug not in mine:
        raise Missing("a source you may see", slug)
    return mine[slug]


def codecs(facts: TerritoryFacts, source: str) -> dict[str, Codec]:
    """The codecs of a source, by slug."""
    return {slug: codec for slug, codec in facts.all(Codec).items() if codec.source == source}


def failing(request: Request, source: str) -> list[Counted]:
    """What codecs could not read, by device."""
    found = refusals.counted(request.slug, source=source)
    return [one for one in found if one.code in UNREAD]


def forget(request: Request, source: str) -> None:
    """Nothing waits any more: what could not be read before is not to be told now."""
    request.parts.intake.refusals.flush(request.parts.clock())
    for one in failing(request, source):
        refusals.forget(request.slug, source, one.key)


def _devices(request: Request, source: str) -> list[Device]:
    work = bench(request)
    streams = {slug: one for slug, one in work.streams.items() if one.source == source and "/" in one.key}
    newest = latest(request.parts.store, (one.id for one in streams.values()))
    quiet = silent(work, {number: value.end for number, value in newest.items()}, to_ms(request.parts.clock()))
    by_device: dict[str, list[Datastream]] = {}
    for one in streams.values():
        by_device.setdefault(one.key.partition("/")[0], []).append(one)
    found = [_device(request, number, held, (newest, quiet)) for number, held in by_device.items()]
    return sorted(found, key=lambda one: (not one.quiet, one.number))


def _device(
    request: Request, number: str, streams: list[Datastream], told: tuple[Mapping[int, Value], frozenset[int]]
) -> Device:
    newest, quiet = told
    said = {
        one.key.partition("/")[2]: newest[one.id].said(unit_of(one), request.lang)
        for one in streams
        if one.id in newest
    }
    return Device(
        number=number,
        things=tuple(dict.fromkeys(one.thing for one in streams if one.thing)),
        last=max((newest[one.id].end for one in streams if one.id in newest), default=0),
        quiet=any(one.id in quiet for one in streams),
        said=said,
        series=len(streams),
    )
