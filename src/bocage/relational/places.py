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
from bocage.domain.text import message as _
from bocage.relational.settings import Server, database_of, settings_of

FILE = "relational.sqlite"


def configured() -> bool:
    """Whether `configure` was called in this process."""
    return bool(settings.configured)


def configure(
    folder: Path,
    *,
    secret: bytes | None = None,
    server: Server | None = None,
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Point Django at a server, else at `folder/relational.sqlite`; a process has one, so another one is a Conflict."""
    database = server or Path(folder) / FILE
    if settings.configured:
        present, asked = settings.DATABASES["default"]["NAME"], database_of(database)["NAME"]
        if present != asked:
            raise Conflict("one data folder for a process", f"{present} is already open, asked for {asked}")
        return
    settings.configure(**{**settings_of(database, secret), **(extra or {})})
    django.setup()


def migrate() -> None:
    """Bring the tables up to date; nothing happens when they are."""
    call_command("migrate", verbosity=0, interactive=False)


def applied() -> frozenset[str]:
    """Names of the migrations this database has seen, whichever files there are."""
    return frozenset(f"{label}.{name}" for label, name in MigrationRecorder(connection).applied_migrations())


def pending() -> list[str]:
    """Names of the migrations this database has not seen; Conflict where a later version of Bocage has made others."""
    executor = MigrationExecutor(connection)
    known = {*executor.loader.graph.nodes, *executor.loader.replacements}
    if later := sorted(set(executor.loader.applied_migrations) - known):
        found = ", ".join(f"{label}.{name}" for label, name in later)
        raise Conflict(_("a data folder of this version"), found, _("use the version of Bocage that wrote it"))
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
