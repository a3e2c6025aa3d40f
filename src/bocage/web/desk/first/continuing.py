"""The next file of a meter that is here already: which source it goes on, and how much of it is new."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
import numpy as np

from bocage.accounts.rights import Right
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.quantity import folded
from bocage.domain.row_errors import count
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source, Transport
from bocage.ingest import plugins
from bocage.ingest.guessing import Guess, called, pace
from bocage.ingest.preview import Preview, Row
from bocage.store.protocol import Store
from bocage.web.desk import connect
from bocage.web.desk.first.reading import File, lasting, months_of, time_form
from bocage.web.request import Request

NEW: Final = "new"  # the answer that it goes on nothing
MOST: Final = 200_000  # readings counted before anything is taken in
_LIKELY: Final = 3  # values that are the same at the same times: one meter
_PACES: Final = 0.1  # share by which two paces may differ and be the same
_SPOKEN: Final = 0.75  # share of the rows that must be read


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What a file would bring to a series: values that are new, known already, and other than those that are kept."""

    new: int = 0
    known: int = 0
    other: int = 0

    def more(self, one: "Counted") -> "Counted":
        """Both together."""
        return Counted(new=self.new + one.new, known=self.known + one.known, other=self.other + one.other)


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """A source that reads the file. `streams`: the slug of each of its series that is declared, by key; `counted`:
    None where the file is too large to be counted before; `named`: whether the file says which meter it is of;
    `alike`: whether its name is that of the source, but for figures and months."""

    slug: str
    source: Source
    preview: Preview
    streams: Mapping[str, str]
    counted: Counted | None
    named: bool
    alike: bool

    @property
    def formed(self) -> bool:
        """Whether its form says itself what its files hold."""
        return plugins.found()[self.source.plugin].describe is not None

    @property
    def fresh(self) -> tuple[str, ...]:
        """The series of the file that nobody declared yet."""
        return tuple(key for key in self.preview.keys if key not in self.streams)

    @property
    def sure(self) -> bool:
        """Whether nobody has to say that it goes on here: only then it is proposed by itself."""
        if self.named:
            return bool(self.streams) or self.formed
        counted = self.counted or Counted()
        return not counted.other and (self.alike or counted.known >= _LIKELY)


def found(request: Request, facts: TerritoryFacts, file: File, guess: Guess | None) -> tuple[Next, ...]:
    """The sources this file may go on, of those this person delivers for."""
    mine = connect.sources(request, Right.DELIVER)
    used = {source for source, _key in facts.keys}
    return tuple(
        one
        for slug, body in mine.items()
        if slug in used and body.transport is Transport.FILE and not body.replayed and _may_read(body, guess)
        for one in _read(request, facts, file, (slug, body, guess))
    )


def proposed(nexts: tuple[Next, ...], answer: str) -> Next | None:
    """The one that was chosen, else the only one that is sure."""
    if answer == NEW:
        return None
    sure = [one for one in nexts if one.sure]
    most = max((len(one.streams) for one in sure), default=0)
    best = [one for one in sure if len(one.streams) == most]
    return next((one for one in nexts if one.slug == answer), best[0] if len(best) == 1 else None)


def _may_read(source: Source, guess: Guess | None) -> bool:
    """Whether the headings are those of the source, and it does not take for one place what the file keeps apart."""
    if guess is None or not source.mapping.series:
        return True
    headings = {one.name for one in guess.columns}
    own = all(one.column in headings for one in source.mapping.series)
    return own and (bool(source.mapping.key) or not guess.site)


def _read(request: Request, facts: TerritoryFacts, file: File, by: tuple[str, Source, Guess | None]) -> Iterator[Next]:
    """What the file would give under a source; nothing where it does not read it, or reads it at another pace."""
    slug, declared, guess = by
    if declared.plugin not in plugins.found():
        return
    previews = [
        (one, request.parts.intake.preview(facts.slug, one, *file, n=MOST)) for one in _written(declared, guess)
    ]
    source, preview = max(previews, key=lambda one: _share(one[1]))
    if _share(preview) < _SPOKEN or not _paced(source, preview.rows):
        return
    streams = {key: facts.keys[slug, key] for key in preview.keys if (slug, key) in facts.keys}
    named = _names(source)
    if streams or named:
        yield Next(
            slug=slug,
            source=source,
            preview=preview,
            streams=streams,
            counted=_counted(request.parts.store, facts, streams, preview),
            named=named,
            alike=folded(lasting(called(file[0]))) == folded(lasting(source.title.fr)),
        )


def _written(source: Source, guess: Guess | None) -> list[Source]:
    """The source, and the same with dates and decimals as this file writes them: a spreadsheet saved otherwise."""
    if guess is None or not source.mapping.series:
        return [source]
    mapping = msgspec.structs.replace(source.mapping, decimal=guess.decimal, time_format=time_form(guess))
    return [source, msgspec.structs.replace(source, mapping=mapping)] if mapping != source.mapping else [source]


def _share(preview: Preview) -> float:
    """How much of the file is read."""
    return 0.0 if preview.failure else preview.total / max(preview.total + count(preview.errors), 1)


def _names(source: Source) -> bool:
    """Whether what it reads names its meter itself: in a column, or as its form does."""
    describes = plugins.found()[source.plugin].describe is not None
    return describes or "{" in source.mapping.key or not source.mapping.series


def _paced(source: Source, rows: tuple[Row, ...]) -> bool:
    """Whether the values come as often as the source says, where it says how long each lasts."""
    mapping = source.mapping
    usual = pace([row.start for row in rows if row.key == rows[0].key]) if rows else 0
    if not usual or not (mapping.interval_months or mapping.interval_seconds):
        return True
    if mapping.interval_months:
        return months_of(usual) == mapping.interval_months
    return abs(usual / 1000 / mapping.interval_seconds - 1) <= _PACES


def _counted(store: Store, facts: TerritoryFacts, streams: Mapping[str, str], preview: Preview) -> Counted | None:
    if preview.total > len(preview.rows):
        return None
    total, rows = Counted(), dict[str, list[Row]]()
    for row in preview.rows:
        rows.setdefault(row.key, []).append(row)
    for key, slug in streams.items():
        stream = facts.one(Datastream, slug)
        if stream is not None:
            total = total.more(_compared(store, stream, rows[key]))
    return total


def _compared(store: Store, stream: Datastream, rows: list[Row]) -> Counted:
    """These rows beside what is kept at the same times."""
    kept = store.window(stream.id, min(row.start for row in rows), max(row.start for row in rows) + 1)
    values: dict[int, Any] = dict(zip(kept.start.tolist(), kept.number.tolist(), strict=True))
    same = other = 0
    for row in rows:
        if row.start in values:
            alike = not isinstance(row.result, float) or bool(np.isclose(values[row.start], row.result))
            same, other = same + alike, other + (not alike)
    return Counted(new=len(rows) - same - other, known=same, other=other)
