"""Configures Django once for one data folder, and brings its tables up to date."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from bocage.domain.errors import Conflict
from bocage.relational.settings import settings_of

FILE = "relational.sqlite"


def configured() -> bool:
    """Whether `configure` was called in this process."""
    return bool(settings.configured)


def configure(
    folder: Path, *, secret: bytes | None = None, debug: bool = False, extra: Mapping[str, Any] | None = None
) -> None:
    """Point Django at `folder/relational.sqlite`; a process serves one folder, so another one is a Conflict."""
    database = Path(folder) / FILE
    if settings.configured:
        present = settings.DATABASES["default"]["NAME"]
        if Path(present) != database:
            raise Conflict("one data folder for a process", f"{present} is already open, asked for {database}")
        return
    settings.configure(**{**settings_of(database, secret, debug), **(extra or {})})
    django.setup()


def migrate() -> None:
    """Bring the tables up to date; nothing happens when they are."""
    call_command("migrate", verbosity=0, interactive=False)


def applied() -> frozenset[str]:
    """Names of the migrations this database has seen, whichever files there are."""
    return frozenset(f"{label}.{name}" for label, name in MigrationRecorder(connection).applied_migrations())


def pending() -> list[str]:
    """Names of the migrations this database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
