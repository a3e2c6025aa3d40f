"""One file of a dataset as it is asked for: in which form, of which time, and what its bytes are made of."""

from datetime import datetime
from importlib.metadata import version

import msgspec
from starlette.requests import Request

from bocage import registers, sensing
from bocage.api.conditions import State, tag
from bocage.api.parts import Parts
from bocage.api.problem import Stopped
from bocage.api.taking import Taken
from bocage.domain.declaration import Key
from bocage.domain.errors import Invalid, Missing
from bocage.domain.instant import EARLIEST, LATEST, iso, to_datetime, to_ms
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.domain.times import read_time
from bocage.evidence import retention
from bocage.publish.about import about
from bocage.publish.holdings import span
from bocage.publish.periods import Period, named
from bocage.steer import last_arrival
from bocage.store.protocol import About, Store

FORMS = {"csv": "1", "json": "1", "parquet": f"1 {version('duckdb')}"}
"""Moves when the same observations are written as other bytes."""


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file of what starts in [start, end) (UTC milliseconds); `period` when it is that of a year or a month.

    `last`: the newest start of the dataset, 0 for a period, whose answer must not move with what it does not hold.
    """

    taken: Taken
    about: About
    form: str
    start: int
    end: int
    last: int
    period: Period | None = None

    @property
    def name(self) -> str:
        """What it is called where it is saved."""
        parts = (self.taken.territory, self.taken.found.slug, *((self.period.name,) if self.period else ()))
        return f"{'-'.join(parts)}.{self.form}"


def asked(parts: Parts, request: Request, taken: Taken, form: str) -> File:
    """The file of the address: a year or a month, or what `start` and `end` keep, or everything."""
    reach = span(parts.store, taken.found)
    period = _period(parts, request.path_params["period"], taken, reach) if "period" in request.path_params else None
    described, last = about(taken.known.facts, taken.found), reach[1] if reach and period is None else 0
    if period is not None:
        start, end = period.start, period.end
    else:
        start, end = (_instant(request, name, taken.zone, far) for name, far in (("start", EARLIEST), ("end", LATEST)))
    notes = [("period", period.name)] if period else []
    notes += [(name, iso(at)) for name, at, far in (("start", start, EARLIEST), ("end", end, LATEST)) if at != far]
    described = msgspec.structs.replace(described, notes=(*described.notes, *notes))
    return File(taken=taken, about=described, form=form, start=start, end=end, last=last, period=period)


def _instant(request: Request, name: str, zone: str, otherwise: int) -> int:
    """UTC milliseconds of an ISO 8601 time, at the territory's clocks when it says no zone."""
    text = request.query_params.get(name, "")
    try:
        return read_time(text, zone) if text else otherwise
    except (ValueError, OverflowError) as error:
        raise Invalid(_("a time as ISO 8601: 2026-11-23T14:05:00Z"), text[:40]) from error


def _period(parts: Parts, name: str, taken: Taken, reach: tuple[int, int] | None) -> Period:
    """The period of that name, between the first and the last that hold something."""
    period = named(name, taken.zone)
    if period is None:
        raise Missing(_("a year (2026) or a month (2026-10)"), name[:40])
    if reach is not None and period.start <= reach[1] and period.end > reach[0]:
        return period
    if (erased := _erased(taken, period)) is not None:
        raise Stopped(410, _("Erased at the end of its retention period, on {day}."), day=f"{erased:%Y-%m-%d}")
    first, last = (to_datetime(at, taken.zone).strftime("%Y-%m") for at in reach) if reach else ("", "")
    held = (
        _("This dataset holds measurements from {first} to {last}.") if reach else _("This dataset holds nothing yet.")
    )
    raise Missing(_("a period that holds something"), name, held, first=first, last=last)


def _erased(taken: Taken, period: Period) -> object | None:
    return next((one.at for one in _erasures(taken) if one.purpose and one.before >= period.end), None)


def _erasures(taken: Taken) -> list[retention.Proof]:
    """Erasures that took something of this dataset."""
    numbers = set(taken.found.numbers)
    return [one for one in retention.proofs(taken.territory) if numbers & set(one.datastreams)]


def state(store: Store, file: File, now: int) -> State:
    """Moves when an observation of this very file comes, is corrected or erased, or its series are told otherwise."""
    holding = store.holding([one.number for one in file.about.series], file.start, file.end)
    made_of = file.about.series if file.form == "csv" else file.about
    seal = tag(file.form, FORMS[file.form], made_of, file.start, file.end, holding)
    last = _last(file) if holding.count else 0
    return State(tag=seal, open=file.taken.found.open, last=last if last // 1000 < now // 1000 else 0)


def _last(file: File) -> int:
    """When that happened last, as far as it is kept: arrivals, erasures, declarations (UTC ms)."""
    taken, numbers = file.taken, file.taken.found.numbers
    arrived = last_arrival(numbers, file.start, file.end)
    if not arrived:
        return 0
    erased = [one.at for one in _erasures(taken) if one.before > file.start]
    return max([arrived, *(to_ms(at) for at in (*_declared(taken), *erased))])


def _declared(taken: Taken) -> list[datetime]:
    """When what a file says of its dataset was declared: the dataset, the territory, where its series are from."""
    here, found = taken.territory, taken.found
    sources = {stream.source for _slug, stream in found.streams if stream.source}
    kinds = [("dataset", found.slug), ("territory", here), *(("source", slug) for slug in sorted(sources))]
    entries = [registers.find(Key(territory=here, kind=kind, slug=slug)) for kind, slug in kinds]
    series = sensing.changed(here, Datastream.kind)
    return [*(entry.at for entry in entries if entry), *([series] if series else [])]
