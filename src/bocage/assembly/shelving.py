"""The folder of the commons where no instance runs: whoever keeps such a folder checks it without one."""

from pathlib import Path
from typing import TYPE_CHECKING

from bocage import relational
from bocage.assembly.settings import load
from bocage.domain.errors import Missing
from bocage.domain.text import message as _

if TYPE_CHECKING:
    from bocage.commons import Library


def library(settings: Path, folder: Path | None) -> "Library":
    """What a folder holds, the one of the settings when None; Missing when there is none."""
    place = there(folder or load(settings).commons)
    relational.configure(place)  # declarations are read by modules that know of tables; no database is opened
    from bocage import commons

    return commons.read(place)


def there(folder: Path | None) -> Path:
    """The folder, when there is one."""
    if folder is None or not folder.is_dir():
        remedy = _("name one, or set commons in the settings file")
        raise Missing(_("a folder of shared resources"), str(folder or "-"), remedy)
    return folder
