"""Who may take which dataset: anyone what is open; what is closed, whoever may read data here, or was granted it."""

import msgspec
from starlette.requests import Request

from bocage.accounts import rights
from bocage.api.asking import Asking, asking, known_of
from bocage.api.language import preferred
from bocage.api.parts import Parts
from bocage.api.problem import Stopped
from bocage.domain.errors import Refused
from bocage.domain.text import message as _
from bocage.publish.knowledge import Known
from bocage.publish.publication import Publication, State
from bocage.publish.sight import discreet


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A dataset that this reader may take, with what it was judged by."""

    known: Known
    found: Publication

    @property
    def territory(self) -> str:
        """The slug of the territory."""
        return self.known.facts.slug

    @property
    def zone(self) -> str:
        """The zone of its clocks."""
        declared = self.known.facts.territory
        return declared.time_zone if declared else "UTC"


def permitted(parts: Parts, request: Request) -> Taken:
    """The dataset, when this reader may take it.

    Open ones: anyone. Closed ones: whoever may read data here, and machines they were granted to. What a
    commitment refuses leaves by this door for nobody.
    """
    known = known_of(parts, request.path_params["territory"])
    found = known.publication(request.path_params["dataset"])
    if found.state is State.REFUSED:
        raise Refused(discreet(known.facts, known.sight, found.refusals))
    if found.state is State.CLOSED and not _may(asking(parts, request), known.facts.slug, found):
        raise Stopped(403, _("This dataset is closed: {reason}"), reason=_reason(request, found))
    return Taken(known=known, found=found)


def _may(who: Asking, territory: str, found: Publication) -> bool:
    if who.machine is not None:
        return rights.machine_may(who.machine, rights.Right.READ_GRANTED, territory, dataset=found.slug)
    service = found.dataset.service
    return rights.may(who.actor, rights.Right.READ_DATA, territory, service=service, dataset=found.slug)


def _reason(request: Request, found: Publication) -> str:
    return found.dataset.reason.read(language(request))[0] if found.dataset.reason else found.slug


def language(request: Request) -> str:
    """The language the reader prefers."""
    return preferred(request.headers.get("accept-language", ""))
