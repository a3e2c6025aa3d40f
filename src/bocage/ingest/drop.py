"""Takes in the files that are dropped in `<data>/drop/<territory>/<source>/`, and leaves a report beside each."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from bocage.domain.errors import BocageError, Unavailable
from bocage.ingest.loading import Load, load
from bocage.ingest.reception import Reception
from bocage.ingest.reporting import Report, failure

DONE: Final = "done"
REFUSED: Final = "refused"
STEADY: Final = 2.0  # seconds a file must not have changed: it may still be being copied


class Dropped:
    """The drop folders of the instance."""

    def __init__(self, reception: Reception, folder: Path) -> None:
        self._reception = reception
        self._folder = folder

    def take(self, at: datetime) -> int:
        """Take in every file that stands ready; how many. Unavailable leaves them for the next time."""
        taken = 0
        for path in self._ready(at):
            self._take(path)
            taken += 1
        return taken

    def _ready(self, at: datetime) -> Iterator[Path]:
        for path in sorted(self._folder.glob("*/*/*")):
            if path.name.startswith(".") or not path.is_file():
                continue
            if at.timestamp() - path.stat().st_mtime >= STEADY:
                yield path

    def _take(self, path: Path) -> None:
        source, territory = path.parent.name, path.parent.parent.name
        try:
            answer = load(self._reception, Load(territory=territory, source=source, path=path), lambda read: None)
        except Unavailable:
            raise
        except BocageError as error:
            self._move(path, REFUSED, failure(error))
            return
        self._move(path, REFUSED if answer.all_refused else DONE, Report(answer=answer).plain())

    def _move(self, path: Path, where: str, report: dict[str, Any]) -> None:
        """Beside what was there before: two files of one name are two deliveries."""
        folder = path.parent / where
        folder.mkdir(exist_ok=True)
        target, again = folder / path.name, 1
        while target.exists():
            again += 1
            target = folder / f"{path.stem}-{again}{path.suffix}"
        target.with_name(target.name + ".report.json").write_bytes(msgspec.json.format(msgspec.json.encode(report)))
        path.rename(target)
