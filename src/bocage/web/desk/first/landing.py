"""Where somebody lands once the first values are in: before the chart that says most."""

from collections.abc import Sequence

from django.urls import reverse

from bocage.domain.sensing import Datastream
from bocage.web.desk.reach import facts_of
from bocage.web.request import Request


def landing(request: Request, streams: Sequence[str]) -> str:
    """The address of the chart of one of these series."""
    known = facts_of(request).all(Datastream)
    first = next((slug for slug in streams if slug in known), "")
    return (
        reverse("desk.datastream", args=[request.slug, first]) if first else reverse("desk.first", args=[request.slug])
    )
