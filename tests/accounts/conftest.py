"""Tests that sign in many times use a cheap hash."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import override_settings


class CheapArgon2(Argon2PasswordHasher):
    """The real algorithm with the least memory and time it accepts."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


@pytest.fixture(autouse=True)
def _cheap_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.CheapArgon2"]):
        yield
