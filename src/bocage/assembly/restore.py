"""Making an instance again from a backup, without what was erased since."""

import shutil
from pathlib import Path
from typing import Any

from bocage.assembly import backup
from bocage.assembly.forgetting import erased_again
from bocage.assembly.instance import opened
from bocage.assembly.places import Places
from bocage.assembly.settings import load
from bocage.domain.errors import Missing
from bocage.domain.text import message as _
from bocage.store import erasures as observations


def restored_into(copy: Path, folder: Path, lists: Path | None) -> dict[str, Any]:
    """Lay the backup out in an empty folder, then erase again what the lost instance had erased, before serving.

    `lists`: the folder of the lists of erasures of the lost instance (`data/erasures`).
    """
    named = _named(lists) if lists else []
    manifest = backup.restore(copy, folder)
    places = Places(data=folder / "data")
    for path in named:
        shutil.copy2(path, places.erasures / path.name)
    with opened(load(folder / "bocage.toml"), upgrading=True):  # the log erases what its list says as it opens
        applied = len(observations.listed(places.erasures)) + erased_again(places)
    return {
        "folder": str(folder),
        "files": len(manifest.files),
        "position": manifest.position,
        "erased": applied,
    }


def _named(lists: Path) -> list[Path]:
    """The lists of a folder, asked before anything is laid out: half an instance might be served by mistake.

    An empty folder is that of an instance that never erased anything; another one is a wrong one.
    """
    found = sorted(lists.glob("*.jsonl"))
    if not found and any(lists.iterdir()):
        raise Missing(_("lists of erasures"), str(lists), _("it is the folder data/erasures of the lost instance"))
    return found
