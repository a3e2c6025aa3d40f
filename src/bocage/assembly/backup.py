"""Backups: the relational side first and the log last, every file with its digest; and the way back.

A backup is a folder: `manifest.json` (what it holds, SHA-256 of each file), `bocage.toml`, `data/`. It is made
while the instance runs. It holds the keys and personal data: keep it as you keep the instance. What trying to restore
it showed is kept beside, in `tried.json`, and is no part of it.
"""

import hashlib
import os
import shutil
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from bocage import relational
from bocage.assembly.places import Places
from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.domain.text import message as _
from bocage.relational.places import FILE
from bocage.upkeep.copies import MANIFEST, TRIED, Counts, Manifest

# The log copies itself; a copy must not carry the list it is held to; the others are of the moment.
LEFT_OUT = (
    "log",
    "erasures",
    "drop",
    "quarantine",
    "pseudonyms",
    "lock",
    "bocage.sock",
    "exports",
    "imports",
    "waiting",
    "moved",
)


class Original(msgspec.Struct, frozen=True, kw_only=True):
    """What is copied: the log, the settings file, the data folder. `counted` says what it holds, where that is known.

    `whole`: bytes of what a copy of it will take, at most.
    """

    store: Any  # Store; msgspec would read the protocol
    settings: Path
    places: Places
    counted: Callable[[], Counts] | None = None

    @property
    def whole(self) -> int:
        """Bytes a copy takes at most."""
        return int(self.store.size()) + sum(path.stat().st_size for path in _copied(self.places.data))


def backup(original: Original, folder: Path, at: datetime, *, rotates: bool = False) -> Manifest:
    """Copy a running instance into an empty folder; the manifest comes last, so that its presence means complete.

    `rotates`: it goes once newer nights have taken its place.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(_("an empty folder for the backup"), str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    held = folder / "data"
    held.mkdir()
    before = original.counted() if original.counted else None
    _copy_relational(original.places.data, held)
    if relational.on_server():
        relational.copied(held / FILE)
    if original.settings.exists():
        shutil.copy2(original.settings, folder / "bocage.toml")
    position = original.store.backup(held / "log")
    after = original.counted() if original.counted else None
    files = {str(path.relative_to(folder)): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = Manifest(
        version=_version(),
        at=at,
        position=position,
        files=files,
        bytes=sum((folder / name).stat().st_size for name in files),
        rotates=rotates,
        before=before,
        after=after,
    )
    _settle(folder)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    _settle(folder)
    return manifest


def _settle(folder: Path) -> None:
    """Make what was written durable, files then folders."""
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copied(data: Path) -> Iterator[Path]:
    """The files of the data folder that are copied as they are, or by SQLite itself."""
    for path in sorted(data.rglob("*")):
        first = path.relative_to(data).parts[0]
        if first not in LEFT_OUT and path.is_file() and not path.name.endswith(("-wal", "-shm", "-journal")):
            yield path


def _copy_relational(data: Path, held: Path) -> None:
    for path in _copied(data):
        target = held / path.relative_to(data)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".sqlite":
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
        else:
            shutil.copy2(path, target)


def read(copy: Path) -> Manifest:
    """The manifest of a backup, every file checked against it; Invalid names the first that differs."""
    path = copy / MANIFEST
    if not path.exists():
        raise Missing(_("a complete backup"), str(copy), _("take an older one: this one did not finish"))
    manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    for name, digest in manifest.files.items():
        if not (copy / name).exists() or _digest(copy / name) != digest:
            raise Invalid(_("a backup as it was written"), name, _("it is missing or altered: take another backup"))
    return manifest


def restore(copy: Path, folder: Path) -> Manifest:
    """Lay a checked backup out as a new instance in `folder`; nothing is served yet."""
    manifest = read(copy)
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(_("an empty folder to restore into"), str(folder))
    shutil.copytree(copy, folder, dirs_exist_ok=True, ignore=_beside(copy))
    settings = folder / "bocage.toml"
    plain = tomllib.loads(settings.read_text(encoding="utf-8")) if settings.exists() else {}
    plain.pop("database", None)  # a copy is whole in its folder, and must not reach for the database that lives on
    settings.write_text(tomli_w.dumps({**plain, "data": "data"}), encoding="utf-8")  # wherever it lay before
    Places(data=folder / "data").make()
    return manifest


def _beside(copy: Path) -> Callable[[str, list[str]], set[str]]:
    """What stands beside a copy and is no part of it; the log has a manifest of its own."""
    return lambda folder, _names: {MANIFEST, TRIED} if Path(folder) == copy else set()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version() -> str:
    from importlib.metadata import version

    return version("bocage")
