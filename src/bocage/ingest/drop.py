"""Takes in the files that are dropped in `<data>/drop/<territory>/<source>/`, and leaves a report beside each."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from bocage.domain.errors import BocageError, Unavailable
from bocage.domain.text import message as _
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
        self._stuck: dict[Path, float] = {}  # files the machine would not let us take, until they change

    def take(self, at: datetime) -> int:
        """Take in every file that stands ready; how many. Unavailable leaves them for the next time."""
        taken = 0
        for path in self._ready(at):
            self._take(path)
            taken += 1
        return taken

    def erase(self, at: datetime, days: int) -> int:
        """Erase what was taken or refused so many days ago, reports too: values are kept in the log or nowhere."""
        before = (at - timedelta(days=days)).timestamp()
        folders = [folder for name in (DONE, REFUSED) for folder in self._folder.glob(f"*/*/{name}")]
        old = [path for folder in folders for path in folder.iterdir() if path.stat().st_ctime < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _ready(self, at: datetime) -> Iterator[Path]:
        for path in sorted(self._folder.glob("*/*/*")):
            if path.name.startswith(".") or not path.is_file():
                continue
            changed = path.stat().st_mtime
            if at.timestamp() - changed >= STEADY and self._stuck.get(path) != changed:
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
        except OSError as error:
            self._stuck[path] = path.stat().st_mtime
            self._report(
                path.parent / REFUSED / path.name, failure(Unavailable(_("a file that may be read"), str(error)))
            )
            return
        self._move(path, REFUSED if answer.all_refused else DONE, Report(answer=answer).plain())

    def _move(self, path: Path, where: str, report: dict[str, Any]) -> None:
        """Beside what was there before: two files of one name are two deliveries."""
        folder = path.parent / where
        target, again = folder / path.name, 1
        while target.exists():
            again += 1
            target = folder / f"{path.stem}-{again}{path.suffix}"
        self._report(target, report)
        path.rename(target)

    def _report(self, target: Path, report: dict[str, Any]) -> None:
        target.parent.mkdir(exist_ok=True)
        target.with_name(target.name + ".report.json").write_bytes(msgspec.json.format(msgspec.json.encode(report)))
