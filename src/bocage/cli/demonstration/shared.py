"""The commons of the demonstration, all invented: a copy that one may give to, and what they made it refuse."""

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from bocage.domain.declaration import Key
from bocage.domain.errors import Refused
from bocage.domain.experiment import Experiment

HERE: Final = Path(__file__).parent / "commons"
FOLDER: Final = "commons"
MATURE: Final = "extinction-de-nuit"  # two territories have documented that it works: it is not to be tested again


def prepare(folder: Path) -> None:
    """Copy the commons beside the settings, unless they are there."""
    if not (folder / FOLDER).exists():
        shutil.copytree(HERE, folder / FOLDER)


def refused(territory: str, at: datetime) -> None:
    """Somebody would fix the protocol of an experiment of mature technology: refused, and counted for all to read."""
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR

    entry = registers.find(Key(territory=territory, kind=Experiment.kind, slug=MATURE))
    if entry is None or not isinstance(entry.body, Experiment):
        return
    fixed = msgspec.structs.replace(entry.body, frozen=at.date())
    with suppress(Refused):
        evidence.change(territory, OPERATOR, [evidence.Put(key=entry.key, body=fixed, expected=entry.version)], at)
