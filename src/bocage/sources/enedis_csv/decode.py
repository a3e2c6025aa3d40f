"""Reads the tables of Enedis: load curve, index, daily amount, one delivery point a file or many in one table.

A value of a load curve is the average of the step that ends at its time, as Enedis stamps delivery points up to 36 kVA;
where the mapping's `time` is Horodate, of the step that begins there, as above 36 kVA.
"""

import re

import msgspec
import numpy as np

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival
from bocage.domain.reading import Decoded, ReadingBatch, numbers
from bocage.domain.row_errors import RowErrors
from bocage.domain.rows import Table, read_rows
from bocage.domain.source import Mapping
from bocage.domain.text import message as _
from bocage.domain.text_table import text_lines
from bocage.sources.enedis_csv import tables
from bocage.sources.enedis_csv.blocks import Block, blocks
from bocage.sources.enedis_csv.columns import Reading
from bocage.sources.enedis_csv.tables import Part

_NUMBER = re.compile(r"(?<![0-9])[0-9]{14}(?![0-9])")


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of a file. PayloadError when it holds no table this form knows and the mapping names none."""
    lines = text_lines(sent, mapping.encoding, mapping.delimiter)
    errors = RowErrors()
    found = _NUMBER.search(arrival.file)
    reading = Reading(
        zone=tables.checked(mapping.zone or arrival.zone), file_meter=found[0] if found else "", mapping=mapping
    )
    parts: list[Part] = []
    known = False
    for block in blocks(lines):
        read = _reader(block)
        if read is not None:
            known = True
            parts += read(block, reading, errors)
    if not known:
        return _as_declared(lines, mapping, arrival, errors)
    return Decoded(readings=_joined([part for part in parts if len(part.start)]), errors=errors.told())


def _reader(block: Block) -> "tables.Read | None":
    """How a table is read, by its columns."""
    if block.at("eas t") >= 0 and block.at("horodate") >= 0:
        return tables.index
    if block.at("horodate") >= 0 and block.at("valeur") >= 0:
        return tables.many if block.at("identifiant prm", "prm") >= 0 else tables.curve
    if block.at("horodate iso fin de pas") >= 0:
        return tables.curve
    return tables.daily if block.at("date") >= 0 else None


def _joined(parts: list[Part]) -> ReadingBatch:
    """All parts as one; a series that several parts hold has one name."""
    keys = tuple(dict.fromkeys(key for part in parts for key in part.keys))
    place = {key: at for at, key in enumerate(keys)}
    if not parts:
        nothing = numbers((), [], [], [])
        return msgspec.structs.replace(nothing, row=np.empty(0, np.int64))
    batch = numbers(
        keys,
        np.concatenate([np.array([place[key] for key in part.keys], np.int32)[part.key] for part in parts]),
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.number for part in parts]),
        np.concatenate([part.end for part in parts]),
    )
    return msgspec.structs.replace(batch, row=np.concatenate([part.row for part in parts]))


def _as_declared(lines: list[list[str]], mapping: Mapping, arrival: Arrival, errors: RowErrors) -> Decoded:
    """A table of another shape, read by what the mapping of the source says."""
    first = next((at for at, cells in enumerate(lines) if any(cells)), None)
    if first is None or not mapping.series:
        raise PayloadError(_("a file of Enedis: load curve, index or daily consumption"))
    heading = [name.strip() for name in lines[first]]
    rows = [at for at in range(first + 1, len(lines)) if any(lines[at])]
    columns: dict[str, list[str]] = {}
    for at, name in enumerate(heading):
        columns.setdefault(name, [lines[row][at].strip() if at < len(lines[row]) else "" for row in rows])
    table = Table(columns=columns, row=np.array(rows, dtype=np.int64) + 1)
    return read_rows(table, mapping, arrival, errors)
