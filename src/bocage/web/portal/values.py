"""The last value of each series in words, and the few points a small chart needs."""

from collections.abc import Iterable, Mapping
from datetime import time, timedelta

import msgspec
from babel.dates import format_date

from bocage import words
from bocage.domain.instant import to_datetime, to_ms
from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import Columns
from bocage.domain.sensing import Datastream
from bocage.domain.spans import whole_months_later
from bocage.domain.text import message as _
from bocage.store.protocol import Store
from bocage.words.moments import clock


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One observation as read: `number` is None unless it is one; `original` is 0 unless it is replayed."""

    start: int
    end: int
    kind: ResultKind
    number: float | None
    text: str
    origin: Origin
    original: int = 0

    @property
    def replayed(self) -> bool:
        """Whether it was measured elsewhere, at another time."""
        return self.origin is Origin.REPLAYED

    def said(self, unit: str, lang: str) -> str:
        """The result in words, with its unit."""
        if self.kind is ResultKind.NUMBER and self.number is not None:
            return words.number(self.number, lang, unit)
        if self.kind is ResultKind.BOOLEAN:
            return words.translate(_("Yes") if self.number else _("No"), lang)
        return self.text if self.kind is ResultKind.TEXT else words.translate(_("No value"), lang)

    def originally(self, zone: str, lang: str) -> str:
        """When it was measured elsewhere, at the clocks of this territory."""
        return _when(self.original, self._ended_originally(zone), zone, lang)

    def _ended_originally(self, zone: str) -> int:
        """The log keeps when it began; whole days and months were as many there, however many hours they had."""
        start, end, first = (to_datetime(at, zone) for at in (self.start, self.end, self.original))
        if self.end == self.start or not start.time() == end.time() == first.time() == time():
            return self.original + self.end - self.start
        if start.day == end.day == first.day == 1:
            months = (end.year - start.year) * 12 + end.month - start.month
            return to_ms(whole_months_later(first, months))
        return to_ms(first + timedelta(days=(end.date() - start.date()).days))

    def when(self, zone: str, lang: str) -> str:
        """The instant, or the interval: a whole day or month by its name."""
        return _when(self.start, self.end, zone, lang)


def _when(first: int, last: int, zone: str, lang: str) -> str:
    start, end = to_datetime(first, zone), to_datetime(last, zone)
    if last <= first:
        return words.moment(first, zone, lang)
    midnight = start.time() == end.time() == time()
    if midnight and end.date() - start.date() == timedelta(days=1):
        return words.day(start.date(), lang)
    if midnight and start.day == end.day == 1 and end.date() - start.date() < timedelta(days=32):
        return str(format_date(start.date(), format="MMMM y", locale=lang))
    if end.date() == start.date():
        hours = words.translate(_("{day}, from {start} to {end}"), lang)
        clocks = {name: clock(f"{at:%H:%M}", lang) for name, at in (("start", start), ("end", end))}
        return hours.format(day=words.day(start.date(), lang), **clocks)
    between = words.translate(_("from {start} to {end}"), lang)
    return between.format(start=words.moment(first, zone, lang), end=words.moment(last, zone, lang))


def latest(store: Store, numbers: Iterable[int]) -> Mapping[int, Value]:
    """The newest value of each of these series that has one."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    rows = store.latest(wanted)
    return {int(number): value_at(rows, place) for place, number in enumerate(rows.datastream)}


def value_at(rows: Columns, place: int) -> Value:
    """One row of the log."""
    kind, origin = ResultKind(int(rows.kind[place])), Origin(int(rows.origin[place]))
    numeric = kind in (ResultKind.NUMBER, ResultKind.BOOLEAN)
    return Value(
        start=int(rows.start[place]),
        end=int(rows.end[place]),
        kind=kind,
        number=float(rows.number[place]) if numeric else None,
        text=str(rows.text[place]) if rows.text is not None and kind is ResultKind.TEXT else "",
        origin=origin,
        original=int(rows.original[place]) if rows.original is not None and origin is Origin.REPLAYED else 0,
    )


def unit_of(stream: Datastream) -> str:
    """The sign of its unit, or its name where it has no sign."""
    return stream.unit.symbol or stream.unit.name
