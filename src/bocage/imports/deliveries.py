"""Files of measurements, as a plan: which series they hold, what the gate would say, which meters nobody declared."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import numpy as np

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.errors import Missing, PayloadError
from bocage.domain.plugin import Arrival, Plugin
from bocage.domain.reading import Decoded, RowError
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.imports import meters
from bocage.imports.plan import MOST_WRONG, Given, Plan, Series, Wrong
from bocage.ingest import plugins, sheets
from bocage.ingest.compiled import Reasons, decide, technical

Known = Mapping[str, Plugin]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What one series adds up to over all files."""

    count: int
    first: int
    last: int

    def more(self, other: "Seen") -> "Seen":
        """Both together."""
        return Seen(count=self.count + other.count, first=min(self.first, other.first), last=max(self.last, other.last))


def read(given: Given, known: Known) -> Plan:
    """What these files hold for the chosen source. Nothing is kept, and the gate's counts do not move."""
    source = source_of(given, known)
    describe = known[source.body.plugin].describe if source.body.plugin in known else None
    found: dict[str, Seen] = {}
    wrong: list[Wrong] = []
    more = rows = 0
    for name, content in given.files:
        try:
            for decoded in decoded_of(name, content, source.body, known, _zone(given.facts)):
                rows += len(decoded.readings)
                for key, seen in _series(decoded):
                    found[key] = found[key].more(seen) if key in found else seen
                told = [error for error in decoded.errors if error.code != "more"]
                wrong += [_wrong(name, content, error) for error in told]
                more += sum(int(error.found) for error in decoded.errors if error.code == "more")
        except PayloadError as failure:
            wrong.append(Wrong(row=0, column="", found=failure.found[:80], code=failure.expected, file=name))
    said = {key: describe(key) if describe else None for key in found}
    proposals = (*source.proposals, *meters.proposals(given, source.slug, said))
    future = meters.after(given.facts, proposals)
    return Plan(
        proposals=proposals,
        wrong=tuple(wrong[:MOST_WRONG]),
        more_wrong=more + max(0, len(wrong) - MOST_WRONG),
        series=tuple(
            Series(
                key=key,
                count=seen.count,
                first=seen.first,
                last=seen.last,
                stream=future.keys.get((source.slug, key), ""),
                refusals=refusals(future, source.slug, key),
                described=said.get(key),
            )
            for key, seen in sorted(found.items())
        ),
        rows=rows,
    )


def refusals(facts: TerritoryFacts, source: str, key: str) -> Reasons:
    """What the gate would say to a reading of this series."""
    found = decide(facts.flow(source, key))
    undeclared = (source, key) not in facts.keys
    return found or ((technical("undeclared", source, key),) if undeclared else ())


def source_of(given: Given, known: Known) -> meters.Chosen:
    """The source these files come from: a declared one, or a new one of the form that reads them.

    Missing when none is chosen yet and no form knows the files by itself.
    """
    chosen = given.choices.get("source", "")
    body = given.facts.one(Source, chosen)
    if body is not None:
        return meters.Chosen(slug=chosen, body=body)
    plugin = known.get(chosen.removeprefix("new:")) or recognised(given, known)
    if plugin is None:
        raise Missing(_("a declared source, or a file whose form is known by itself"), chosen)
    return meters.begun(given, plugin)


def recognised(given: Given, known: Known) -> Plugin | None:
    """The form that knows the first file by itself, names of meters included."""
    name, content = given.file
    suffix = Path(name).suffix.lower()
    for plugin in known.values():
        if plugin.describe is None or suffix not in ("", *plugin.suffixes, *sheets.WORKBOOKS):
            continue
        asked = Source(title=meters.title_of(plugin), plugin=plugin.id)
        try:
            if any(len(found.readings) for found in decoded_of(name, content, asked, known, "UTC")):
                return plugin
        except PayloadError:
            continue
    return None


def decoded_of(name: str, content: bytes, source: Source, known: Known, zone: str) -> Iterator[Decoded]:
    """The readings of a file; a workbook that the form of the source does not read is given to it sheet by sheet.

    PayloadError when nothing of it can be read.
    """
    suffix = Path(name).suffix.lower()
    declared = known.get(source.plugin)
    if suffix in sheets.WORKBOOKS and declared is not None and suffix not in declared.suffixes:
        yield from _by_sheet(name, content, (source, declared, zone))
        return
    plugin = plugins.choose(known, source.plugin, suffix=suffix)
    yield plugin.decode(content, source.mapping, Arrival(zone=zone, file=Path(name).stem))


def _by_sheet(name: str, content: bytes, by: tuple[Source, Plugin, str]) -> Iterator[Decoded]:
    """A workbook often has a page of welcome: a sheet that cannot be read is passed over when another one can."""
    source, plugin, zone = by
    failure: PayloadError | None = None
    read = False
    for _title, lines in sheets.workbook(content):
        held = io.StringIO()
        csv.writer(held, delimiter=";").writerows(lines)
        try:
            yield plugin.decode(held.getvalue().encode(), source.mapping, Arrival(zone=zone, file=Path(name).stem))
            read = True
        except PayloadError as error:
            failure = error
    if failure is not None and not read:
        raise failure


def _series(decoded: Decoded) -> Iterator[tuple[str, Seen]]:
    readings = decoded.readings
    if not len(readings):
        return
    order = np.argsort(readings.key, kind="stable")
    cuts = np.flatnonzero(np.diff(readings.key[order])) + 1
    for rows in np.split(order, cuts):
        start, end = readings.start[rows], readings.end[rows]
        yield (
            readings.keys[int(readings.key[rows[0]])],
            Seen(count=len(rows), first=int(start.min()), last=int(end.max())),
        )


def _wrong(name: str, content: bytes, error: RowError) -> Wrong:
    return Wrong(
        row=error.row,
        column=error.column,
        found=error.found,
        code=error.code,
        file=name,
        cells=_line(name, content, error.row),
    )


def _line(name: str, content: bytes, row: int) -> tuple[str, ...]:
    """The line of a text file as it stands; nothing of a workbook or of columns."""
    if Path(name).suffix.lower() in (*sheets.WORKBOOKS, ".parquet") or not row:
        return ()
    lines = content.splitlines()
    return (lines[row - 1].decode("utf-8", "replace")[:500],) if row <= len(lines) else ()


def _zone(facts: TerritoryFacts) -> str:
    return facts.territory.time_zone if facts.territory else "UTC"
