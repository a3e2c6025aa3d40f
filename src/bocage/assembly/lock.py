"""One process owns a data folder at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the folder's lock; Unavailable names the process that has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.read(descriptor, 32).decode() or "unknown"
            raise Unavailable(_("a data folder nobody uses"), f"process {owner.strip()} has {path.parent}") from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)
