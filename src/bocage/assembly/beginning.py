"""How an instance begins: a settings file, the first declarations of a town, the link of the first person."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bocage import relational
from bocage.assembly.settings import Loaded, load, reference_lines
from bocage.domain.declaration import slug_of
from bocage.domain.errors import Conflict
from bocage.domain.text import message as _

EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - listened on, never an address to type

if TYPE_CHECKING:
    from bocage.assembly.instance import Instance


def begin(insee: str, folder: Path, size: str = "") -> dict[str, Any]:
    """Write `bocage.toml` and `declarations/` into a folder that has none, with what states no fact of the starting set
    of a `size` (`auto`: that of this population); Missing when no file knows the code, or there is no such set."""
    settings = folder / "bocage.toml"
    if settings.exists():
        raise Conflict(_("a folder without an instance"), str(settings), _("choose another folder"))
    relational.configure(folder / "data")
    from bocage import evidence  # tables: only after `configure`
    from bocage.evidence.models import sizes
    from bocage.registers import files, official

    own = official.territory(insee)
    stated = sizes.stated(size, own, slug_of(own.title.fr)) if size else []
    territory = evidence.init(insee, folder / "declarations")
    files.write(folder / "declarations", stated)
    _write_settings(settings)
    count = len(list((folder / "declarations").rglob("*.toml")))
    return {
        "name": territory.title.fr,
        "code": territory.code,
        "population": territory.population,
        "files": count,
        "folder": str(folder),
    }


def begun(path: Path) -> tuple[Loaded, bool]:
    """The settings of an instance, and whether it begins here and now: a folder that is there but has no settings
    file gets one, in which everything stands at its default. SettingError when the folder itself is not there."""
    new = not path.exists() and path.resolve().parent.is_dir()
    if new:
        _write_settings(path)
    return load(path), new


def first_link(instance: "Instance") -> str:
    """The address by which the first person comes in; empty where somebody has an account."""
    settings = instance.loaded.settings
    secret = instance.first.drawn(instance.clock())
    host = "127.0.0.1" if settings.host in EVERYWHERE else settings.host
    address = instance.chosen.now.public_url.rstrip("/") or f"http://{host}:{settings.port}"
    return f"{address}/first/{secret}" if secret else ""


def _write_settings(path: Path) -> None:
    path.write_text("\n".join(reference_lines()) + "\n", encoding="utf-8")
