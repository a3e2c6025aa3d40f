"""Takes every row of the relational database over into another one, file or server, and compares both."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from bocage.domain.errors import Conflict, Invalid
from bocage.domain.text import message as _
from bocage.relational.settings import Server, database_of
from bocage.relational.transactions import POSTGRES

OTHER: Final = "other"
AT_ONCE: Final = 1_000


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows a table holds, and a digest of all their values in order of their keys."""

    name: str
    rows: int
    digest: str


def on_server() -> bool:
    """Whether the tables are in PostgreSQL."""
    return connection.vendor == POSTGRES


def copied(target: Path | Server) -> tuple[Table, ...]:
    """Every row as it is at one moment, into tables made for it; what both hold afterwards.

    Conflict when the target holds something, Invalid when a table differs: then the target is of no use.
    """
    with _beside(target), _one_moment():
        models = _prepared()
        with transaction.atomic(using=OTHER):
            for model in reversed(models):  # what the migrations themselves put there
                model._base_manager.using(OTHER).all()._raw_delete(OTHER)
            for model in models:
                _copy(model)
            _number_on(models)
        found = tuple(_table(model, "default") for model in models)
        for before, model in zip(found, models, strict=True):
            if (after := _table(model, OTHER)) != before:
                raise Invalid(_("the same rows in both databases"), f"{before} != {after}")
        return found


@contextmanager
def _beside(target: Path | Server) -> Iterator[None]:
    wanted = {"default": database_of(target), OTHER: database_of(target)}
    connections.databases[OTHER] = connections.configure_settings(wanted)[OTHER]
    try:
        yield
    finally:
        connections[OTHER].close()
        del connections[OTHER], connections.databases[OTHER]


@contextmanager
def _one_moment() -> Iterator[None]:
    """What is read was all there at one moment; nobody waits."""
    with transaction.atomic():
        if on_server():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _prepared() -> list[type[Model]]:
    """Make the tables that the source has, as they were when it was last brought up to date; what they hold."""
    if MigrationRecorder(connections[OTHER]).applied_migrations():
        raise Conflict(_("an empty database to copy into"), str(connections[OTHER].settings_dict["NAME"]))
    executor = MigrationExecutor(connections[OTHER])
    graph, done = executor.loader.graph, MigrationRecorder(connection).applied_migrations()
    last = [
        key for key in done if key in graph.nodes and not any(one.key in done for one in graph.node_map[key].children)
    ]
    executor.migrate(last)
    models = executor.loader.project_state(last).apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed]


def _copy(model: type[Model]) -> None:
    rows = iter(model._base_manager.using("default").order_by("pk").iterator(chunk_size=AT_ONCE))
    while some := list(islice(rows, AT_ONCE)):
        model._base_manager.using(OTHER).bulk_create(some)


def _number_on(models: list[type[Model]]) -> None:
    """Keys that the server gives go on from those that came."""
    with connections[OTHER].cursor() as cursor:
        for statement in connections[OTHER].ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _table(model: type[Model], using: str) -> Table:
    names = [field.attname for field in model._meta.concrete_fields]
    digest, count = hashlib.sha256(), 0
    for row in model._base_manager.using(using).order_by("pk").values_list(*names).iterator(chunk_size=AT_ONCE):
        digest.update(msgspec.json.encode([_plain(value) for value in row], order="deterministic"))
        count += 1
    return Table(name=model._meta.db_table, rows=count, digest=digest.hexdigest())


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
