"""Reads sealed months: which file, which columns, and how they become numbers and times again."""

from collections.abc import Sequence
from pathlib import Path

from bocage.store.embedded import rows as shape
from bocage.store.embedded.manifest import Month

SEALED_NAMES = shape.NAMES.replace("number", "number, scaled, scale")
OPTIONAL = {"number": "DOUBLE", "text": "VARCHAR", "original": "BIGINT", "reason": "VARCHAR"}
UNSUMMED = ("counter", "position", "origin", "text", "original", "reason")  # what rollups do not look at
NARROW = ", ".join(name for name in shape.NAMES.split(", ") if name not in UNSUMMED)
ORDER = 'datastream, "start", span, version'
POWERS = "[" + ", ".join(f"1e{k}::DOUBLE" for k in range(len(shape.POWERS))) + "]"
_DECODED = shape.NAMES.replace(
    "number", f"coalesce(scaled::DOUBLE / {POWERS}[scale + 1] + coalesce(number, 0), number, 'nan'::DOUBLE) AS number")


def quoted(path: Path) -> str:
    """A path as a SQL literal."""
    return "'" + str(path).replace("'", "''") + "'"


def source(folder: Path, months: Sequence[Month]) -> str:
    """What a SELECT of `SEALED_NAMES` reads from, for these months."""
    files = ", ".join(quoted(folder / month.file) for month in months)
    start = "beat" if all(month.same.get("delay") == 0 for month in months) else "beat + delay"
    alike = "" if len({month.void for month in months}) == 1 else ", union_by_name = true"
    nulls = "".join(f", NULL::{OPTIONAL[name]} AS {name}" for name in sorted(_void(months)))
    return f'(SELECT *, {start} AS "start"{nulls} FROM read_parquet([{files}]{alike}))'


def decoded(folder: Path, months: Sequence[Month], where: str) -> str:
    """A SELECT of `rows.NAMES` over sealed months."""
    return f"SELECT {_DECODED} FROM {source(folder, months)} WHERE {where}"


def wanted(months: Sequence[Month], *, narrow: bool) -> tuple[str, dict[str, int]]:
    """The columns that must be read of these months, and the value of those that need not be."""
    same = {name: value for name, value in months[0].same.items()
            if all(month.same.get(name) == value for month in months)}
    left_out = _void(months) | set(same) | (set(UNSUMMED) if narrow else set())
    names = [name for name in SEALED_NAMES.split(", ") if name.strip('"') not in left_out]
    return ", ".join(names), same


def _void(months: Sequence[Month]) -> set[str]:
    """Columns that hold nothing in any of these months, and are not in their files."""
    return set.intersection(*(set(month.void) for month in months))
