"""A small territory, served; tables are imported only once Django is configured."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def world(db: Path, tmp_path: Path) -> Iterator[Any]:
    """The territory, declared and served."""
    from .world import served

    yield from served(tmp_path)


@pytest.fixture
def desk(world: Any) -> Any:
    """The browser of somebody who administers data and accounts."""
    return world.sign_in()


@pytest.fixture
def empty(db: Path, tmp_path: Path) -> Iterator[Any]:
    """An instance without territory and without account, served."""
    from .empty import served

    yield from served(tmp_path)
