"""Commands on what is kept: ingest, backup."""

from pathlib import Path
from typing import Any

from bocage.assembly.backup import Original, backup
from bocage.assembly.commands.declared import named
from bocage.assembly.counting import counted
from bocage.assembly.instance import Instance
from bocage.assembly.rotation import Rotation
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
    rotation, at = rotation_of(instance), instance.clock()
    if values["folder"]:
        folder = Path(values["folder"])
        made = backup(rotation.original, folder, at)
    else:
        folder, made = rotation.made(at)
    return {"folder": str(folder), "files": len(made.files), "size": size(made.bytes, "fr"), "position": made.position}


def rotation_of(instance: Instance) -> Rotation:
    """The folder of backups of this instance."""
    original = Original(
        store=instance.store,
        settings=instance.loaded.folder / "bocage.toml",
        places=instance.places,
        counted=lambda: counted(instance.store),
    )
    return Rotation(original, instance.loaded.backups, lambda: instance.chosen.now.backups.keep)


COMMANDS = {"ingest": _ingest, "backup": _backup}
