"""The copy of every night: whether there is room, the copy itself, and the oldest ones that go."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from bocage.assembly.backup import Original, backup
from bocage.assembly.lock import held
from bocage.domain.errors import BocageError, Conflict, Unavailable
from bocage.domain.said import NotDone, Octets, Said
from bocage.domain.text import message as _
from bocage.upkeep.copies import UNFINISHED, Manifest, copies, leftovers, superseded
from bocage.upkeep.disks import free, same_disk

SPARE: Final = 256 * 1024 * 1024
"""Bytes a copy leaves free: measurements go on coming in."""
LOCK: Final = ".lock"


class Rotation:
    """The folder of backups. One copy is made, tried or removed at a time, whoever asks for it."""

    def __init__(
        self, original: Original, folder: Path, keep: Callable[[], int], room: Callable[[Path], int] = free
    ) -> None:
        """`keep`: how many nights, as chosen at the moment; `room`: bytes free where a folder lies."""
        self.original, self.folder, self._keep, self._room = original, folder, keep, room

    def run(self, at: datetime) -> tuple[Said, ...]:
        """Make the copy of this night, as the run of a job; NotDone says why it was not made."""
        try:
            manifest, gone = self._made(at)
        except Unavailable as failure:
            raise NotDone(_failed(failure)) from failure
        except (BocageError, OSError) as failure:
            raise NotDone(Said(message=_WRONG, values={"failure": f"{type(failure).__name__}: {failure}"})) from failure
        made = Said(message=_MADE, values={"name": name_of(at), "size": Octets(manifest.bytes)})
        return (made, Said(message=_GONE, values={"count": gone})) if gone else (made,)

    def made(self, at: datetime) -> tuple[Path, Manifest]:
        """Make a dated copy that takes part in the rotation; where it lies."""
        manifest, _gone = self._made(at)
        return self.folder / name_of(at), manifest

    def _made(self, at: datetime) -> tuple[Manifest, int]:
        if self.folder.is_relative_to(self.original.places.data):
            raise Conflict(_("a folder of backups outside the data folder"), str(self.folder))
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with held(self.folder / LOCK):
            for one in leftovers(self.folder):
                shutil.rmtree(one, ignore_errors=True)
            self._look_for_room()
            unfinished = self.folder / f"{UNFINISHED}{name_of(at)}"
            try:
                manifest = backup(self.original, unfinished, at, rotates=True)
                unfinished.rename(self.folder / name_of(at))
            except BaseException:
                shutil.rmtree(unfinished, ignore_errors=True)
                raise
            return manifest, self._let_go()

    def _look_for_room(self) -> None:
        """A copy that would not fit is not begun: half a copy on a full disk helps nobody."""
        needed, left = self.original.whole + SPARE, self._room(self.folder)
        if needed > left:
            raise _NoRoom(needed, left)

    def _let_go(self) -> int:
        gone = superseded(copies(self.folder), self._keep())
        for copy in gone:
            shutil.rmtree(self.folder / copy.name)
        return len(gone)


class _NoRoom(Unavailable):
    def __init__(self, needed: int, left: int) -> None:
        self.needed, self.left = needed, left
        super().__init__(_("room for the backup"), f"{left} B < {needed} B", _REMEDY)


def _failed(failure: Unavailable) -> Said:
    if isinstance(failure, _NoRoom):
        values = {"needed": Octets(failure.needed), "left": Octets(failure.left)}
        return Said(message=_FULL, values=values)
    return Said(message=_WRONG, values={"failure": str(failure)})


def name_of(at: datetime) -> str:
    """The name of the copy of this moment."""
    return f"{at:%Y-%m-%d-%H%M%S}"


def beside(rotation: Rotation) -> bool:
    """Whether copies lie on the disk they are to outlive."""
    return same_disk(rotation.original.places.data, rotation.folder)


_MADE = _("Copy %(name)s made: %(size)s.")
_GONE = _("Older copies removed: %(count)s.")
_FULL = _("No copy was begun: it needs %(needed)s and %(left)s are free. Keep fewer nights, or make room.")
_REMEDY = _("keep fewer nights, or free some space")
_WRONG = _("The copy could not be made (%(failure)s); nothing is left of it.")
