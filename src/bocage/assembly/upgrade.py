"""Bringing a data folder to this version: a backup first, then the tables, then what registers show."""

from datetime import UTC, datetime
from typing import Any

from bocage import registers, relational
from bocage.assembly.backup import Original, backup
from bocage.assembly.instance import brought_up_to_date, unwired
from bocage.assembly.settings import Loaded


def upgraded(loaded: Loaded) -> dict[str, Any]:
    """Back up, bring the tables up to date; what was waiting and where the backup lies.

    What registers show of each declaration is made again from its history: a version may list more than the one before.
    Opinions and files that an earlier version left outside the chain are sealed in it as they are now, once.
    """
    at = datetime.now(UTC)
    with unwired(loaded) as (places, log, _new):
        waiting = relational.pending()
        folder = loaded.backups / f"{at:%Y-%m-%d-%H%M%S}-before-upgrade"
        backup(Original(store=log, settings=loaded.folder / "bocage.toml", places=places), folder, at)
        brought_up_to_date()
        registers.rebuild()
    return {"changes": len(waiting), "folder": str(folder)}
