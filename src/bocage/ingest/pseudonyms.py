"""Replaces identifiers of persons, vehicles and devices before the gate, by a keyed hash whose key lasts one day.

HMAC-SHA-256 over purpose, series and identifier, cut to 128 bits: nothing links two purposes, two places or two days.
The key lies in a file of its own (mode 0600) beside the data, in no backup, and is overwritten and removed once the
civil day of the territory is over. What comes out is a pseudonym: while the key lasts, whoever holds it can try
identifiers, and the same identifier is the same all day. It is personal data still (GDPR 4(5)).
"""

import contextlib
import hmac
import os
import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from bocage.domain.errors import Unavailable
from bocage.domain.reading import ReadingBatch
from bocage.domain.text import message as _
from bocage.ingest.compiled import Compiled

FOLDER: Final = "pseudonyms"
"""Under the data folder; never in a backup."""
KEY_BYTES: Final = 32
LETTERS: Final = 32
"""Letters of a pseudonym, a to p: 128 bits. Without digits none looks like a telephone number."""
_LETTERED: Final = str.maketrans("0123456789", "ghijklmnop")
_IGNORED: Final = str.maketrans("", "", " -:.\t\u00a0\u202f")

Draw = Callable[[int], bytes]


class Pseudonyms:
    """The keys of today, one for each territory; several processes share the folder."""

    def __init__(self, folder: Path, draw: Draw = secrets.token_bytes) -> None:
        self._folder = folder
        self._draw = draw

    def hide(self, by: Compiled, readings: ReadingBatch) -> ReadingBatch:
        """The same readings with every word replaced, and without what the sender said beside."""
        if readings.text is None:
            return msgspec.structs.replace(readings, beside=None)
        key, purpose = self._key(by.territory, by.today), by.source.purpose if by.source else ""
        known: dict[tuple[int, str], str] = {}
        hidden = np.full(len(readings), None, dtype=np.object_)
        for row, (series, text) in enumerate(zip(readings.key.tolist(), readings.text, strict=True)):
            if isinstance(text, str):
                if (series, text) not in known:
                    known[series, text] = pseudonym(key, (purpose, readings.keys[series], text))
                hidden[row] = known[series, text]
        return msgspec.structs.replace(readings, text=hidden, beside=None)

    def turn(self, territory: str, today: date) -> int:
        """Destroy the keys of days that are over, and what a process left that ended while it made one; how many keys.

        Who is late, and still takes in what came before midnight, destroys nothing of the day that has begun.
        """
        first = self._path(territory, today).stem
        gone = [path for path in self._folder.glob(f"{territory}.*") if path.name < first]
        for path in gone:
            destroy(path)
        return sum(path.suffix == ".key" for path in gone)

    def _path(self, territory: str, day: date) -> Path:
        return self._folder / f"{territory}.{day.isoformat()}.key"

    def _key(self, territory: str, today: date) -> bytes:
        """The key of that day, made by whichever process needs it first; read anew each time, held nowhere."""
        path = self._path(territory, today)
        with contextlib.suppress(FileNotFoundError):
            return _read(path)
        self.turn(territory, today)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}")
        descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(self._draw(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(mine, path)
        destroy(mine)
        with contextlib.suppress(FileNotFoundError):
            return _read(path)
        raise Unavailable(_("a key of the day for pseudonyms"), found=territory)  # its day was over meanwhile


def pseudonym(key: bytes, parts: tuple[str, str, str]) -> str:
    """The pseudonym of an identifier of a series under a purpose; spaces, dashes and capitals make no difference."""
    purpose, series, identifier = parts
    bare = identifier.casefold().translate(_IGNORED)
    said = "\0".join((purpose, series, bare)).encode()
    return hmac.digest(key, said, "sha256").hex()[:LETTERS].translate(_LETTERED)


def _read(path: Path) -> bytes:
    """A key; FileNotFoundError when another process is just destroying it: no pseudonym is made with its remains."""
    key = path.read_bytes()
    if len(key) != KEY_BYTES or not any(key):
        raise FileNotFoundError(path)
    return key


def destroy(path: Path) -> None:
    """Overwrite and remove; a copy that the disk or its driver keeps is out of reach."""
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_nlink == 1:  # another name of the same key is still needed
            with path.open("r+b") as file:
                file.write(b"\0" * KEY_BYTES)
                file.flush()
                os.fsync(file.fileno())
        path.unlink()
