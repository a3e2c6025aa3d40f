"""The folder of the commons where no instance runs: whoever keeps such a folder checks it without one."""

from pathlib import Path
from typing import TYPE_CHECKING

from bocage import relational
from bocage.assembly.settings import load
from bocage.domain.errors import Missing
from bocage.domain.text import message as _

if TYPE_CHECKING:
    from bocage.commons import Library


def library(settings: Path, folder: Path | None) -> "tuple[Library, Path]":
    """What a folder holds (the one of the settings when None), and the folder. Missing when there is none."""
    place = folder or load(settings).commons
    if place is None or not place.is_dir():
        remedy = _("name one, or set commons in the settings file")
        raise Missing(_("a folder of shared resources"), str(place or "-"), remedy)
    relational.configure(place)  # declarations are read by modules that know of tables; no database is opened
    from bocage import commons

    return commons.read(place), place
