"""Django's settings as far as the database needs them; pages add theirs through `extra`."""

from pathlib import Path
from typing import Any

from bocage.relational.apps import with_tables

# secure_delete: what is erased is overwritten, not only forgotten.
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"


def settings_of(database: Path | str, secret: bytes | None, debug: bool = False) -> dict[str, Any]:
    """The settings of a database file. Without a secret nothing can be signed, so no session can be opened."""
    packages = with_tables()
    owned = any(package.label == "accounts" for package in packages)
    return {
        "DEBUG": debug,
        "SECRET_KEY": secret or "",
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            *packages,
        ],
        "AUTH_USER_MODEL": "accounts.Account" if owned else "auth.User",
        "DATABASES": {"default": _sqlite(database)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "LOGGING_CONFIG": None,
    }


def _sqlite(database: Path | str) -> dict[str, Any]:
    # IMMEDIATE: a transaction that reads and then writes would otherwise fail as locked under load.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": database,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS},
    }
