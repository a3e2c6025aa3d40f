"""Loads whole files through the gate: any history, piece by piece, going on where an earlier run stopped."""

import gzip
import hashlib
import io
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from bocage.domain.errors import Missing, PayloadError
from bocage.domain.plugin import Plugin
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.domain.row_errors import count
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest import plugins
from bocage.ingest.answer import Answer, Sum
from bocage.ingest.compiled import Compiled
from bocage.ingest.reception import Kept, Reception, Sent
from bocage.ingest.tables import Loaded

Lines = io.BufferedReader | gzip.GzipFile
Progress = Callable[[int], None]

PIECE: Final = 4 * 1024 * 1024  # bytes read at a time
LARGEST: Final = 512 * 1024 * 1024  # bytes of a file that can only be read as a whole
AT_ONCE: Final = 20_000  # readings handed to the gate at a time: senders that push meanwhile wait for no more
AHEAD: Final = 3  # batches on their way to the log
_HEAD: Final = 64 * 1024
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # marks of UTF-16, whose lines cannot be told by their bytes


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Which file of which source; `again`: from its first row, even where an earlier run stopped."""

    territory: str
    source: str
    path: Path
    again: bool = False


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes a plug-in can read by themselves, where they end in the file, and the rows that stood before them."""

    body: bytes
    end: int
    rows_before: int


def load(reception: Reception, asked: Load, progress: Progress, piece_bytes: int = PIECE) -> Answer:
    """Load a file; what became of all its readings.

    Missing when the source is not declared; PayloadError when nothing of it can be read; Unavailable when the log
    cannot keep it now: the next run goes on from the last durable piece.
    """
    by = reception.gate.compiled(asked.territory, asked.source)
    if by.source is None:
        raise Missing(_("a declared source"), found=asked.source)
    name = asked.path.name.removesuffix(".gz")
    plugin = plugins.choose(reception.plugins, by.source.plugin, suffix=Path(name).suffix)
    mark = _mark(asked)
    total = Sum()
    with _opened(asked.path) as (file, raw):
        told = 0
        for piece in pieces(file, plugin, 0 if mark.done or asked.again else mark.position, piece_bytes):
            answer = _take(reception, by, by.source, (piece, name))
            total.add(answer, piece.rows_before)
            _go_on(mark, piece, reception)
            progress(raw.tell() - told)
            told = raw.tell()
    mark.done, mark.at = True, reception.clock()
    mark.save()
    return total.total()


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


def pieces(file: Lines, plugin: Plugin, position: int, size: int = PIECE) -> Iterator[Piece]:
    """The file as pieces that end with a row, each under the heading; whole when the format cannot be cut.

    `position`: where the last durable piece of an earlier run ended.
    """
    if plugin.heading is None or file.peek(2)[:2] in _WIDE:
        body = file.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise PayloadError(_("a smaller file: this form is read as a whole"), found=f"> {LARGEST} B")
        yield Piece(body=body, end=len(body), rows_before=0)
        return
    heading = b"".join(file.readline() for _ in range(plugin.heading))
    at, rows = len(heading), 0
    while body := _rows(file, size):
        at += len(body)
        if at > position:
            yield Piece(body=heading + body, end=at, rows_before=rows)
        rows += body.count(b"\n")


def _rows(lines: Lines, size: int) -> bytes:
    """Some bytes that end with a row: a line end that stands in no quotation."""
    body = lines.read(size)
    body += lines.readline()
    while body.count(b'"') % 2 and len(body) < 4 * size:
        more = lines.readline()
        if not more:
            break
        body += more
    return body


def _take(reception: Reception, by: Compiled, source: Source, read: tuple[Piece, str]) -> Answer:
    piece, name = read
    fresh = reception.gate.compiled(by.territory, by.slug)
    decoded = reception.read(fresh, source, Sent(body=piece.body, file=name))
    return handed(reception, fresh, decoded)


def _go_on(mark: Loaded, piece: Piece, reception: Reception) -> None:
    mark.position, mark.rows, mark.done, mark.at = piece.end, piece.rows_before, False, reception.clock()
    mark.save()


def _mark(asked: Load) -> Loaded:
    """What is remembered of this very file: its first bytes and its size say that it is the same."""
    with asked.path.open("rb") as file:
        digest = hashlib.sha256(f"{asked.path.stat().st_size}:".encode() + file.read(_HEAD)).hexdigest()
    names = {"territory": asked.territory, "source": asked.source, "digest": digest}
    return Loaded.objects.filter(**names).first() or Loaded(**names, name=asked.path.name[:300])


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Lines, io.BufferedReader]]:
    """The file unpacked, and the file itself, whose place tells the progress."""
    with path.open("rb") as raw:
        if path.suffix == ".gz":
            with gzip.open(raw) as file:
                yield file, raw
        else:
            yield raw, raw
