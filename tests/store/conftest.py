"""The homes of the log, each opened for a test and closed after it."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.postgres import VERSIONS, Databases, binaries

from bocage.store import opened
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.memory import MemoryStore
from bocage.store.postgres.home import PostgresStore
from bocage.store.protocol import Store

HOMES = ("memory", "embedded", "postgres-18")
Homes = Callable[[], Store]
NAMES = itertools.count(1)


def log_in(databases: Databases, version: str = "18") -> PostgresStore:
    """A new log in PostgreSQL."""
    return PostgresStore(databases.url(version), schema_name=f"log_{next(NAMES)}")


def settle(store: Store) -> None:
    """Put what is in memory only into columns now, where a home has any."""
    if isinstance(store, EmbeddedStore):
        store.drain()


def home_of(kind: str, folder: Path, databases: Databases) -> Store:
    """A new empty log of one kind."""
    if kind == "memory":
        return MemoryStore()
    return log_in(databases, kind.removeprefix("postgres-")) if kind.startswith("postgres") else opened(folder)


@pytest.fixture(params=HOMES)
def home(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[Homes]:
    """Makes new empty logs of one kind."""
    made: list[Store] = []

    def make() -> Store:
        made.append(home_of(request.param, tmp_path / f"log-{len(made)}", databases))
        return made[-1]

    yield make
    for store in made:
        store.close()


FOLDER = ("embedded-fresh", "embedded-drained", "embedded-sealed")
PLACES = ("memory", *FOLDER, *(f"postgres-{one}" for one in VERSIONS))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The suite of the protocol is run on every server; what follows from it, on the newest."""
    if "log" in metafunc.fixturenames:
        every = metafunc.module.__name__.endswith("test_contract")
        metafunc.parametrize(
            "log", PLACES if every else [one for one in PLACES if one != "postgres-debian"], indirect=True
        )


@pytest.fixture
def log(
    request: pytest.FixtureRequest, tmp_path: Path, databases: Databases
) -> Iterator[tuple[Store, Callable[[], None]]]:
    """A log, and the way to move what it holds as far towards the disk as the parameter says."""
    store = home_of(request.param, tmp_path / "log", databases)

    def move() -> None:
        if request.param in ("embedded-drained", "embedded-sealed"):
            settle(store)
        if request.param == "embedded-sealed":
            store.seal(4_102_444_800_000)

    yield store, move
    store.close()


@pytest.fixture
def every(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Callable[[], list[Store]]:
    """Makes a new empty log of every kind; of PostgreSQL only where it is installed. The test closes them."""

    def make() -> list[Store]:
        found = [home_of(kind, tmp_path_factory.mktemp("log"), databases) for kind in HOMES[:2]]
        return [*found, log_in(databases)] if binaries("18") else found

    return make
