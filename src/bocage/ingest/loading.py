"""Loads whole files through the gate: any history, piece by piece, going on where an earlier run stopped."""

import hashlib
import io
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from bocage.domain.errors import Invalid, Missing, PayloadError
from bocage.domain.plugin import Plugin
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.domain.row_errors import count
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest import parquet, plugins
from bocage.ingest.answer import Answer, Sum
from bocage.ingest.compiled import Compiled
from bocage.ingest.pieces import PIECE, WIDE, Piece, pieces
from bocage.ingest.reception import Kept, Reception, Sent
from bocage.ingest.tables import Loaded
from bocage.ingest.unpacking import SUFFIXES, Unpacking

Progress = Callable[[int], None]

LARGEST: Final = 512 * 1024 * 1024  # bytes of a file that can only be read as a whole
AT_ONCE: Final = 20_000  # readings handed to the gate at a time: senders that push meanwhile wait for no more
AHEAD: Final = 3  # batches on their way to the log
_HEAD: Final = 64 * 1024


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Which file of which source; `again`: from its first row, even where an earlier run stopped."""

    territory: str
    source: str
    path: Path
    again: bool = False


def load(reception: Reception, asked: Load, progress: Progress, piece_bytes: int = PIECE) -> Answer:
    """Load a file; what became of all its readings.

    Missing when the source is not declared; PayloadError when nothing of it can be read; Unavailable when the log
    cannot keep it now: the next run goes on from the last durable piece.
    """
    by = reception.gate.compiled(asked.territory, asked.source)
    if by.source is None:
        raise Missing(_("a declared source"), found=asked.source)
    no_names(by)
    plugin = plugins.choose(reception.plugins, by.source.plugin, suffix=Path(plain_name(asked.path)).suffix)
    mark = _mark(asked)
    total = Sum()
    begin = 0 if mark.done or asked.again else mark.position
    told = 0
    for part in _read(asked.path, plugin, begin, piece_bytes):
        if part.end > begin:
            total.add(_take(reception, by, by.source, part.sent), part.rows_before)
            mark.position, mark.rows, mark.done, mark.at = part.end, part.rows_before, False, reception.clock()
            mark.save()
        progress(part.read - told)
        told = part.read
    mark.done, mark.at = True, reception.clock()
    mark.save()
    return total.total()


def no_names(by: Compiled) -> None:
    """Invalid for a source of identifiers."""
    if by.hides:
        raise Invalid(_("a source whose words name nobody: what a file holds lies on the disk before it is read"))


def handed(reception: Reception, by: Compiled, decoded: Decoded, kept: Kept | None = None) -> Answer:
    """Hand many readings over in batches, a few on their way at a time; their sum once all are durable.

    `kept` hears what the log answered to each batch.
    """
    total = Sum()
    waiting: deque[Future[Answer]] = deque()
    for part in parts(decoded.readings):
        waiting.append(reception.hand(by, Decoded(readings=part), kept=kept))
        if len(waiting) > AHEAD:
            total.add(waiting.popleft().result())
    for answer in waiting:
        total.add(answer.result())
    return msgspec.structs.replace(total.total(), errors=decoded.errors, unreadable=count(decoded.errors))


def parts(readings: ReadingBatch) -> Iterator[ReadingBatch]:
    """The readings in batches of bounded size."""
    for first in range(0, len(readings), AT_ONCE):
        yield readings.at(slice(first, first + AT_ONCE))


def plain_name(path: Path) -> str:
    """The name of a file without what says how it is packed."""
    return path.name.removesuffix(path.suffix) if path.suffix in SUFFIXES else path.name


class _Part(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What is handed on at once, where it ends (in bytes or in rows), and how many bytes of the file were read."""

    sent: Sent
    end: int
    read: int
    rows_before: int = 0


def _read(path: Path, plugin: Plugin, begin: int, size: int) -> Iterator[_Part]:
    """The file in parts, from `begin` on at the latest."""
    name = plain_name(path)
    if plugin is parquet.PLUGIN and name == path.name:
        whole = path.stat().st_size
        for table, last, every in parquet.tables(path, begin):
            yield _Part(sent=Sent(body=b"", file=name, table=table), end=last, read=whole * last // every)
        return
    with path.open("rb") as raw:
        for piece in _pieces(_unpacked(path, raw, size), plugin, size):
            sent = Sent(body=piece.body, file=name)
            yield _Part(sent=sent, end=piece.end, read=raw.tell(), rows_before=piece.rows_before)


def _unpacked(path: Path, raw: io.BufferedReader, size: int) -> Iterator[bytes]:
    """The file part by part, unpacked."""
    unpacking = Unpacking(SUFFIXES[path.suffix]) if path.suffix in SUFFIXES else None
    while part := raw.read(size):
        if unpacking is None:
            yield part
        else:
            yield from unpacking.fed(part)
    if unpacking is not None:
        unpacking.end()


def _pieces(parts: Iterator[bytes], plugin: Plugin, size: int) -> Iterator[Piece]:
    """The file as pieces that end with a row, each under the heading; whole when the format cannot be cut."""
    first = next(parts, b"")
    if plugin.heading is not None and first[:2] not in WIDE:
        yield from pieces(chain((first,), parts), plugin, size)
        return
    body = bytearray(first)
    for part in parts:
        body += part
        if len(body) > LARGEST:
            raise PayloadError(_("a smaller file: this form is read as a whole"), found=f"> {LARGEST} B")
    yield Piece(body=bytes(body), end=len(body))


def _take(reception: Reception, by: Compiled, source: Source, sent: Sent) -> Answer:
    fresh = reception.gate.compiled(by.territory, by.slug)
    return handed(reception, fresh, reception.read(fresh, source, sent))


def _mark(asked: Load) -> Loaded:
    """What is remembered of this very file: its first bytes and its size say that it is the same."""
    with asked.path.open("rb") as file:
        digest = hashlib.sha256(f"{asked.path.stat().st_size}:".encode() + file.read(_HEAD)).hexdigest()
    names = {"territory": asked.territory, "source": asked.source, "digest": digest}
    return Loaded.objects.filter(**names).first() or Loaded(**names, name=asked.path.name[:300])
