"""All or nothing: transactions of the relational database, and what follows them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection
from django.db import transaction as django_transaction

WRITERS: Final = 0x626F6361  # an advisory lock of PostgreSQL
POSTGRES: Final = "postgresql"
CHANNEL: Final = "bocage_words"


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside is kept, or nothing; one inside another is a savepoint.

    One at a time, in every process: what was read in it is still so when it writes. SQLite does that by itself.
    """
    outermost = not connection.in_atomic_block
    with django_transaction.atomic():
        if outermost and connection.vendor == POSTGRES:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
        yield


def after_commit(call: Callable[[], Any]) -> None:
    """Call it once the transaction is durable; never when it is rolled back; at once when there is none."""
    django_transaction.on_commit(call)


def say(words: str) -> None:
    """Let every process of this database hear these words once the present transaction is durable.

    A folder has one process, which knows already.
    """
    if connection.vendor == POSTGRES:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, words])


def forget() -> None:
    """After an erasure: leave no former page behind in the write-ahead log, no former row in a table.

    What PostgreSQL keeps in its own write-ahead log goes when it uses it again.
    """
    with connection.cursor() as cursor:
        cursor.execute("VACUUM" if connection.vendor == POSTGRES else "PRAGMA wal_checkpoint(TRUNCATE)")
