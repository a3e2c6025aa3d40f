"""Makes new files of the log without what is sealed or erased, and puts them in the place of the old at once."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import msgspec

from bocage.domain.errors import Unavailable
from bocage.store import rows as shape
from bocage.store.embedded import days, sealing
from bocage.store.embedded import manifest as folder_manifest
from bocage.store.embedded import months as sealed
from bocage.store.embedded.covers import Cover
from bocage.store.embedded.manifest import Manifest, Month
from bocage.store.embedded.open_months import OpenMonths, prepared
from bocage.store.embedded.reader import Files
from bocage.store.embedded.sealing import Named
from bocage.store.embedded.sparing import spared
from bocage.store.protocol import Erasure


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Months to write anew with their open rows, sealed files to write anew, and what to leave out everywhere."""

    covers: tuple[Cover, ...] = ()
    files: tuple[Month, ...] = ()
    erasures: tuple[Erasure, ...] = ()
    applied: int = 0  # erasures of the list that the new files have applied


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """The new files, complete and durable, and not in place yet."""

    manifest: Manifest
    files: tuple[Path, ...]


def rebuilt(files: Files, plan: Plan) -> Rebuilt:
    """Write the new files; when that fails, none of them is left."""
    made: list[Path] = []
    number = files.manifest.following
    cursor = files.open.cursor()

    def path(name: str) -> Path:
        made.append(files.folder / f"month-{name}-{number}-{len(made)}.parquet")
        return made[-1]

    try:
        gone = {month.file for month in (*plan.files, *(one for cover in plan.covers for one in cover.files))}
        months = [month for month in files.manifest.months if month.file not in gone]
        for cover in plan.covers:
            named = Named(name=cover.first, until=cover.last, path=lambda name=cover.first: path(name))  # type: ignore[misc]
            months += sealing.written(cursor, _of_cover(files, plan, cover), named)
        for month in plan.files:
            named = Named(name=month.name, until=month.last, path=lambda name=month.name: path(name))  # type: ignore[misc]
            left = spared(sealed.decoded(files.folder, [month], "true"), plan.erasures)
            months += sealing.written(cursor, left, named)
        made.append(files.folder / f"columns-{number}.duckdb")
        ordered = sorted(months, key=lambda month: (month.name, month.low, month.start))
        manifest = Manifest(columns=made[-1].name, months=tuple(ordered), following=number + 1)
        _columns(cursor, files, plan, manifest)
        folder_manifest.settle(made[-1])
    except (duckdb.Error, OSError, Unavailable) as error:
        for one in made:
            one.unlink(missing_ok=True)
        raise Unavailable("room to write the log anew", found=str(error), remedy="free some space") from error
    return Rebuilt(manifest=manifest, files=tuple(made))


def _of_cover(files: Files, plan: Plan, cover: Cover) -> str:
    """Every row of some months that is to be kept: sealed before, and open."""
    start, end = cover.bounds
    inside = f'"start" >= {start} AND "start" < {end}'
    held = f"SELECT * FROM {shape.OPEN} WHERE {inside}"
    if cover.files:
        held = f"{held} UNION ALL {sealed.decoded(files.folder, cover.files, inside)}"
    return spared(held, plan.erasures) if plan.erasures else held


def _columns(cursor: duckdb.DuckDBPyConnection, files: Files, plan: Plan, manifest: Manifest) -> None:
    """The new file of open months, in order of datastream and time; what is deleted is never written to it."""
    gone = [cover.bounds for cover in plan.covers]
    outside = " AND ".join(f'NOT ("start" >= {a} AND "start" < {b})' for a, b in gone) or "true"
    open_rows = f"SELECT * FROM {shape.OPEN} WHERE {outside}"
    touched = sorted({int(number) for erasure in plan.erasures for number in erasure.datastreams})
    with anew(cursor, files.folder / manifest.columns):
        _copied(
            cursor, spared(open_rows, plan.erasures), f"datastream NOT IN ({_listed(touched)})" if touched else "true"
        )
        days.copied(cursor, touched)
        if plan.applied:
            cursor.execute("UPDATE anew.mark SET erasures = ?", [plan.applied])
        if touched:
            _state(cursor, files.folder, _holding(manifest.months, touched), f"datastream IN ({_listed(touched)})")


@contextmanager
def anew(cursor: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """A new file with empty tables, attached as `anew`; whole on the disk afterwards."""
    cursor.execute(f"ATTACH {sealed.quoted(path)} AS anew")
    try:
        prepared(cursor, "anew")
        yield
        cursor.execute("CHECKPOINT anew")
    finally:
        cursor.execute("DETACH anew")


def _copied(cursor: duckdb.DuckDBPyConnection, observations: str, states: str) -> None:
    for table, names, which in (("plain", shape.PLAIN_NAMES, ""), ("observation", "*", "NOT ")):
        rows = f"SELECT {names} FROM ({observations}) WHERE {which}({shape.IS_PLAIN})"
        cursor.execute(f"INSERT INTO anew.{table} {rows} ORDER BY {sealed.ORDER}")
    cursor.execute(f"INSERT INTO anew.state SELECT * FROM state WHERE {states}")
    for table in ("series", "mark"):
        cursor.execute(f"INSERT INTO anew.{table} SELECT * FROM {table}")


def copied(files: Files, folder: Path) -> None:
    """Copy the files of the log into an empty folder; nobody may be writing columns meanwhile."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for month in files.manifest.months:
            shutil.copyfile(files.folder / month.file, folder / month.file)
            folder_manifest.settle(folder / month.file)
        with anew(files.open.cursor(), folder / files.manifest.columns):
            _copied(files.open.cursor(), f"SELECT * FROM {shape.OPEN}", "true")
            days.copied(files.open.cursor(), ())
        folder_manifest.settle(folder / files.manifest.columns)
        folder_manifest.write(folder, files.manifest)
    except (duckdb.Error, OSError) as error:
        raise Unavailable("room to write a backup", found=str(error), remedy="free some space") from error


def _holding(months: Sequence[Month], datastreams: Sequence[int]) -> list[Month]:
    return [month for month in months if month.holds(datastreams)]


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _state(cursor: duckdb.DuckDBPyConnection, folder: Path, months: Sequence[Month], within: str) -> None:
    """What is left of the datastreams of erasures; their counters go on."""
    every = f"SELECT * FROM {shape.opened('anew.')} WHERE {within}"
    if months:
        every += f" UNION ALL {sealed.decoded(folder, months, within)}"
    cursor.execute(f"""INSERT INTO anew.state
        WITH every AS ({every}),
        kept AS (SELECT datastream, counter_next FROM state WHERE {within}),
        held AS (SELECT datastream, count(DISTINCT ("start", span)) AS held, min("start") AS first
                 FROM every GROUP BY datastream),
        last AS (SELECT * FROM every QUALIFY row_number() OVER
                 (PARTITION BY datastream ORDER BY "start" DESC, span DESC, version DESC) = 1)
        SELECT counter_next, held, first, last.* FROM last JOIN held USING (datastream) JOIN kept USING (datastream)
        UNION ALL
        SELECT counter_next, 0, {2**63 - 1}, datastream, {-(2**63)}, 0, 0, 0, 0, 0, 0, 1, NULL, NULL, NULL, NULL
        FROM kept WHERE datastream NOT IN (SELECT datastream FROM held)""")


def placed(folder: Path, result: Rebuilt, limits_of: OpenMonths) -> Files:
    """Open the new files and make them the log; whoever reads must be kept out meanwhile."""
    opened = OpenMonths(folder / result.manifest.columns, limits_of.limits)
    try:
        folder_manifest.write(folder, result.manifest)
    except Unavailable:
        opened.close()
        for path in result.files:
            path.unlink(missing_ok=True)
        raise
    return Files(folder=folder, manifest=result.manifest, open=opened)
