"""One service for each module of tests."""

from typing import Any

import pytest


@pytest.fixture(scope="module")
def service(instance: Any) -> Any:
    """The service over the territories of the demonstration."""
    from tests.api.sensorthings.service import furnished  # tables: only once Django is configured

    return furnished(instance)
