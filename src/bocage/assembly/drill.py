"""Trying a copy: restored beside itself, opened as an instance, counted and verified, then removed.

`drilled` needs a process of its own, as one process opens one instance; `drill` starts it and waits for it.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from bocage.assembly import backup
from bocage.assembly.instance import Instance, opened
from bocage.assembly.lock import held
from bocage.assembly.places import Places
from bocage.assembly.rotation import LOCK, SPARE
from bocage.assembly.settings import load
from bocage.domain.errors import BocageError, Invalid, Missing, Unavailable
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.said import NotDone, Octets, Said
from bocage.domain.text import message as _
from bocage.relational.places import FILE
from bocage.store.protocol import Store
from bocage.store.withholding import whole
from bocage.upkeep import copies
from bocage.upkeep.copies import UNFINISHED, Counts, Manifest, Tried
from bocage.upkeep.disks import free

LONGEST: Final = 4 * 3600.0
"""Seconds after which a try is given up."""


def drilled(copy: Path, clock: Callable[[], datetime]) -> Tried:
    """Restore a copy in a folder of its own, look whether all is there, remove it, and note what was found.

    Missing when there is no whole copy, Unavailable when there is no room to try it: then nothing was found out.
    """
    manifest = copies.read(copy)
    if manifest is None:
        raise Missing(_("a complete backup"), str(copy))
    began, at = time.monotonic(), clock()
    with held(copy.parent / LOCK), _room(copy.parent, manifest) as folder:
        try:
            faults = list(_faults(copy, folder))
        except Exception as failure:  # whatever breaks here would break on the day it is needed: that is the finding
            faults = [Said(message=_BROKEN, values={"failure": _named(failure)})]
    said = tuple(faults) or (Said(message=_SOUND, values=_held(manifest)),)
    found = Tried(at=at, sound=not faults, said=said, seconds=time.monotonic() - began)
    copies.note(copy, found)
    return found


@contextmanager
def _room(beside: Path, manifest: Manifest) -> Iterator[Path]:
    """A folder that goes when all is done, on the disk of the copy: it may be larger than the memory of the machine."""
    needed, left = manifest.bytes + SPARE, free(beside)
    if needed > left:
        raise Unavailable(_("room to try the backup"), f"{left} B < {needed} B", _("free some space"))
    folder = Path(mkdtemp(prefix=f"{UNFINISHED}drill-", dir=beside))
    try:
        yield folder / "instance"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _faults(copy: Path, folder: Path) -> Iterator[Said]:
    manifest = backup.restore(copy, folder)
    database = Places(data=folder / "data").relational / FILE
    with closing(sqlite3.connect(database)) as tables:
        if (found := tables.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            yield Said(message=_BROKEN, values={"failure": f"{FILE}: {found}"})
            return
    with opened(load(folder / "bocage.toml"), upgrading=True) as instance:
        yield from _inside(instance, manifest)


def _inside(instance: Instance, manifest: Manifest) -> Iterator[Said]:
    from bocage.assembly.commands import run  # tables: only once the instance is open
    from bocage.assembly.counting import counted, differences

    if (position := instance.store.position()) != manifest.position:
        yield Said(message=_DIFFERS, values={"name": "position", "expected": manifest.position, "found": position})
    if faults := run(instance, "verify", {"territory": "", "anchor": "", "kept": "", "key": ""}, lambda told: None)[
        "faults"
    ]:
        yield Said(message=_HISTORY, values={"count": len(faults)})
    if manifest.before and manifest.after:
        now = counted(instance.store, _read(instance.store))
        for name, expected, found in differences(now, manifest.before, manifest.after):
            yield Said(message=_DIFFERS, values={"name": name, "expected": expected, "found": found})


def _read(store: Store) -> int:
    """How many observations can really be read, one by one: a count kept beside them proves nothing."""
    log = whole(store)
    series = [extent.datastream for extent in log.extent()]
    return sum(len(rows.start) for rows in log.scan(series, EARLIEST, LATEST))


def _held(manifest: Manifest) -> dict[str, int | Octets]:
    after = manifest.after or Counts(declarations={}, heads={}, datastreams=0, observations=0)
    declarations = sum(sum(kinds.values()) for kinds in after.declarations.values())
    return {"size": Octets(manifest.bytes), "observations": after.observations, "declarations": declarations}


def _named(failure: Exception) -> str:
    if isinstance(failure, Invalid):
        return failure.found
    return str(failure) if isinstance(failure, BocageError) else f"{type(failure).__name__}: {failure}"[:500]


def newest(folder: Path) -> Path:
    """The newest whole copy of a folder; Missing without one."""
    found = next(iter(copies.copies(folder)), None)
    if found is None:
        raise Missing(_("a complete backup"), str(folder))
    return folder / found.name


def drill(folder: Path) -> tuple[Said, ...]:
    """Try the newest copy of a folder in a process of its own, as the run of a job; NotDone when it is not sound."""
    copy = next(iter(copies.copies(folder)), None)
    if copy is None:
        return ()
    command = [sys.executable, "-m", "bocage", "restore-test", str(folder / copy.name)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own interpreter, our own words
            command, capture_output=True, timeout=LONGEST, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}
        )
    except subprocess.TimeoutExpired as error:
        raise NotDone(Said(message=_STOPPED, values={"name": copy.name, "failure": "4 h"})) from error
    after = next((one.tried for one in copies.copies(folder) if one.name == copy.name), None)
    if after is None or after == copy.tried:
        told = ended.stderr.decode(errors="replace").strip().splitlines()
        last = told[-1][:300] if told else str(ended.returncode)
        raise NotDone(Said(message=_STOPPED, values={"name": copy.name, "failure": last}))
    if not after.sound:
        raise NotDone(*after.said)
    return after.said


_SOUND = _("It can be restored: %(size)s, %(declarations)s declarations and %(observations)s values read again.")
_BROKEN = _("It cannot be restored: %(failure)s.")
_HISTORY = _("Restored, its history does not hold: %(count)s faults.")
_DIFFERS = _("Restored, %(name)s is %(found)s instead of %(expected)s.")
_STOPPED = _("The copy %(name)s could not be tried: %(failure)s.")
