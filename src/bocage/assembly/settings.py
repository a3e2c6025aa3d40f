"""The settings file: one TOML file, read once into frozen values, passed down."""

import difflib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
import tomli_w

from bocage.domain.errors import SettingError
from bocage.domain.instance_settings import InstanceSettings
from bocage.domain.label import Labelled
from bocage.domain.text import message as _


def _help(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


class Database(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where everything is kept beside the data folder."""

    url: Annotated[
        str,
        _help(
            "PostgreSQL database of registers, accounts and log: postgresql://user@host/name; empty: the data folder. "
            "Its password comes from BOCAGE_SECRET_DATABASE or the file data/keys/database.secret."
        ),
    ] = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting, its default and one sentence of help; `docs/settings.md` is generated from here."""

    data: Annotated[str, _help("Folder of everything that is kept, relative to the settings file.")] = "data"
    host: Annotated[str, _help("Address to listen on; a reverse proxy gives TLS to the outside.")] = "127.0.0.1"
    port: Annotated[int, _help("Port to listen on."), msgspec.Meta(ge=0, le=65535)] = 8000
    public_url: Annotated[
        str, _help("Address residents type; needed before a sign, a QR code or a catalogue address exists.")
    ] = ""
    allowed_hosts: Annotated[
        tuple[str, ...], _help("Other host names this instance answers to, beside public_url and loopback.")
    ] = ()
    tiles: Annotated[
        str, _help("Address of background map tiles ({z}/{x}/{y}); empty: commune outlines only, nothing leaves.")
    ] = ""
    log_level: Annotated[str, _help("debug, info, warning or error.")] = "info"
    memory_mib: Annotated[int, _help("Memory the log may use for its queries, in MiB."), msgspec.Meta(ge=32)] = 128
    seal_after_days: Annotated[
        int, _help("Days after the end of a month before it is sealed into Parquet."), msgspec.Meta(ge=1)
    ] = 5
    backup_folder: Annotated[str, _help("Folder of backups made without a name, relative to the file.")] = "backups"
    witness_folder: Annotated[
        str, _help("Folder elsewhere (another disk, a share) where signed heads are added too; empty: none.")
    ] = ""
    quarantine_days: Annotated[
        int, _help("Days an unreadable message of a declared source is kept for replay."), msgspec.Meta(ge=0, le=30)
    ] = 3
    replay: Annotated[str, _help("Folder of series replayed in territories declared a demonstration; empty: none.")] = (
        ""
    )
    commons: Annotated[
        str, _help("Folder or git checkout of what territories share, relative to the file; empty: none.")
    ] = ""
    database: Database = Database()  # last: what follows the heading of a table in a file belongs to it


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """Settings with the folder they are relative to."""

    settings: Settings
    folder: Path

    @property
    def data(self) -> Path:
        """The folder of everything that is kept."""
        return (self.folder / self.settings.data).resolve()

    @property
    def commons(self) -> Path | None:
        """The folder of what territories share."""
        return (self.folder / self.settings.commons).resolve() if self.settings.commons else None

    @property
    def witnesses(self) -> tuple[Path, ...]:
        """The folder elsewhere where heads are added too, when there is one."""
        named = self.settings.witness_folder
        return ((self.folder / named).resolve(),) if named else ()

    @property
    def backups(self) -> Path:
        """The folder of backups made without a name."""
        return (self.folder / self.settings.backup_folder).resolve()


def load(path: Path) -> Loaded:
    """Read a settings file; SettingError names an unknown key's nearest valid one, or what is wrong."""
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingError(
            _("a settings file"), str(path), _("make one with: bocage init --insee CODE FOLDER")
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(_("a TOML file"), f"{path}: {error}") from error
    known = [field.name for field in msgspec.structs.fields(Settings)]
    for key in plain:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            if not near:
                raise SettingError(_("a known setting"), f"{key} in {path}")
            raise SettingError(_("a known setting"), f"{key} in {path}", _("did you mean {near}?"), near=near[0])
    try:
        settings = msgspec.convert(plain, Settings)
    except msgspec.ValidationError as error:
        raise SettingError(_("a valid setting"), f"{path}: {error}") from error
    return Loaded(settings=settings, folder=path.resolve().parent)


def reference() -> str:
    """The reference of all settings, as Markdown lines."""
    lines = ["| setting | default | what it does |", "|---|---|---|"]
    lines += [f"| `{name}` | `{default!r}` | {said} |" for name, default, said in _fields(Settings)]
    return "\n".join(lines)


def _fields(struct: type[msgspec.Struct], within: str = "") -> Iterator[tuple[str, Any, str]]:
    """Name, default and help of each field; those of a table after its own name."""
    for field in msgspec.structs.fields(struct):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from _fields(field.type, f"{field.name}.")
        else:
            (said,) = [m.description for m in field.type.__metadata__ if getattr(m, "description", None)]
            yield f"{within}{field.name}", field.default, said


def chosen_reference() -> str:
    """The reference of what is chosen on the screen, as Markdown lines; names as in `data/chosen.toml`."""
    lines = ["| name | default | what it is |", "|---|---|---|"]
    for field in msgspec.structs.fields(InstanceSettings):
        lines += _chosen(field, f"{field.name}")
    return "\n".join(lines)


def _chosen(field: Any, name: str) -> list[str]:
    found = get_args(field.type) or (field.type,)
    nested = next((one for one in found if isinstance(one, type) and issubclass(one, msgspec.Struct)), None)
    if nested is not None:
        return [line for inner in msgspec.structs.fields(nested) for line in _chosen(inner, f"{name}.{inner.name}")]
    (note,) = [one for one in field.type.__metadata__ if isinstance(one, msgspec.Meta)]
    default = "" if field.default is msgspec.NODEFAULT else f"`{_plainly(field.default)!r}`"
    return [f"| `{name}` | {default} | {note.title}{f': {note.description}' if note.description else ''} |"]


def _plainly(value: Any) -> Any:
    return value.value if isinstance(value, Labelled) else value


def reference_lines() -> list[str]:
    """A settings file in which every setting stands at its default, commented, with its help."""
    lines, table = [], ""
    for name, default, said in _fields(Settings):
        within, _dot, last = name.rpartition(".")
        if within != table:
            lines.append(f"# [{within}]")
        table = within
        plain = list(default) if isinstance(default, tuple) else default
        lines += [f"# {said}", "# " + tomli_w.dumps({last: plain}).strip(), ""]
    return lines
