"""How an instance begins: a settings file, and the first declarations filled from the official files."""

from pathlib import Path
from typing import Any

from bocage import relational
from bocage.assembly.settings import reference_lines
from bocage.domain.errors import Conflict
from bocage.domain.text import message as _


def begin(insee: str, folder: Path) -> dict[str, Any]:
    """Write `bocage.toml` and `declarations/` into a folder that has none; Missing when no file knows the code."""
    settings = folder / "bocage.toml"
    if settings.exists():
        raise Conflict(_("a folder without an instance"), str(settings), _("choose another folder"))
    relational.configure(folder / "data")
    from bocage import evidence  # tables: only after `configure`

    territory = evidence.init(insee, folder / "declarations")
    settings.write_text("\n".join(reference_lines()) + "\n", encoding="utf-8")
    files = len(list((folder / "declarations").rglob("*.toml")))
    return {
        "name": territory.title.fr,
        "code": territory.code,
        "population": territory.population,
        "files": files,
        "folder": str(folder),
    }
