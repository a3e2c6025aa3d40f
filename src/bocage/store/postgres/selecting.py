"""Questions of conditions and orders as one statement; it names the datastreams, by which Citus knows the machine."""

from collections.abc import Sequence
from typing import Any, Final

from bocage.domain.observation import Columns
from bocage.store import columns
from bocage.store.postgres.binary import COLUMNS, Int4s
from bocage.store.postgres.reader import Reader
from bocage.store.query import ObservationQuery
from bocage.store.query_text import Written, literal, ordering, text

# Words are kept as bytes, since some hold what no text of PostgreSQL may; those compare with nothing.
_WORDS = (
    "CASE WHEN position('\\x00'::bytea in kept.text) = 0 THEN convert_from(kept.text, 'UTF8') END COLLATE \"C\" AS text"
)
_PLAIN = ", ".join(f'kept."{name}"' for name in COLUMNS if name != "text")
_GIVEN = ", ".join('"raw"' if name == "text" else f'"{name}"' for name in COLUMNS)
_LATER = """NOT EXISTS (SELECT 1 FROM observation AS later WHERE later.datastream = ANY(%s) AND later.version > 1
  AND later.datastream = kept.datastream AND later."start" = kept."start" AND later.span = kept.span
  AND later.version > kept.version)"""
_HELD = f"""SELECT {_PLAIN}, kept.text AS raw, {_WORDS} FROM observation AS kept
  WHERE kept.datastream = ANY(%s) AND kept."start" >= %s AND kept."start" < %s AND {_LATER}"""
SELECTED: Final = f"SELECT {_GIVEN} FROM ({_HELD}) AS held"
TALLIED: Final = f"SELECT datastream, count(*) FROM ({_HELD}) AS held"
_BESIDE: Final = "CAST(convert_from(beside, 'UTF8') AS jsonb)"
WRITTEN: Final[Written] = {
    "other": lambda datastream, field: (
        f"(SELECT {field} FROM (SELECT kept.kind, kept.number, {_WORDS} FROM observation AS kept "
        f'WHERE kept.datastream = {datastream} AND kept."start" = held."start" AND kept.span = held.span '
        "ORDER BY kept.version DESC LIMIT 1) AS other)"
    ),
    "held": lambda path: f"({_BESIDE} #>> {_array(path)})",
    "sort": lambda path: f"jsonb_typeof({_BESIDE} #> {_array(path)})",
    "lower": lambda one: f'(small_letters({one}) COLLATE "C")',
    "upper": lambda one: f'(capital_letters({one}) COLLATE "C")',
}


def _array(path: Sequence[str]) -> str:
    return f"CAST(ARRAY[{', '.join(literal(name) for name in path)}] AS text[])"


def selected(reader: Reader, query: ObservationQuery) -> Columns:
    """The rows for which the condition is true, in the order asked for."""
    if not query.datastreams:
        return columns.empty()
    cut = f" LIMIT {int(query.limit)}" if query.limit else ""
    skip = f" OFFSET {int(query.skip)}" if query.skip else ""
    order = ordering(query.order, WRITTEN)
    return reader.copied(f"{SELECTED}{_where(query)} ORDER BY {_quoted(order)}{cut}{skip}", _values(query))


def tallied(reader: Reader, query: ObservationQuery) -> dict[int, int]:
    """How many there are of each datastream."""
    if not query.datastreams:
        return {}
    return dict(reader.listed(f"{TALLIED}{_where(query)} GROUP BY datastream", _values(query)))


def _values(query: ObservationQuery) -> tuple[Any, ...]:
    numbers = Int4s(columns.distinct(query.datastreams))
    return numbers, query.start, query.end, numbers


def _where(query: ObservationQuery) -> str:
    return f" WHERE {_quoted(text(query.where, WRITTEN))}" if query.where is not None else ""


def _quoted(sql: str) -> str:
    """Signs of percent stand for values otherwise."""
    return sql.replace("%", "%%")
