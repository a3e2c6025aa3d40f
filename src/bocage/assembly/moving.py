"""Takes an instance from its folder into a PostgreSQL database, or back; what both hold is compared."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import tomli_w

from bocage import relational, store
from bocage.assembly import databases, unfinished
from bocage.assembly.instance import brought_up_to_date, unwired
from bocage.assembly.places import Places
from bocage.assembly.settings import Loaded
from bocage.domain.errors import Conflict
from bocage.domain.text import message as _
from bocage.relational.places import FILE
from bocage.store.protocol import Store

HEADING: Final = "[database]"
Told = Callable[[int, int], None]


class Made(NamedTuple):
    """What both places hold now."""

    tables: tuple[relational.Table, ...]
    log: Any  # Sum


def moved(loaded: Loaded, target: str, at: datetime, told: Told) -> dict[str, Any]:
    """Move to the database of this address, to the folder when it is empty; what was moved, counted.

    Nothing may run meanwhile. What is left behind is put aside and not removed; the settings file says where the
    instance is only once both hold the same. One that is cut short is begun anew. `told` hears how many rows of the log
    were gone through since it was last told, and of how many in all.
    """
    url = databases.address(loaded)
    if bool(url) == bool(target):
        raise Conflict(_("an instance that is somewhere else"), databases.shown(url) or str(loaded.data))
    databases.idle(url)
    with unwired(loaded) as (places, log, new):
        if new:  # an instance that nobody has opened yet moves too
            brought_up_to_date()
        if waiting := relational.pending():
            raise Conflict(_("a data folder of this version"), ", ".join(waiting), _("run: bocage upgrade"))
        with databases.alone(url or target):
            to = databases.keeping(places, target)
            unfinished.begin(places, to, at)
            made = _copied(log, to, places, told)
    if not to:  # else it would be taken for unfinished, should the machine stop just now
        unfinished.end(places, to)
    _settled(loaded.folder / "bocage.toml", target)
    if to:
        unfinished.end(places, to)
    aside = unfinished.put_aside(places, at) if to else None
    return {
        "tables": len(made.tables),
        "rows": sum(table.rows for table in made.tables),
        "observations": made.log.observations,
        "position": made.log.position,
        "checksum": made.log.checksum,
        "aside": str(aside or databases.shown(url)),
    }


def _copied(log: Store, url: str, places: Places, told: Told) -> Made:
    from bocage.store.copying import TIMES, copied

    whole = TIMES * sum(one.count for one in log.extent())
    tables = relational.copied(databases.server(url) or places.relational / FILE)
    with closing(_opened(url, places)) as other:
        return Made(tables=tables, log=copied(log, other, lambda rows: told(rows, whole)))


def _opened(url: str, places: Places) -> Store:
    """The log to move into: what was erased before is known there before the first observation comes."""
    if url:
        return store.connected(url, lists=places.erasures)
    return store.opened(places.log, lists=places.erasures)


def _settled(settings: Path, url: str) -> None:
    """Write into the settings file where the instance is; everything else stays as it was written."""
    lines = settings.read_text(encoding="utf-8").splitlines()
    kept = "\n".join(_without(lines)).rstrip() + "\n"
    table = "\n" + tomli_w.dumps({"database": {"url": databases.shown(url)}}) if url else ""
    partial = settings.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(kept.lstrip("\n") + table)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(settings)


def _without(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        inside = line.strip() == HEADING or (inside and not line.startswith("["))
        if not inside:
            yield line
