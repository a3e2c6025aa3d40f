"""Many rows of one table at once, without an object for each."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models


def add(table: type[models.Model], columns: Mapping[str, Iterable[Any]]) -> None:
    """Insert rows, given column by column: a value for each row, by the names of the fields."""
    fields = {field.name: field for field in table._meta.concrete_fields}
    prepared = [_prepared(fields[name], values) for name, values in columns.items()]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(fields[name].column)) for name in columns)
    places = ", ".join("%s" for _name in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(table._meta.db_table)} ({names}) VALUES ({places})",
            list(zip(*prepared, strict=True)),
        )


def _prepared(field: "models.Field[Any, Any]", values: Iterable[Any]) -> list[Any]:
    """The values as the database wants them; the same one is asked once."""
    known: dict[Any, Any] = {}
    found = []
    for value in values:
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection)
        found.append(known[value])
    return found
