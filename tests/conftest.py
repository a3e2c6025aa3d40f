"""One relational database for the whole run, and empty tables for every test that asks for `db`."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.signals import connection_created
from tests.postgres import Databases

from bocage import relational
from bocage.domain import decoding
from bocage.store.postgres.connections import parts
from bocage.web.settings import settings as page_settings

DATABASE = os.environ.get("BOCAGE_TEST_DATABASE", "")  # an empty PostgreSQL database: the same tests hold on it
KEPT = ("django_migrations", "django_content_type", "auth_permission")
FIRST = ("browser", "assembly", "cli", "upgrade", "store", "web", "architecture")
_folder = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Modules named `tables` are imported while tests are collected, so Django is configured before."""
    folder = tempfile.TemporaryDirectory(prefix="bocage-tests-", ignore_cleanup_errors=True)
    config.stash[_folder] = folder
    server = parts(DATABASE) if DATABASE else None
    secret, pages = b"only in tests, and long enough to sign a session", page_settings(hosts=("testserver",))
    relational.configure(Path(folder.name), secret=secret, server=server, extra=pages)
    connection_created.connect(_hasty)


def _hasty(connection: Any, **_signal: object) -> None:
    """Nobody pulls the plug of this database, so that no commit of it need wait for the disk."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: workers that take file after file then end together. Types are learnt, as before serving."""
    decoding.learn()
    items.sort(key=lambda item: FIRST.index(part) if (part := item.nodeid.split("/")[1]) in FIRST else len(FIRST))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the folder."""
    config.stash[_folder].cleanup()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """PostgreSQL servers, each started when a test asks for it."""
    found = Databases()
    yield found
    found.remove()


@pytest.fixture(scope="session")
def relational_folder(pytestconfig: pytest.Config) -> Path:
    """The folder of the migrated database."""
    relational.migrate()
    return Path(pytestconfig.stash[_folder].name)


@pytest.fixture
def db(relational_folder: Path) -> Iterator[Path]:
    """Empty tables; commits are real, so other threads see them and `after_commit` runs. Gives the folder."""
    _empty()
    yield relational_folder
    _empty()


@pytest.fixture
def database(db: Path) -> Path:
    """The same, under the name other tests may prefer."""
    return db


def _empty() -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in KEPT:
                cursor.execute(f'DELETE FROM "{table}"')
