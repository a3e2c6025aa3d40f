"""Commands on what is kept: ingest, backup."""

from pathlib import Path
from typing import Any

from bocage.assembly.backup import backup
from bocage.assembly.commands.declared import named
from bocage.assembly.instance import Instance
from bocage.words import size


def _ingest(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    territory = named(values["territory"])
    report = instance.intake.load(
        territory,
        values["source"],
        Path(values["file"]),
        progress=lambda done: tell({"bytes": done}),
        resume=not values["again"],
    )
    return dict(report.plain())


def _backup(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    at = instance.clock()
    folder = Path(values["folder"]) if values["folder"] else instance.loaded.backups / f"{at:%Y-%m-%d-%H%M%S}"
    made = backup(instance.store, instance.loaded.folder / "bocage.toml", instance.places, folder, at)
    return {"folder": str(folder), "files": len(made.files), "size": size(made.bytes, "fr"), "position": made.position}


COMMANDS = {"ingest": _ingest, "backup": _backup}
