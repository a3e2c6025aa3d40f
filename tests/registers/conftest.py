"""What the tests of the registers look at."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection


@pytest.fixture
def django_queries(db: Path) -> Iterator[list[str]]:
    """The queries this test makes, as they are made."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield seen
