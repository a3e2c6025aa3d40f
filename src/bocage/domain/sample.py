"""What a source is sent, as an example: a row that its mapping reads, for a series it has."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bocage.domain.instant import iso, to_ms
from bocage.domain.source import Mapping, Series

VALUE: Final = 612
NATIVE: Final = Mapping(key="{datastream}", series=(Series(column="result"),))
"""How rows are read where nothing is declared."""
_NAME: Final = re.compile(r"\{([^{}]+)\}")
_GIVEN: Final = frozenset({"file", "topic"})


def row(mapping: Mapping, keys: Sequence[str], now: datetime, parts: AbstractSet[str] = _GIVEN) -> dict[str, Any]:
    """The columns of a row and what stands in them. `keys`: those of its series; `parts`: what the row does not say."""
    mapping = mapping if mapping.series else NATIVE
    columns = [one for one in mapping.series if not one.column.endswith("*")]
    named = [name for name in _NAME.findall(mapping.key) if name not in parts | _GIVEN]
    found: dict[str, Any] = dict.fromkeys(named, "essai") | _named(mapping, columns, keys)
    written = {name: found[name] for name in named} | _times(mapping, now)
    return written | {one.column: "essai" if one.text else VALUE for one in columns}


def within(path: str, written: dict[str, Any]) -> Any:
    """A document that holds a row where the mapping says that its rows are."""
    found: Any = [written] if path else written
    for name in reversed(path.split(".") if path else []):
        found = {name: found}
    return found


def table(mapping: Mapping, keys: Sequence[str], now: datetime) -> str:
    """The heading and one line of a text table."""
    written = row(mapping, keys, now)
    by = mapping.delimiter or ";"
    cells = (str(one) for one in written.values())
    return f"{by.join(written)}\n{by.join(cells)}"


def _named(mapping: Mapping, columns: Sequence[Series], keys: Sequence[str]) -> dict[str, str]:
    """What the columns of the key hold for the first series that this mapping may name."""
    for key in keys:
        for column in columns:
            pieces = _NAME.split(mapping.key + column.key)
            form = "".join(f"(?P<n{at}>.+)" if at % 2 else re.escape(one) for at, one in enumerate(pieces))
            if read := re.fullmatch(form, key):
                return {pieces[at]: read[f"n{at}"] for at in range(1, len(pieces), 2)}
    return {}


def _times(mapping: Mapping, now: datetime) -> dict[str, str]:
    """The columns of the time; where an interval has an end it is now, and the hour before is measured."""
    columns = _NAME.findall(mapping.time) or ([mapping.time] if mapping.time else [])
    said = _said(mapping, now - timedelta(hours=1) if mapping.end else now, by_hand=len(columns) > 1)
    pieces = re.split(r"[ T]", said, maxsplit=len(columns) - 1) if len(columns) > 1 else [said]
    ends = {mapping.end: _said(mapping, now)} if mapping.end else {}
    return {**dict(zip(columns, pieces, strict=False)), **ends}


def _said(mapping: Mapping, at: datetime, *, by_hand: bool = False) -> str:
    """An instant as the mapping reads it."""
    if not (by_hand or mapping.time_format or mapping.zone):
        return iso(to_ms(at))
    form = mapping.time_format or "%Y-%m-%dT%H:%M:%S"
    return at.astimezone(ZoneInfo(mapping.zone or "Europe/Paris")).strftime(form)
