"""Questions of conditions and orders to the embedded home: one statement over open, sealed and waiting rows."""

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
from msgspec.structs import replace

from bocage.domain.errors import Unavailable
from bocage.domain.observation import Columns
from bocage.store import columns
from bocage.store import rows as shape
from bocage.store.embedded import months as sealed
from bocage.store.embedded.reader import Ask, Reader
from bocage.store.query import Among, Expression, ObservationQuery, call, others
from bocage.store.query_text import ordering, text

MANY = 500  # datastreams from which they are joined rather than listed
_IDENTITY = 'datastream, "start", span'


def selected(reader: Reader, query: ObservationQuery) -> Columns:
    """The rows for which the condition is true, in the order asked for."""
    cut = f" LIMIT {int(query.limit)}" if query.limit else ""
    tail = f" ORDER BY {ordering(query.order)}{cut}{f' OFFSET {int(query.skip)}' if query.skip else ''}"
    return shape.from_fetch(_fetched(reader, query, shape.NAMES, tail)) if query.datastreams else columns.empty()


def tallied(reader: Reader, query: ObservationQuery) -> dict[int, int]:
    """How many there are of each datastream."""
    if not query.datastreams:
        return {}
    found = _fetched(reader, query, "datastream, count(*) AS held", " GROUP BY datastream")
    return dict(zip(found["datastream"].tolist(), found["held"].tolist(), strict=True))


def _fetched(reader: Reader, query: ObservationQuery, names: str, tail: str) -> dict[str, Any]:
    with reader.passage.shared():
        late, drained = reader.fresh.undrained()
        beside = others(query)
        if beside:
            query = replace(query, datastreams=(*query.datastreams, *beside), where=_of(query))
        numbers = columns.distinct(query.datastreams)
        parts = [columns.between(rows, numbers, query.start, query.end) for rows in late]
        waiting = shape.to_fetch(columns.joined(parts))  # noqa: F841  (DuckDB reads it by name)
        wanted = {"datastream": numbers.astype(np.int32)}  # noqa: F841  (likewise)
        every = _every(reader, query, drained)
        newest = _newest if _corrected(reader, query, parts) else _plain
        where = f" WHERE {text(query.where)}" if query.where is not None else ""
        try:
            rows = f"SELECT {names} FROM newest AS told{where}{tail}"
            statement = f"WITH held AS ({every}), newest AS (SELECT * FROM {newest()}) {rows}"
            return dict(reader.files.open.cursor().execute(statement).fetchnumpy())
        except (duckdb.Error, OSError) as error:
            raise Unavailable("columns that can be read", found=str(error)) from error


def _of(query: ObservationQuery) -> Expression:
    """The condition, of the datastreams that a question is about and not of those it looks at beside."""
    about: Expression = Among(query.datastreams)
    return about if query.where is None else call("and", about, query.where)


def _every(reader: Reader, query: ObservationQuery, drained: int) -> str:
    where = _where(query)
    held = [f"SELECT {shape.NAMES} FROM waiting"]
    contents = reader.files.open.contents
    if query.end > contents.lowest:
        source = contents.source(query.datastreams, within=(query.start, query.end))
        held.append(f"SELECT {shape.NAMES} FROM {source} WHERE {where} AND position <= {int(drained)}")
    months = reader.files.manifest.reaching(query.start, query.end, sorted(query.datastreams))
    if months:
        held.append(sealed.decoded(reader.files.folder, months, where))
    return " UNION ALL ".join(held)


def _where(query: ObservationQuery) -> str:
    if len(query.datastreams) <= MANY:
        return Ask(datastreams=query.datastreams, start=query.start, end=query.end).where
    times = f'"start" >= {int(query.start)} AND "start" < {int(query.end)}'
    return f"{times} AND datastream IN (SELECT datastream FROM wanted)"


def _corrected(reader: Reader, query: ObservationQuery, waiting: Sequence[Columns]) -> bool:
    """Whether any row may have a version beside its first."""
    held = [reader.files.open.contents.same, *(one.same for one in reader.files.manifest.months)]
    alike = all(same is None or same.get("version") == 1 for same in held)
    return not alike or any(len(rows) and int(rows.version.max()) > 1 for rows in waiting)


def _plain() -> str:
    return "held"


def _newest() -> str:
    """Few rows are ever corrected: those that a later version replaces are looked up among these."""
    later = f"(SELECT {_IDENTITY}, max(version) AS last FROM held WHERE version > 1 GROUP BY {_IDENTITY})"
    return (
        f"(SELECT held.* FROM held LEFT JOIN {later} AS later USING ({_IDENTITY}) "
        "WHERE later.last IS NULL OR held.version = later.last)"
    )
