"""Several files at once: those of a form, and those inside a ZIP archive, with limits that no archive passes."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from bocage.domain.archive import UNREADABLE
from bocage.domain.errors import Invalid
from bocage.domain.text import message as _

LARGEST: Final = 32_000_000  # bytes of all files together, unpacked
MOST: Final = 200  # files
PIECE: Final = 1024 * 1024
_UNSEEN: Final = ("__MACOSX",)

Files = tuple[tuple[str, bytes], ...]


def opened(given: Sequence[tuple[str, bytes]]) -> Files:
    """The files themselves, archives opened; nothing is written to disk and no path of an archive is followed.

    Invalid when there are too many, when they are too large once unpacked, or when an archive cannot be opened.
    """
    files: list[tuple[str, bytes]] = []
    size = 0
    for name, content in given:
        for one in _members(name, content) if name.lower().endswith(".zip") else ((name, content),):
            size += len(one[1])
            files.append((_plain(one[0]), one[1]))
            if len(files) > MOST:
                raise Invalid(_("200 files at most"), name)
            if size > LARGEST:
                raise Invalid(_("32 MB at most, all files together and unpacked"), name)
    if not files:
        raise Invalid(_("a file"))
    return tuple(files)


def _members(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [one for one in archive.infolist() if _wanted(one)]
            if len(inside) > MOST:
                raise Invalid(_("200 files at most"), name)
            left = LARGEST
            for one in inside:
                body = _read(archive, one, left)
                left -= len(body)
                yield one.filename, body
    except UNREADABLE as error:
        raise Invalid(_("a ZIP archive that can be opened, without a password"), f"{name}: {error}"[:200]) from error


def _wanted(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    return not member.is_dir() and not path.name.startswith(".") and not any(part in _UNSEEN for part in path.parts)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """One member, up to `most` bytes: what its head says of its size is not believed."""
    if member.filename.lower().endswith(".zip"):
        raise Invalid(_("an archive without another one inside"), member.filename[:200])
    pieces: list[bytes] = []
    size = 0
    with archive.open(member) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > most:
                raise Invalid(_("32 MB at most, all files together and unpacked"), member.filename[:200])
            pieces.append(piece)
    return b"".join(pieces)


def _plain(name: str) -> str:
    """The last part of a name, without signs that mislead."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", last)[:200] or "file"
