"""What came of a source since a moment: the newest values of its series, and what was refused."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from bocage.domain.instant import to_ms
from bocage.domain.sensing import Datastream
from bocage.domain.whole import whole
from bocage.ingest import refusals
from bocage.ingest.refusals import Counted
from bocage.web.desk.reach import bench, facts_of
from bocage.web.desk.refusals import covered, mend
from bocage.web.portal.values import Value, unit_of, value_at
from bocage.web.request import Request

SHOWN = 5


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """When somebody began to look: a position of the log, and an instant (UTC ms)."""

    position: int
    at: int


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """A value that came: its series and what it says."""

    slug: str
    stream: Datastream
    value: Value
    said: str


def since(request: Request) -> Since:
    """The moment the address tells, else now."""
    position, at = (whole(str(request.GET.get(name, "")), -1) for name in ("from", "at"))
    if position < 0 or at < 0:
        return Since(position=request.parts.store.position(), at=to_ms(request.parts.clock()))
    return Since(position=position, at=at)


def arrived(request: Request, source: str, moment: Since) -> list[Arrived]:
    """The newest values that came since, as far as this person may read them; some of them."""
    streams = {one.id: (slug, one) for slug, one in bench(request).streams.items() if one.source == source}
    if not streams:
        return []
    rows = request.parts.store.latest(sorted(streams))
    found: list[Arrived] = []
    for place in reversed(rows.position.argsort(kind="stable").tolist()):
        if int(rows.position[place]) > moment.position and len(found) < SHOWN:
            slug, stream = streams[int(rows.datastream[place])]
            value = value_at(rows, place)
            found.append(Arrived(slug=slug, stream=stream, value=value, said=value.said(unit_of(stream), request.lang)))
    return found


def refused(request: Request, source: str, moment: Since) -> Sequence[tuple[Counted, Any]]:
    """What was refused since, with the page that mends each; nothing for whoever may not read refusals."""
    if not covered(request, facts_of(request), source):
        return ()
    request.parts.intake.refusals.flush(request.parts.clock())  # what was counted a moment ago, too
    found = [one for one in refusals.counted(request.slug, source=source) if _after(one.last, moment)]
    return [(one, mend(request, one.refusal, source, one.key)) for one in found[:SHOWN]]


def _after(at: datetime, moment: Since) -> bool:
    return to_ms(at) >= moment.at
