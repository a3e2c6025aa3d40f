"""Which files of the folder are the log: changed as a whole, or not at all."""

import os
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np

from bocage.domain.errors import Unavailable
from bocage.domain.observation import Ints
from bocage.domain.text import message as _

NAME = "manifest.json"
COLUMNS = "columns-*.duckdb*"
MONTHS = "month-*.parquet"


FORM = 4  # 1: a file was a whole month; 2: nothing was kept beside observations; 3: open rows were in one table
EVERY = 2**24 - 1


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed file: its month, how many rows it holds, the starts, the positions and the datastreams they span.

    Months that hold little share a file (`until`: the last of them, when it is not the first); those that hold much
    are cut into several, by datastream and then by time. `same`: columns that hold one value only, `void`: columns
    that hold none; neither needs to be read.
    """

    name: str
    file: str
    rows: int
    start: int
    end: int
    lowest: int
    highest: int
    same: dict[str, int] = {}
    void: tuple[str, ...] = ()
    until: str = ""
    low: int = 0
    high: int = EVERY

    @property
    def last(self) -> str:
        """The last month it covers."""
        return self.until or self.name

    def holds(self, datastreams: Sequence[int]) -> bool:
        """Whether it may hold any of these, which are sorted."""
        at = bisect_left(datastreams, self.low)
        return at < len(datastreams) and datastreams[at] <= self.high


class Manifest(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The file of open months, the sealed files in order of time and datastream, and the number of the next file."""

    columns: str
    months: tuple[Month, ...] = ()
    following: int = 2
    form: int = FORM

    def reaching(self, start: int, end: int, datastreams: Sequence[int]) -> list[Month]:
        """The sealed files that may hold what starts in [start, end) of any of these (sorted), in order of time."""
        if not self.months or not datastreams:
            return []
        firsts, lasts, lows, highs = self._spans
        within = (firsts < end) & (lasts >= start) & (lows <= datastreams[-1]) & (highs >= datastreams[0])
        found = [self.months[at] for at in np.flatnonzero(within).tolist()]
        return found if len(datastreams) == 1 else [month for month in found if month.holds(datastreams)]

    @cached_property
    def _spans(self) -> tuple[Ints, ...]:
        """Starts and datastreams of each file, for there may be thousands."""
        spans = [[getattr(month, name) for month in self.months] for name in ("start", "end", "low", "high")]
        return tuple(np.array(one, np.int64) for one in spans)


FIRST = Manifest(columns="columns-1.duckdb")


def read(folder: Path) -> Manifest | None:
    """The manifest of a folder as this version reads it, its form as it was found; None when the folder is new."""
    path = folder / NAME
    if path.exists():
        found = msgspec.json.decode(path.read_bytes(), type=Manifest)
        if found.form > FORM:
            raise Unavailable(
                _("a log that this version can read"),
                found=f"{path}: {found.form} > {FORM}",
                remedy=_("use the version of Bocage that wrote it"),
            )
        return found if found.form > 2 else _brought_up(found)
    if any(folder.glob("columns-*.duckdb")):
        raise Unavailable(
            _("a manifest beside the columns"), found=f"{folder} has lost {NAME}", remedy=_("restore a backup")
        )
    return None


def _brought_up(former: Manifest) -> Manifest:
    """The manifest of an earlier form: no file of it has the column that came later."""
    months = tuple(msgspec.structs.replace(one, void=(*one.void, "beside")) for one in former.months)
    return msgspec.structs.replace(former, months=months)


def write(folder: Path, manifest: Manifest) -> None:
    """Make this the manifest, in the form of this version: durable when it returns, and the former one until then."""
    manifest = msgspec.structs.replace(manifest, form=FORM)
    partial = folder / f"{NAME}.partial"
    try:
        with partial.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / NAME)
        settle(folder)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Unavailable(_("room to write the manifest"), found=str(error), remedy=_("free some space")) from error


def settle(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path, manifest: Manifest) -> None:
    """Remove what a crash or a rebuild left: files the manifest does not name."""
    named = {manifest.columns, f"{manifest.columns}.wal", *(month.file for month in manifest.months)}
    for path in [one for one in folder.iterdir() if one.name not in named]:
        if any(map(path.match, (COLUMNS, MONTHS, "*.partial"))):
            path.unlink(missing_ok=True)
    spill = folder / "spill"
    if spill.exists():
        for path in spill.iterdir():
            path.unlink(missing_ok=True)
