"""Files that wait for somebody to agree, or to finish: closed to others, and removed after a time."""

import hashlib
import os
import shutil
from pathlib import Path

from bocage.imports.record import File, Import

MODE, CLOSED = 0o600, 0o700


class Waiting:
    """A folder with one folder for each territory and import."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, one: Import, files: tuple[tuple[str, bytes], ...]) -> None:
        """Keep the files of an import, in their order; nobody else of the machine may read them."""
        folder = self._of(one)
        for place in (self._folder, folder.parent, folder):
            place.mkdir(mode=CLOSED, exist_ok=True)
        for order, (_name, content) in enumerate(files):
            path = folder / str(order)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)

    def files(self, one: Import) -> tuple[tuple[str, bytes], ...]:
        """The files of an import that still wait; none once they were removed."""
        folder = self._of(one)
        paths = [folder / str(order) for order in range(len(one.told.files))]
        if not paths or not all(path.is_file() for path in paths):
            return ()
        return tuple((file.name, path.read_bytes()) for file, path in zip(one.told.files, paths, strict=True))

    def remove(self, one: Import) -> bool:
        """Remove the files of an import; whether any was there."""
        return self.clear(one.territory, one.number)

    def clear(self, territory: str, number: int) -> bool:
        """The same for an import that has no record any more."""
        folder = self._folder / territory / str(number)
        if not folder.is_dir():
            return False
        shutil.rmtree(folder)
        return True

    def left(self, before: float) -> list[tuple[str, int]]:
        """(territory, import) of the files that have waited since before an instant (seconds of the epoch)."""
        folders = [path for path in self._folder.glob("*/*") if path.is_dir() and path.name.isdigit()]
        return [(path.parent.name, int(path.name)) for path in folders if path.stat().st_mtime < before]

    def _of(self, one: Import) -> Path:
        return self._folder / one.territory / str(one.number)


def noted(files: tuple[tuple[str, bytes], ...]) -> tuple[File, ...]:
    """What the record says of files."""
    return tuple(
        File(name=name, size=len(content), digest=hashlib.sha256(content).hexdigest()) for name, content in files
    )
