"""What the pages need of the running instance, wired once by `assembly` and given to Django as a setting."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from bocage.accounts.tokens import Tokens
from bocage.jobs import Runner
from bocage.publish.knowledge import Memory
from bocage.store.protocol import Store


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The wired objects views use; they reach them as `request.parts`.

    `clock` gives the present as an aware datetime. `data` is the data folder (drop folders, size on disk), `backups`
    the folder of backups. `intake` previews and loads files; `tiles` is the address of background tiles, empty when
    off; `public_url` is empty until somebody set it. `tokens` are those of machines. `runner` runs scheduled work.
    `memory` keeps what the public is told until something moves.
    """

    store: Store
    clock: Callable[[], datetime]
    data: Path
    backups: Path
    tokens: Tokens
    intake: Any = None
    runner: Runner | None = None
    public_url: str = ""
    tiles: str = ""
    memory: Memory = msgspec.field(default_factory=Memory)
