"""All or nothing: transactions of the relational database, and what follows them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, cast

from django.db import connection
from django.db import transaction as django_transaction


def transaction() -> AbstractContextManager[None]:
    """Everything inside is kept, or nothing; one inside another is a savepoint."""
    return cast(AbstractContextManager[None], django_transaction.atomic())


def after_commit(call: Callable[[], Any]) -> None:
    """Call it once the transaction is durable; never when it is rolled back; at once when there is none."""
    django_transaction.on_commit(call)


def forget() -> None:
    """After an erasure: leave no former page behind in the write-ahead log."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
