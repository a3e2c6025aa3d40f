"""The place an instance moves into, until all is there: a move that was cut short is begun anew, from nothing."""

import os
import secrets
import shutil
from datetime import datetime
from pathlib import Path
from typing import Final

from bocage.assembly.places import Places
from bocage.relational.places import FILE

FOLDER: Final = "folder"  # the word of a move into the folder; that of a database is drawn


def begin(places: Places, url: str, at: datetime) -> None:
    """Make the place ready: what an earlier move left there unfinished goes; nothing else does.

    `url`: a database, the folder when it is empty. What a folder still holds from before it went into a database is put
    aside.
    """
    word = places.moving.read_text(encoding="utf-8") if places.moving.exists() else ""
    if url:
        from bocage.store.postgres.targets import begun

        word = word if word not in ("", FOLDER) else secrets.token_hex(16)
        _written(places.moving, word)
        begun(url, word)
        return
    if word == FOLDER:
        for path in held(places):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        places.make()
    elif any(places.log.iterdir()) or (places.relational / FILE).exists():
        put_aside(places, at)
    _written(places.moving, FOLDER)


def end(places: Places, url: str) -> None:
    """All is there, and compared."""
    places.moving.unlink(missing_ok=True)
    if url:
        from bocage.store.postgres.targets import ended

        ended(url)


def held(places: Places) -> list[Path]:
    """Where a folder keeps an instance: its log, the files of its tables."""
    return [places.log, *sorted(places.relational.glob(f"{FILE}*"))]


def put_aside(places: Places, at: datetime) -> Path:
    """The files that nobody reads any more: whoever is sure removes them, with what will be erased from now on."""
    aside = places.moved / f"{at:%Y-%m-%d-%H%M%S}"
    aside.mkdir(parents=True, mode=0o700)
    for path in held(places):
        path.rename(aside / path.name)
    places.make()
    return aside


def _written(path: Path, word: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(word)
        file.flush()
        os.fsync(file.fileno())
