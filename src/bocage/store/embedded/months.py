"""Reads sealed months: which file, which columns, and how they become numbers and times again."""

from collections.abc import Sequence
from pathlib import Path

from bocage.store import rows as shape
from bocage.store.embedded.contents import Contents
from bocage.store.embedded.manifest import Month

SEALED_NAMES = shape.NAMES.replace("number", "number, scaled, scale")
OPTIONAL = {"number": "DOUBLE", "text": "VARCHAR", "original": "BIGINT", "reason": "VARCHAR", "beside": "VARCHAR"}
UNSUMMED = ("counter", "position", "origin", "text", "original", "reason", "beside")  # what rollups do not look at
ORDER = 'datastream, "start", span, version'
POWERS = "[" + ", ".join(f"1e{k}::DOUBLE" for k in range(len(shape.POWERS))) + "]"
_DECODED = shape.NAMES.replace(
    "number", f"coalesce(scaled::DOUBLE / {POWERS}[scale + 1] + coalesce(number, 0), number, 'nan'::DOUBLE) AS number"
)


def quoted(path: Path) -> str:
    """A path as a SQL literal."""
    return "'" + str(path).replace("'", "''") + "'"


def source(folder: Path, months: Sequence[Month], *, named: bool = False) -> str:
    """What a SELECT of `SEALED_NAMES` reads from, for these months; with a column `filename` when `named`."""
    files = ", ".join(quoted(folder / month.file) for month in months)
    start = "beat" if all(month.same.get("delay") == 0 for month in months) else "beat + delay"
    alike = "" if len({month.void for month in months}) == 1 else ", union_by_name = true"
    told = ", filename = true" if named else ""
    nulls = "".join(f", NULL::{OPTIONAL[name]} AS {name}" for name in sorted(_void(months)))
    return f'(SELECT *, {start} AS "start"{nulls} FROM read_parquet([{files}]{alike}{told}))'


def plain(folder: Path, months: Sequence[Month], names: str, where: str) -> str:
    """A SELECT of these columns of sealed months, as short as DuckDB plans it soonest: the name it gives the start
    serves in the condition too. `names`: of `wanted`."""
    start = "beat" if all(month.same.get("delay") == 0 for month in months) else "beat + delay"
    files = ", ".join(quoted(folder / month.file) for month in months)
    alike = "" if len({month.void for month in months}) == 1 else ", union_by_name = true"
    told = names.replace('"start"', f'{start} AS "start"')
    return f"SELECT {told} FROM read_parquet([{files}]{alike}) WHERE {where}"


def decoded(folder: Path, months: Sequence[Month], where: str) -> str:
    """A SELECT of `rows.NAMES` over sealed months."""
    return f"SELECT {_DECODED} FROM {source(folder, months)} WHERE {where}"


def wanted(names: str, held: Sequence[Month | Contents], *, narrow: bool) -> tuple[str, dict[str, int]]:
    """The columns of these names that must be read, and the value of those that need not be."""
    same = {
        name: value
        for name, value in (held[0].same or {}).items()
        if all((one.same or {}).get(name) == value for one in held)
    }
    left_out = _void(held) | set(same) | (set(UNSUMMED) if narrow else set())
    return ", ".join(name for name in names.split(", ") if name.strip('"') not in left_out), same


def _void(held: Sequence[Month | Contents]) -> set[str]:
    """Columns that hold nothing in any of these; sealed months leave them out of their files."""
    return set.intersection(*(set(one.void) for one in held))
