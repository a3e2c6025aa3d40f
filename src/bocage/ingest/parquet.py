"""Parquet files as a way in: columns of text, read by the mapping of the source.

A form that no plug-in of `sources` reads, because it takes the engine of the log, which only `store` may hold.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import numpy as np

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival, Plugin
from bocage.domain.reading import Decoded
from bocage.domain.row_errors import RowErrors
from bocage.domain.rows import Table, read_rows
from bocage.domain.source import Mapping
from bocage.domain.text import message as _

AT_ONCE: Final = 50_000  # rows read at a time
MOST_ROWS: Final = 2_000_000  # of a message: a few bytes may stand for very many equal rows


def tables(path: Path, begin: int = 0) -> Iterator[tuple[Table, int, int]]:
    """The rows from `begin` on, in portions: the table, where it ends, and how many rows there are in all."""
    from bocage.store.parquet import opened  # only those who read one pay for the engine

    with opened(path) as file:
        for first in range(begin, file.rows, AT_ONCE):
            last = min(first + AT_ONCE, file.rows)
            row = np.arange(first + 1, last + 1, dtype=np.int64)
            yield Table(columns=file.read(first, last), row=row), last, file.rows


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of a whole file."""
    if not sent.startswith(b"PAR1"):
        raise PayloadError(_("a Parquet file"))
    errors, columns, rows = RowErrors(), dict[str, list[str]](), 0
    with NamedTemporaryFile(suffix=".parquet") as file:
        file.write(sent)
        file.flush()
        for table, last, every in tables(Path(file.name)):
            if every > MOST_ROWS:
                raise PayloadError(
                    _("a file of two million rows at most; larger ones are dropped or loaded"), str(every)
                )
            for name, cells in table.columns.items():
                columns.setdefault(name, []).extend(cells)
            rows = last
    return read_rows(Table(columns=columns, row=np.arange(1, rows + 1)), mapping, arrival, errors)


PLUGIN: Final = Plugin(
    id="parquet",
    label=_("Parquet file"),
    media_types=("application/vnd.apache.parquet", "application/x-parquet"),
    suffixes=(".parquet",),
    decode=decode,
)
