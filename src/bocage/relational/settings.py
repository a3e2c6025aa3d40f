"""Django's settings as far as the database needs them; pages add theirs through `extra`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bocage.relational.apps import with_tables

# secure_delete: what is erased is overwritten, not only forgotten.
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"


Server = Mapping[str, str]
"""A database of PostgreSQL, by the names of libpq: host, port, user, password, dbname, and others as they are."""


def settings_of(database: Path | str | Server, secret: bytes | None, debug: bool = False) -> dict[str, Any]:
    """The settings of a database file or server. Without a secret nothing is signed, so that no session opens."""
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
        "DATABASES": {"default": database_of(database)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "LOGGING_CONFIG": None,
    }


def database_of(database: Path | str | Server) -> dict[str, Any]:
    """How Django reaches a database."""
    return _sqlite(database) if isinstance(database, Path | str) else _postgres(database)


def _postgres(server: Server) -> dict[str, Any]:
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    rest = {name: value for name, value in server.items() if name not in named}
    return {
        "ENGINE": "bocage.relational.postgres",
        **{django: server.get(name, "") for name, django in named.items()},
        "CONN_MAX_AGE": None,
        "OPTIONS": {"application_name": "bocage", "connect_timeout": 10, **rest},
    }


def _sqlite(database: Path | str) -> dict[str, Any]:
    # IMMEDIATE: a transaction that reads and then writes would otherwise fail as locked under load.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": database,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS},
    }
