"""The homes of the log, each opened for a test and closed after it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bocage.store import opened
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.memory import MemoryStore
from bocage.store.protocol import Store

HOMES = ("memory", "embedded")
Homes = Callable[[], Store]


def settle(store: Store) -> None:
    """Put what is in memory only into columns now, where a home has any."""
    if isinstance(store, EmbeddedStore):
        store.drain()


@pytest.fixture(params=HOMES)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Homes]:
    """Makes new empty logs of one kind."""
    made: list[Store] = []

    def make() -> Store:
        store: Store = MemoryStore() if request.param == "memory" else opened(tmp_path / f"log-{len(made)}")
        made.append(store)
        return store

    yield make
    for store in made:
        store.close()


@pytest.fixture(params=("memory", "embedded-fresh", "embedded-drained", "embedded-sealed"))
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Callable[[], None]]]:
    """A log, and the way to move what it holds as far towards the disk as the parameter says."""
    store: Store = MemoryStore() if request.param == "memory" else opened(tmp_path / "log")

    def move() -> None:
        if request.param in ("embedded-drained", "embedded-sealed"):
            settle(store)
        if request.param == "embedded-sealed":
            store.seal(4_102_444_800_000)

    yield store, move
    store.close()
