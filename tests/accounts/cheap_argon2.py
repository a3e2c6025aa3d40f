"""The real password hash with the least memory and time it accepts, so that tests stay fast."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """The same algorithm, weakened: for tests only."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
