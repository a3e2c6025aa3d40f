"""What an instance holds, wherever it keeps it: its log, its tables."""

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bocage.store import connected, opened
from bocage.store.protocol import Store


def address(settings: Path) -> str:
    """The address of its database; empty when it has none."""
    return str(tomllib.loads(settings.read_text()).get("database", {}).get("url", ""))


@contextmanager
def log(settings: Path) -> Iterator[Store]:
    """Its log, once it has stopped."""
    data, url = settings.parent / "data", address(settings)
    store = connected(url, lists=data / "erasures") if url else opened(data / "log", lists=data / "erasures")
    try:
        yield store
    finally:
        store.close()


def asked(settings: Path, text: str) -> list[tuple[Any, ...]]:
    """What its tables answer."""
    if url := address(settings):
        import psycopg

        with psycopg.connect(url) as con:
            return con.execute(text.encode()).fetchall()
    with closing(sqlite3.connect(settings.parent / "data" / "relational.sqlite", timeout=30)) as tables:
        return tables.execute(text).fetchall()
