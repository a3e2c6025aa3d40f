"""A folder of the commons on the disk, read without trusting what stands in it; only what changed is read again.

Plain files at `kind/territory/short-name.toml` (or `.json`) are read; links are told and never followed, nothing
outside the folder is opened, and there are bounds to how much is looked at.
"""

import difflib
import os
import stat
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from bocage.commons.library import Fault, Library
from bocage.commons.reading import FORMS, LARGEST, resource
from bocage.commons.resource import SHARED, Shared
from bocage.domain.text import message as _

MOST: Final = 20_000  # files of the whole folder, names of one folder in it
HEAVIEST: Final = 64_000_000  # bytes of all files together
BESIDE: Final = ("readme", "licence", "license", "contributing")  # what people write beside, in any folder


class Seen(msgspec.Struct, frozen=True):
    """A file as it was read: what the disk said of it, and what came of reading it."""

    stands: tuple[int, int, int]
    outcome: Shared | Fault


def read(folder: Path) -> Library:
    """All of it."""
    return again(folder, {})[0]


def again(folder: Path, before: Mapping[str, Seen]) -> tuple[Library, Mapping[str, Seen]]:
    """All of it, where files that stand as before are not read again; and every file as it stands now."""
    seen: dict[str, Seen] = {}
    faults: list[Fault] = []
    weight = 0
    for path, entry in _files(folder, faults):
        told = entry.stat(follow_symlinks=False)
        weight += told.st_size
        if len(seen) + len(faults) >= MOST or weight > HEAVIEST:
            faults.append(Fault(path=path, expected=_("20,000 files and 64 MB at most, in all"), found=path))
            break
        stands = (told.st_mtime_ns, told.st_size, told.st_ino)
        known = before.get(path)
        seen[path] = known if known and known.stands == stands else Seen(stands, _read(path, entry.path))
    return _library(seen, faults), seen


def _library(seen: Mapping[str, Seen], faults: list[Fault]) -> Library:
    named: dict[str, Shared] = {}
    for path, one in sorted(seen.items()):
        if isinstance(one.outcome, Fault):
            faults.append(one.outcome)
        elif one.outcome.name in named:
            faults.append(Fault(path=path, expected=_("one file for each name"), found=one.outcome.name))
        else:
            named[one.outcome.name] = one.outcome
    mark = sha256(repr([(path, one.stands) for path, one in sorted(seen.items())]).encode()).hexdigest()
    return Library(
        shared=tuple(named[name] for name in sorted(named)),
        faults=tuple(sorted(faults, key=lambda fault: (fault.path, fault.line))),
        mark=mark if seen else "",
    )


def _files(folder: Path, faults: list[Fault]) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Every file that may be a resource, with its path in the folder; what stands in the way goes to `faults`."""
    for kind in _inside(str(folder), "", faults):
        if kind.name not in SHARED:
            _misnamed(kind.name, faults)
            continue
        for territory in _folders(kind, kind.name, faults):
            below = f"{kind.name}/{territory.name}"
            for file in _inside(territory.path, below, faults) if len(faults) < MOST else ():
                path = f"{below}/{file.name}"
                if Path(file.name).suffix not in FORMS or not file.is_file(follow_symlinks=False):
                    faults.append(Fault(path=path, expected=_PLAIN))
                else:
                    yield path, file


_PLAIN = _("a plain file whose name ends in .toml or .json")


def _folders(kind: "os.DirEntry[str]", path: str, faults: list[Fault]) -> Iterator["os.DirEntry[str]"]:
    if not kind.is_dir(follow_symlinks=False):
        faults.append(Fault(path=path, expected=_FOLDER))
        return
    for one in _inside(kind.path, path, faults):
        if one.is_dir(follow_symlinks=False):
            yield one
        else:
            faults.append(Fault(path=f"{path}/{one.name}", expected=_FOLDER))


_FOLDER = _("a folder, no file and no link: kind/territory/short-name.toml")


def _inside(path: str, below: str, faults: list[Fault]) -> list["os.DirEntry[str]"]:
    """What a folder holds, but for hidden names and what people write beside."""
    try:
        with os.scandir(path) as found:
            entries = sorted(islice(found, MOST + 1), key=lambda entry: entry.name)
    except OSError as error:
        faults.append(Fault(path=below or ".", expected=_("a folder that can be read"), found=error.strerror or ""))
        return []
    return [one for one in entries if not one.name.startswith((".", "_")) and _stem(one.name) not in BESIDE]


def _stem(name: str) -> str:
    return name.partition(".")[0].casefold()


def _misnamed(name: str, faults: list[Fault]) -> None:
    """A folder nearly named as a kind is one nobody would find anything in; others are none of ours."""
    near = difflib.get_close_matches(name.casefold(), SHARED, n=1, cutoff=0.8)
    if near:
        faults.append(Fault(path=name, expected=_("a folder named by a kind"), found=f"{name}, {near[0]}?"))


def _read(path: str, place: str) -> Shared | Fault:
    """One file, opened without following a link and never waited for, up to the size that is read."""
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return Fault(path=path, expected=_("a file that can be read"), found=error.strerror or "")
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return Fault(path=path, expected=_PLAIN)
        return resource(path, file.read(LARGEST + 1))
