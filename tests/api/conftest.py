"""One running instance for each module of tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def instance(relational_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The demonstration behind the routes for programs."""
    from tests.api.running import running  # tables: only once Django is configured

    yield from running(tmp_path_factory.mktemp("data"))
