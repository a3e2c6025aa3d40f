"""Making an instance again from a backup, without what was erased since."""

from pathlib import Path
from typing import Any

from bocage.assembly import backup
from bocage.assembly.instance import opened
from bocage.assembly.settings import load
from bocage.store.erasures import listed


def restored_into(copy: Path, folder: Path, erasures: Path | None) -> dict[str, Any]:
    """Lay the backup out in an empty folder, then erase again what the lost instance had erased, before serving."""
    manifest = backup.restore(copy, folder)
    found = listed(erasures.parent) if erasures else []
    with opened(load(folder / "bocage.toml"), upgrading=True) as instance:
        for erased in found:
            instance.store.erase(erased.erasure)
    return {
        "folder": str(folder),
        "files": len(manifest.files),
        "position": manifest.position,
        "erased": len(found),
    }
