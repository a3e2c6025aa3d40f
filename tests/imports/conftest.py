"""A small territory with its log and its door, and a folder where files wait."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def place(db: Path, tmp_path: Path) -> Iterator[Any]:
    """The territory, with what imports need of it."""
    from .place import opened

    yield from opened(tmp_path)
