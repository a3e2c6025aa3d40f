"""What a public page knows of its territory: current declarations and entities, on the day it is there."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from bocage.domain.declaration import Declaration
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import Datastream, Location, Thing
from bocage.domain.text import message as _
from bocage.publish.disclosure import public_kind
from bocage.publish.knowledge import Known
from bocage.publish.sight import told
from bocage.web.request import Request
from bocage.web.titles import Titles
from bocage.words import translate


def today(request: Request) -> date:
    """The civil day of the territory."""
    return request.parts.clock().astimezone(ZoneInfo(zone_of(request))).date()


def zone_of(request: Request) -> str:
    """The zone of the territory's clocks."""
    return request.territory.time_zone if request.territory else "Europe/Paris"


def known(request: Request) -> Known:
    """All that the territory declares now, and what follows for the public."""
    return request.parts.memory.known(request.slug, today(request))


UNTOLD = {
    Thing.kind: _("a piece of equipment that is not shown"),
    Datastream.kind: _("a series that is not shown"),
    Location.kind: _("a place that is not shown"),
}


def titles(all_known: Known, lang: str) -> Mapping[str, str]:
    """Titles for sentences that name a declaration or an entity; what nobody is told of has none here."""

    def told_as(kind: str, slug: str, body: Declaration) -> str:
        title = None if _untold(all_known, kind, slug) else getattr(body, "title", None)
        return title.read(lang)[0] if title is not None else ""

    def instead(kind: str, slug: str, _body: Declaration) -> str:
        return translate(_untold(all_known, kind, slug), lang)

    return Titles(all_known.facts.declared, told_as, instead)


def _untold(all_known: Known, kind: str, slug: str) -> str:
    """What stands for the name of something nobody is told of; empty for what everyone may read."""
    if kind in KINDS and public_kind(kind) is None:
        return _("one that is not shown")
    if kind in UNTOLD and not told(all_known.facts, all_known.sight, kind, slug):
        return UNTOLD[kind]
    return ""
