"""Messages that hold one value and nothing else: what they are called and when they came stands outside them."""

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival, Note
from bocage.domain.reading import Decoded
from bocage.domain.row_errors import RowErrors
from bocage.domain.rows import Table, read_rows
from bocage.domain.source import Mapping
from bocage.domain.text import message as _

COLUMN: Final = "value"
LONGEST: Final = 4_000  # bytes


def read_values(sent: Sequence[Note], mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of some messages, a row each; the key of the series is its topic where the mapping says nothing.

    PayloadError when one of them is no text of a length a value may have, or lacks a part that the key names.
    """
    columns = {COLUMN: [_text(one.body) for one in sent]}
    for name in sent[0].parts if sent else ():
        columns[name] = [one.parts.get(name, "") for one in sent]
    table = Table(columns=columns, row=np.arange(len(sent)), arrived=[one.came for one in sent])
    written = msgspec.structs.replace(mapping, key=mapping.key or "{topic}", time="", end="")
    return read_rows(table, written, arrival, RowErrors())


def _text(body: bytes) -> str:
    if len(body) > LONGEST:
        raise PayloadError(_("one value and nothing else"), found=f"{len(body)} B")
    try:
        return body.decode().strip("\x00 \t\r\n")
    except UnicodeDecodeError as error:
        raise PayloadError(_("one value and nothing else"), found=str(error)[:80]) from error
