"""Observations as JSON, column by column: a page of them costs little more than its bytes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from bocage.api.sensorthings.model import ID, NAVIGATION, SELF, TYPES
from bocage.api.sensorthings.weaving import Column, escaped, woven
from bocage.domain.nature import Origin
from bocage.domain.observation import Columns
from bocage.publish.objects import results
from bocage.publish.rows import ORIGINS, lasting, originals, times

SHOWN: Final = ("phenomenonTime", "result", "resultTime", "parameters")
ARRAY: Final = ("id", "phenomenonTime", "result", "resultTime")
Linked = Mapping[str, Sequence[bytes]]


def written(rows: Columns, base: str, select: Sequence[str] = ()) -> list[bytes]:
    """Each observation as the bytes of an object."""
    return woven(rows.id.tolist(), _members(rows, base, _names(select, {})))


def objects(rows: Columns, base: str, select: Sequence[str] = (), linked: Linked | None = None) -> list[msgspec.Raw]:
    """Each observation as an object. `select`: the properties asked for, all when empty; `linked`: what was expanded,
    by navigation, one entity for each row."""
    names = _names(select, linked or {})
    held = _members(rows, base, names)
    held |= {name: [one.decode() for one in found] for name, found in (linked or {}).items()}
    return [msgspec.Raw(one) for one in woven(rows.id.tolist(), held)]


def _names(select: Sequence[str], linked: Linked) -> tuple[str, ...]:
    if not select:
        ways = tuple(one for one in TYPES["Observation"].navigation if one not in linked)
        return (ID, SELF, *SHOWN, *(name + NAVIGATION for name in ways))
    wanted = [ID if one in ("id", ID) else one.partition("/")[0] for one in select]
    ways = tuple(TYPES["Observation"].navigation)
    return tuple(name + NAVIGATION if name in ways else name for name in dict.fromkeys(wanted) if name not in linked)


def _members(rows: Columns, base: str, names: Sequence[str]) -> dict[str, Column]:
    found: dict[str, Column] = {}
    place = f"{escaped(base)}/Observations(%d)"
    for name in names:
        if name == ID:
            found[name] = "%d"
        elif name == SELF:
            found[name] = f'"{place}"'
        elif name.endswith(NAVIGATION):
            found[name] = f'"{place}/{name.removesuffix(NAVIGATION)}"'
        else:
            found[name] = column(rows, name)
    return found


def column(rows: Columns, name: str) -> list[str]:
    """A property of every row, as JSON."""
    if name in ("id", ID):
        return [str(one) for one in rows.id.tolist()]
    if name == "phenomenonTime":
        ends = lasting(rows)
        return [f'"{at}/{end}"' if end else f'"{at}"' for at, end in zip(times(rows.start).tolist(), ends, strict=True)]
    if name == "result":
        return results(rows)
    return _parameters(rows) if name == "parameters" else ["null"] * len(rows)


def _parameters(rows: Columns) -> list[str]:
    """Where each comes from, and when it was measured if that is another time than the one it has now."""
    moved = originals(rows)
    return [
        f'{{"origin":"{ORIGINS[origin]}"' + (f',"originalTime":"{original}"}}' if original else "}")
        for origin, original in zip(rows.origin.tolist(), moved, strict=True)
    ]


def value(rows: Columns, name: str) -> Any:
    """A property of the first row."""
    return json.loads(column(rows, name)[0])


def arrays(rows: Columns, base: str, select: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The same as arrays, one for each series, in the order in which they come."""
    names = tuple("id" if one == ID else one for one in select) or ARRAY
    if not select and bool((rows.origin != Origin.MEASURED).any()):
        names = (*names, "parameters")
    held = [column(rows, name) for name in names]
    lines = np.array([f"[{','.join(one)}]" for one in zip(*held, strict=True)], object)
    found = []
    for number in dict.fromkeys(rows.datastream.tolist()):
        mine = lines[rows.datastream == number]
        found.append(
            {
                "Datastream" + NAVIGATION: f"{base}/Datastreams({number})",
                "components": list(names),
                "dataArray@iot.count": len(mine),
                "dataArray": msgspec.Raw(f"[{','.join(mine)}]".encode()),
            }
        )
    return found
