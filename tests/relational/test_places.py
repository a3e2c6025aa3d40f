"""The relational database opens durably, once, and commits all or nothing."""

import threading
from contextlib import closing
from pathlib import Path

import anyio
import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bocage import relational
from bocage.domain.errors import Conflict


def _session(key: str) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now())


def test_the_file_is_in_wal_and_every_commit_is_synced(db: Path) -> None:
    # Opened as an instance opens it: the tests make the commits of their own connection hasty.
    with closing(connection.get_new_connection(connection.get_connection_params())) as opened:
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert opened.execute("PRAGMA synchronous").fetchone() == (2,)
        assert opened.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_process_opens_one_folder_only(db: Path, tmp_path: Path) -> None:
    relational.configure(db)
    with pytest.raises(Conflict):
        relational.configure(tmp_path)


def test_a_failed_transaction_keeps_nothing_and_tells_nobody(db: Path) -> None:
    told: list[str] = []

    def fail() -> None:
        with relational.transaction():
            _session("a")
            relational.after_commit(lambda: told.append("a"))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    with relational.transaction():
        relational.after_commit(lambda: told.append("b"))
        assert told == []
    assert told == ["b"]
    assert not Session.objects.exists()


def test_threads_that_read_and_then_write_wait_for_each_other(db: Path) -> None:
    def work(name: str) -> None:
        for turn in range(5):
            with relational.transaction():
                Session.objects.count()
                _session(f"{name}{turn}")
        connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Session.objects.count() == 20


def test_asynchronous_code_uses_the_tables_through_few_threads(db: Path) -> None:
    seen: set[int] = set()

    def work() -> int:
        seen.add(threading.get_ident())
        return Session.objects.count()

    async def many() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(relational.in_thread, work)

    anyio.run(many)
    assert 1 <= len(seen) <= 4


def test_a_migrated_database_has_nothing_pending(db: Path) -> None:
    assert relational.pending() == []


def test_every_change_of_a_table_has_its_migration(relational_folder: Path) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
