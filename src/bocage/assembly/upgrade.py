"""Bringing a data folder to this version: a backup first, then the tables."""

from datetime import UTC, datetime
from typing import Any

from bocage import relational
from bocage.assembly.backup import Original, backup
from bocage.assembly.instance import unwired
from bocage.assembly.settings import Loaded


def upgraded(loaded: Loaded) -> dict[str, Any]:
    """Back up, bring the tables up to date; what was waiting and where the backup lies."""
    at = datetime.now(UTC)
    with unwired(loaded) as (places, log, _new):
        waiting = relational.pending()
        folder = loaded.backups / f"{at:%Y-%m-%d-%H%M%S}-before-upgrade"
        backup(Original(store=log, settings=loaded.folder / "bocage.toml", places=places), folder, at)
        relational.migrate()
    return {"changes": len(waiting), "folder": str(folder)}
