"""The folder of backups: which copies there are, which were tried, which have had their time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

import msgspec

from bocage.domain.said import Said

MANIFEST: Final = "manifest.json"
TRIED: Final = "tried.json"
UNFINISHED: Final = "."
"""What the name of a folder begins with while a copy is made in it, or tried in it."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What an instance holds: declarations by territory and kind, the end of each chain, series, observations.

    `heads`: the sequence and the digest of the last version of each territory's chain.
    """

    declarations: dict[str, dict[str, int]]
    heads: dict[str, tuple[int, str]]
    datastreams: int
    observations: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds. `rotates`: it goes when newer nights have taken its place.

    `before` and `after`: what the instance held when the copy began and when it was made; what it holds lies between.
    """

    version: str
    at: datetime
    position: int
    files: dict[str, str]
    bytes: int
    rotates: bool = False
    before: Counts | None = None
    after: Counts | None = None


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What trying to restore a copy showed: sound or not, in sentences, and how long it took."""

    at: datetime
    sound: bool
    said: tuple[Said, ...]
    seconds: float


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A whole backup in the folder. `rotates`: see Manifest. `tried`: the last try to restore it, if there was one."""

    name: str
    at: datetime
    bytes: int
    version: str
    rotates: bool
    tried: Tried | None


def copies(folder: Path) -> tuple[Copy, ...]:
    """The whole copies of the folder, newest first; what is not finished or not ours is left out."""
    found = [_copy(path.parent) for path in folder.glob(f"[!{UNFINISHED}]*/{MANIFEST}")]
    return tuple(sorted((copy for copy in found if copy), key=lambda copy: copy.at, reverse=True))


def read(copy: Path) -> Manifest | None:
    """The manifest of a copy; None when it cannot be read."""
    try:
        return msgspec.json.decode((copy / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None


def _copy(path: Path) -> Copy | None:
    manifest = read(path)
    if manifest is None:
        return None
    return Copy(
        name=path.name,
        at=manifest.at,
        bytes=manifest.bytes,
        version=manifest.version,
        rotates=manifest.rotates,
        tried=_tried(path),
    )


def _tried(path: Path) -> Tried | None:
    try:
        return msgspec.json.decode((path / TRIED).read_bytes(), type=Tried)
    except (OSError, msgspec.MsgspecError):
        return None


def note(copy: Path, tried: Tried) -> None:
    """Keep beside a copy what trying it showed."""
    fresh = copy / f"{TRIED}.new"
    fresh.write_bytes(msgspec.json.encode(tried))
    fresh.replace(copy / TRIED)


def superseded(found: Iterable[Copy], keep: int, zone: tzinfo | None = None) -> list[Copy]:
    """The copies that go: all but the newest of each of the last `keep` days that have one.

    A copy under a name of its own, or made before an upgrade, stays; so does the newest that could be restored.
    """
    rotating = sorted((copy for copy in found if copy.rotates), key=lambda copy: copy.at, reverse=True)
    kept: dict[object, Copy] = {}
    for copy in rotating:
        kept.setdefault(copy.at.astimezone(zone).date(), copy)
    staying = {copy.name for copy in list(kept.values())[:keep]}
    sound = next((copy.name for copy in rotating if copy.tried and copy.tried.sound), "")
    return [copy for copy in rotating if copy.name not in staying and copy.name != sound]


def leftovers(folder: Path) -> Sequence[Path]:
    """Folders in which a copy was being made, or tried, when the machine stopped."""
    return sorted(path for path in folder.glob(f"{UNFINISHED}*") if path.is_dir())
