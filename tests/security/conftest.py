"""A small territory, served; tables are imported only once Django is configured."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def world(db: Path, tmp_path: Path) -> Iterator[Any]:
    """The territory of the pages' tests, declared and served."""
    from tests.web.world import served

    yield from served(tmp_path)
