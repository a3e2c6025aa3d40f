"""Where somebody lands once the first values are in: before the chart that says most."""

from collections.abc import Sequence

from django.urls import reverse

from bocage.domain.sensing import Datastream
from bocage.web.desk import night
from bocage.web.desk.reach import facts_of
from bocage.web.request import Request


def landing(request: Request, streams: Sequence[str]) -> str:
    """The address of the chart of one of these series: of its nights where they show; without any, of the guide."""
    known = {slug: stream for slug, stream in facts_of(request).all(Datastream).items() if slug in streams}
    held = {extent.datastream: extent for extent in request.parts.store.extent([one.id for one in known.values()])}
    for slug in streams:
        if slug in known and night.fits(request.parts.store, known[slug], held.get(known[slug].id)):
            return reverse("desk.night", args=[request.slug, slug])
    for slug in streams:
        if slug in known and known[slug].id in held:
            return reverse("desk.datastream", args=[request.slug, slug])
    return reverse("desk.first", args=[request.slug])
