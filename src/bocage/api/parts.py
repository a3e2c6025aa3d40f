"""What the routes for programs need of the running instance, wired once by `assembly`."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bocage.accounts.chosen import Chosen
from bocage.accounts.tokens import Tokens
from bocage.ingest.intake import Intake
from bocage.publish.knowledge import Memory
from bocage.publish.paper import Press
from bocage.store.protocol import Store
from bocage.upkeep.report import Report

T = TypeVar("T")


class Shelf:
    """What some routes remember between requests: one of each class, made when it is first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[type, Any] = {}

    def of(self, kind: type[T]) -> T:
        """The one of this class."""
        with self._lock:
            if kind not in self._held:
                self._held[kind] = kind()
            found: T = self._held[kind]
            return found


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The wired objects routes use.

    `clock` gives the present as an aware datetime; `data` is the data folder; `chosen` holds what
    was set on the screen; `trouble` says what keeps scheduled work from being done, empty when nothing does; `report`
    tells how the machine does.
    """

    store: Store
    intake: Intake
    clock: Callable[[], datetime]
    data: Path
    tokens: Tokens
    chosen: Chosen = msgspec.field(default_factory=Chosen)
    trouble: Callable[[], str] = str
    report: Callable[[], Report] | None = None
    press: Press = msgspec.field(default_factory=Press)
    memory: Memory = msgspec.field(default_factory=Memory)
    shelf: Shelf = msgspec.field(default_factory=Shelf)

    @property
    def public_url(self) -> str:
        """The address people type; empty until somebody set it."""
        return self.chosen.now.public_url
