"""Observations as JSON, column by column: a page of them costs little more than its bytes."""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec
import numpy as np

from bocage.api.sensorthings import weaving
from bocage.api.sensorthings.model import DATASTREAM, ID, MULTI, NAVIGATION, SELF, TYPES
from bocage.api.sensorthings.saying import told as said
from bocage.api.sensorthings.weaving import Column, escaped, woven
from bocage.domain.beside import PROMPT, Beside, read
from bocage.domain.nature import Origin
from bocage.domain.observation import Columns
from bocage.publish.objects import results as plainly
from bocage.publish.rows import ORIGINS, lasting, originals, times
from bocage.store import columns

SHOWN: Final = ("phenomenonTime", "result", "resultTime", "parameters")
FURTHER: Final = ("resultQuality", "validTime")
ARRAY: Final = ("id", "phenomenonTime", "result", "resultTime")
Joint = Mapping[int, tuple[str, list[str]]]
Linked = Mapping[str, Sequence[bytes]]


def full(rows: Columns) -> bool:
    """Whether any of these says how good it is, or for how long it holds: then each tells of it, be it nothing."""
    said = set(rows.beside.tolist()) - {None, PROMPT} if rows.beside is not None else ()
    return any(one.quality is not None or one.valid for one in map(read, said))


def written(rows: Columns, base: str, select: Sequence[str] = (), *, filled: bool) -> list[str]:
    """Each observation as the text of an object. `filled`: whether they are among rows that are `full`."""
    return woven(rows.id.tolist(), _members(rows, base, _names(select, {}, MULTI, filled)))


def listed(rows: Columns, base: str, select: Sequence[str] = ()) -> msgspec.Raw:
    """All of them as one array of objects."""
    members = _members(rows, base, _names(select, {}, MULTI, full(rows)))
    return msgspec.Raw(weaving.listed(rows.id.tolist(), members).encode())


def objects(
    rows: Columns,
    base: str,
    select: Sequence[str] = (),
    linked: Linked | None = None,
    results: list[str] | None = None,
) -> list[msgspec.Raw]:
    """Each observation as an object. `select`: the properties asked for, all when empty; `linked`: what was expanded,
    by navigation, one entity for each row; `results`: of a MultiDatastream, as arrays."""
    names = _names(select, linked or {}, DATASTREAM if results is not None else MULTI, full(rows))
    held = _members(rows, base, names)
    if results is not None and "result" in held:
        held["result"] = results
    held |= {name: [one.decode() for one in found] for name, found in (linked or {}).items()}
    return [msgspec.Raw(one.encode()) for one in woven(rows.id.tolist(), held)]


def _names(select: Sequence[str], linked: Linked, other: str, filled: bool) -> tuple[str, ...]:
    """`other`: the navigation that these observations have not."""
    if not select:
        ways = tuple(one for one in TYPES["Observation"].navigation if one not in linked and one != other)
        shown = (*SHOWN, *FURTHER) if filled else SHOWN
        return (ID, SELF, *shown, *(name + NAVIGATION for name in ways))
    wanted = [ID if one in ("id", ID) else one.partition("/")[0] for one in select]
    ways = tuple(TYPES["Observation"].navigation)
    left = [name for name in dict.fromkeys(wanted) if name not in linked and name != other]
    return tuple(name + NAVIGATION if name in ways else name for name in left)


def _members(rows: Columns, base: str, names: Sequence[str]) -> dict[str, Column]:
    found: dict[str, Column] = {}
    place = f"{escaped(base)}/Observations(%d)"
    told = _Told(rows)
    for name in names:
        if name == ID:
            found[name] = "%d"
        elif name == SELF:
            found[name] = f'"{place}"'
        elif name.endswith(NAVIGATION):
            found[name] = f'"{place}/{name.removesuffix(NAVIGATION)}"'
        else:
            found[name] = told.column(name)
    return found


class _Told:
    """Properties of some rows as JSON; times are written once."""

    def __init__(self, rows: Columns) -> None:
        self._rows = rows

    @cached_property
    def _starts(self) -> list[str]:
        found: list[str] = times(self._rows.start).tolist()
        return found

    @cached_property
    def _ends(self) -> list[str]:
        return lasting(self._rows)

    @cached_property
    def _said(self) -> list[Beside]:
        """What was said beside each; many say the same."""
        texts = columns.besides(self._rows).tolist()
        known = {text: read(text) for text in set(texts)}
        return [known[text] for text in texts]

    def _came(self) -> list[str]:
        """When the result of each came."""
        held = [one.result for one in self._said]
        at = times(self._rows.end + np.array([one or 0 for one in held], np.int64)).tolist()
        return ["null" if one is None else f'"{time}"' for one, time in zip(held, at, strict=True)]

    def _told(self, name: str) -> list[str]:
        rows = self._rows
        spans = zip(columns.besides(rows).tolist(), rows.start.tolist(), rows.end.tolist(), strict=True)
        return [msgspec.json.encode(said(*one)[name]).decode() for one in spans]

    def column(self, name: str) -> list[str]:
        """A property of every row."""
        rows = self._rows
        if name in ("id", ID):
            return [str(one) for one in rows.id.tolist()]
        if name == "phenomenonTime":
            spans = zip(self._starts, self._ends, strict=True)
            return [f'"{at}/{end}"' if end else f'"{at}"' for at, end in spans]
        if name == "result":
            return plainly(rows)
        if name == "parameters":
            return self._parameters()
        if rows.beside is None:
            return ["null"] * len(rows)
        return self._came() if name == "resultTime" else self._told(name)

    @property
    def more(self) -> bool:
        """Whether there is anything to tell of any of them but its time, its result, and when that came."""
        replayed = bool((self._rows.origin != Origin.MEASURED).any())
        return replayed or (self._rows.beside is not None and bool(set(self._rows.beside.tolist()) - {None, PROMPT}))

    def _parameters(self) -> list[str]:
        """Where each comes from, and when it was measured if that is another time than the one it has now."""
        moved, more = originals(self._rows), [""] * len(self._rows)
        if self._rows.beside is not None:
            held = [one.parameters for one in self._said]
            more = ["," + msgspec.json.encode(one)[1:-1].decode() if one else "" for one in held]
        return [
            f'{{"origin":"{ORIGINS[origin]}"' + (f',"originalTime":"{original}"' if original else "") + said + "}"
            for origin, original, said in zip(self._rows.origin.tolist(), moved, more, strict=True)
        ]


def value(rows: Columns, name: str) -> Any:
    """A property of the first row."""
    return json.loads(_Told(rows).column(name)[0])


def arrays(rows: Columns, base: str, select: Sequence[str] = (), joint: Joint | None = None) -> list[dict[str, Any]]:
    """The same as arrays, one for each series, in the order in which they come. `joint`: where a series is told with
    others, the address of what tells them, and its results."""
    names = tuple("id" if one == ID else one for one in select) or ARRAY
    told = _Told(rows)
    if not select and told.more:
        names = (*names, "parameters", *(FURTHER if full(rows) else ()))
    held = [told.column(name) for name in names]
    if joint and "result" in names:
        held[names.index("result")] = _jointly(rows, told.column("result"), joint)
    lines = np.array([f"[{','.join(one)}]" for one in zip(*held, strict=True)], object)
    found = []
    for number in dict.fromkeys(rows.datastream.tolist()):
        mine = lines[rows.datastream == number]
        name, address = (
            (MULTI, joint[number][0]) if joint and number in joint else (DATASTREAM, f"Datastreams({number})")
        )
        found.append(
            {
                name + NAVIGATION: f"{base}/{address}",
                "components": list(names),
                "dataArray@iot.count": len(mine),
                "dataArray": msgspec.Raw(f"[{','.join(mine)}]".encode()),
            }
        )
    return found


def _jointly(rows: Columns, plain: list[str], joint: Joint) -> list[str]:
    """Results where those of some series are arrays, which come in the order of their rows."""
    left = {number: iter(results) for number, (_address, results) in joint.items()}
    return [
        next(left[number]) if number in left else one
        for number, one in zip(rows.datastream.tolist(), plain, strict=True)
    ]
