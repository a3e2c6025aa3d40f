"""Takes a log over into another home, commit by commit, and says whether both hold the same."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np

from bocage.domain.errors import Conflict, Invalid
from bocage.domain.observation import Columns
from bocage.domain.text import message as _
from bocage.store import columns, opened
from bocage.store.erasures import Erased, noted, restored
from bocage.store.protocol import Store

AT_ONCE = 262_144
TIMES = 3  # how often `copied` goes through every row
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """What a log holds, to be compared: rows of every version, observations, last position, a sum over every value.

    The sum does not depend on the order of rows: two homes give those of one commit in orders of their own.
    """

    rows: int
    observations: int
    position: int
    checksum: str


def copied(source: Store, target: Store, told: Callable[[int], None] = lambda rows: None) -> Sum:
    """Everything the source held when this began, into an empty log; Conflict when it is not empty.

    What both hold is compared: Invalid when it differs. `told` hears how many rows were gone through since it was last
    told: each is copied, then summed in both.
    """
    if target.position():
        raise Conflict(_("an empty log to copy into"), str(target.position()), _("choose another place"))
    last = source.position()
    for rows in committed(source, last):
        target.refill(restored(rows, exact=True))
        told(len(rows))
    target.reserve(source.counters())
    before, after = summed(source, last, told), summed(target, last, told)
    if before != after:
        raise Invalid(_("the same observations in both logs"), f"{before} != {after}")
    return after


def copied_into(source: Store, folder: Path, known: Sequence[Erased] = ()) -> int:
    """The same into a folder that is empty, as a log of the embedded home; the position it holds.

    `known`: erasures that the source has done, which whoever opens the copy must not do again.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Invalid("an empty folder", found=str(folder))
    with TemporaryDirectory() as lists:
        for one in known:
            noted(Path(lists), one)
        target = opened(folder, lists=Path(lists))  # an empty log has nothing to erase, and knows them from now on
        try:
            return copied(source, target).position
        finally:
            target.close()


def committed(store: Store, last: int) -> Iterator[Columns]:
    """Every commit up to a position, in order."""
    position = 0
    while position < last:
        rows = store.after(position, AT_ONCE)
        if not len(rows):
            return
        position = int(rows.position[-1])
        yield rows if position <= last else columns.picked(rows, np.flatnonzero(rows.position <= last))


def summed(store: Store, last: int, told: Callable[[int], None] = lambda rows: None) -> Sum:
    """What a log holds up to a position."""
    count, observations, total = 0, 0, 0
    for rows in committed(store, last):
        count += len(rows)
        observations += int((rows.version == 1).sum())
        total = (total + _sum(rows)) % 2**64
        told(len(rows))
    return Sum(rows=count, observations=observations, position=last, checksum=f"{total:016x}")


def _sum(rows: Columns) -> int:
    held = [
        getattr(rows, name) for name in ("datastream", "start", "end", "kind", "origin", "id", "position", "version")
    ]
    # Every NaN is the same value, whatever its bits.
    held += [np.where(np.isnan(rows.number), np.nan, rows.number + 0.0).view(np.int64), columns.originals(rows)]
    held += [_texts(columns.texts(rows)), _texts(columns.reasons(rows))]
    mixed = np.zeros(len(rows), np.uint64)
    for column in held:
        mixed = _mixed(mixed ^ column.astype(np.int64).view(np.uint64))
    if rows.beside is not None:  # those that have nothing beside them count the same wherever they are read
        said = _texts(rows.beside)
        mixed = np.where(said != 0, _mixed(mixed ^ said.view(np.uint64)), mixed)
    return int(mixed.sum(dtype=np.uint64))


def _mixed(values: Any) -> Any:
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    return (values ^ (values >> np.uint64(31))) + np.uint64(0x9E3779B97F4A7C15)


def _texts(values: Any) -> Any:
    """A number for each text; 0 for none."""
    found = np.zeros(len(values), np.int64)
    for place in np.flatnonzero((values != np.array(None)) & (values != np.array(""))).tolist():
        digest = hashlib.blake2b(values[place].encode(), digest_size=8).digest()
        found[place] = int.from_bytes(digest, "little", signed=True)
    return found
