"""Files a person handed over that wait until it is said what they hold; erased after some days, whatever comes of it.

`<folder>/<territory>/<number>/<name of the file>`, with what was answered so far beside it.
"""

import secrets
import shutil
from base64 import b32encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from bocage.domain.errors import Missing
from bocage.domain.text import message as _

NOTES: Final = ".notes.json"
LASTS: Final = timedelta(days=7)


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a waiting file. `usual`: the quantity it was said to hold. `answers`: typed so far, by field;
    `sections`: fields answered otherwise than proposed, by kind."""

    name: str
    at: datetime
    usual: str = ""
    by: str = ""
    answers: dict[str, str] = {}
    sections: dict[str, dict[str, Any]] = {}


class Waiter(msgspec.Struct, frozen=True, kw_only=True):
    """One file that waits."""

    number: str
    path: Path
    notes: Notes

    @property
    def content(self) -> bytes:
        """Its bytes."""
        return self.path.read_bytes()


class Waiting:
    """The files that wait."""

    def __init__(self, folder: Path, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._folder = folder
        self._draw = draw

    def keep(self, territory: str, content: bytes, notes: Notes) -> str:
        """Keep a file; its number. `notes.name` is a name that stays in its folder."""
        number = b32encode(self._draw(10)).decode().lower()
        folder = self._folder / territory / number
        folder.mkdir(parents=True)
        (folder / notes.name).write_bytes(content)
        _write(folder, notes)
        return number

    def find(self, territory: str, number: str) -> Waiter:
        """One of them; Missing when it is not there any more."""
        folder = self._folder / territory / number
        if not number.isalnum() or not (folder / NOTES).is_file():
            raise Missing(_("a file that waits"), "", _("hand it over again: it was taken in, set aside, or too old"))
        return _read(folder)

    def listed(self, territory: str) -> list[Waiter]:
        """All of a territory, the newest first."""
        found = [_read(path.parent) for path in (self._folder / territory).glob(f"*/{NOTES}")]
        return sorted(found, key=lambda one: one.notes.at, reverse=True)

    def note(self, territory: str, number: str, notes: Notes) -> None:
        """Remember what was answered."""
        _write(self.find(territory, number).path.parent, notes)

    def drop(self, territory: str, number: str) -> None:
        """Erase one."""
        shutil.rmtree(self.find(territory, number).path.parent)

    def erase(self, at: datetime) -> int:
        """Erase those nobody came back to; how many."""
        old = [path.parent for path in self._folder.glob(f"*/*/{NOTES}") if _read(path.parent).notes.at < at - LASTS]
        for folder in old:
            shutil.rmtree(folder)
        return len(old)


def _read(folder: Path) -> Waiter:
    notes = msgspec.json.decode((folder / NOTES).read_bytes(), type=Notes)
    return Waiter(number=folder.name, path=folder / notes.name, notes=notes)


def _write(folder: Path, notes: Notes) -> None:
    half = folder / f"{NOTES}.part"
    half.write_bytes(msgspec.json.encode(notes))
    half.replace(folder / NOTES)


def noted(name: str, at: datetime, *, usual: str = "", by: str = "") -> Notes:
    """The notes of a file that has just come."""
    return Notes(name=name, at=at.astimezone(UTC), usual=usual, by=by)
