"""Tests that sign in many times use a cheap hash."""

from collections.abc import Iterator

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True)
def _cheap_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["cheap_argon2.CheapArgon2"]):
        yield
