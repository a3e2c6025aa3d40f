"""The commons as a running instance knows them: the folder looked at now and then, its library in memory."""

import os
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bocage.commons.folder import Seen, again
from bocage.commons.library import Library

EVERY: Final = timedelta(seconds=20)


class Shelf:
    """What the folder held when it was looked at last. `folder` is None where the settings name none."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._seen: Mapping[str, Seen] = {}
        self._at: datetime | None = None
        self._looked = False
        self._library = Library()

    @property
    def library(self) -> Library:
        """What it held; the folder is read when somebody first asks."""
        if self.folder is not None and not self._looked:
            self._read()
        return self._library

    @property
    def writable(self) -> bool:
        """Whether this process may put files into the folder."""
        return self.folder is not None and self.folder.is_dir() and os.access(self.folder, os.W_OK)

    def look(self, at: datetime, *, now: bool = False) -> Library:
        """Look at the folder, unless that was done moments ago (or `now`); the same library when nothing changed."""
        if self.folder is not None and (now or self._at is None or abs(at - self._at) >= EVERY):
            self._read()
            self._at = at
        return self._library

    def _read(self) -> None:
        if self.folder is None:
            return
        with self._lock:
            library, self._seen = again(self.folder, self._seen)
            if (library.mark, library.faults) != (self._library.mark, self._library.faults):
                self._library = library
            self._looked = True
