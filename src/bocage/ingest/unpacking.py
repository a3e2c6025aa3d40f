"""Unpacks what was packed with gzip or zstd, part by part, and never more than a portion at a time."""

import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from backports import zstd

from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _

PORTION: Final = 256 * 1024  # bytes unpacked at a time, however much a few packed ones stand for
TIMES: Final = 1_000  # what unpacks to more than so many times its size is no message
FREE: Final = 64 * 1024 * 1024  # bytes from which that is looked at: equal lines pack very well
SUFFIXES: Final[Mapping[str, str]] = {".gz": "gzip", ".zst": "zstd"}
ENCODINGS: Final = frozenset(SUFFIXES.values())
_WINDOW: Final[Mapping[int, int]] = {
    zstd.DecompressionParameter.window_log_max: 23
}  # 8 MiB, what RFC 9659 lets a sender count on


class Bursting(PayloadError):
    """A few bytes that stand for very many."""


class _Gzip:
    """zlib as the decoder of zstd behaves: it keeps what it could not unpack yet."""

    def __init__(self) -> None:
        self._inside = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._tail = b""

    @property
    def eof(self) -> bool:
        return self._inside.eof

    @property
    def unused_data(self) -> bytes:
        return self._inside.unused_data.lstrip(b"\0")  # tapes are filled up with zeros

    def decompress(self, data: bytes, max_length: int) -> bytes:
        out = self._inside.decompress(self._tail + data, max_length)
        self._tail = self._inside.unconsumed_tail
        return out


class Unpacking:
    """One message, or one file; several packed parts one after the other are one."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._decoder: _Gzip | zstd.ZstdDecompressor | None = None
        self._packed = self._unpacked = 0

    def fed(self, part: bytes) -> Iterator[bytes]:
        """What these further bytes unpack to; PayloadError when they are packed otherwise, Bursting when they are a
        trap."""
        self._packed += len(part)
        more = bool(part)
        while more:
            out, part = self._step(part)
            more = bool(part) or len(out) == PORTION
            if out:
                yield out

    def end(self) -> None:
        """PayloadError unless the last packed part was whole."""
        if self._decoder is not None or not self._packed:
            raise PayloadError(_("a message that is sent to its end"))

    def _step(self, part: bytes) -> tuple[bytes, bytes]:
        """A portion, and the bytes that stand behind the end of a packed part."""
        decoder = self._decoder = self._decoder or self._new()
        try:
            out = decoder.decompress(part, PORTION)
        except (zlib.error, zstd.ZstdError) as error:
            raise PayloadError(_("content packed with gzip or zstd, as it says"), found=self._encoding) from error
        self._unpacked += len(out)
        if self._unpacked > max(FREE, TIMES * self._packed):
            raise Bursting(_("content that unpacks to less than a thousand times its size"))
        if not decoder.eof:
            return out, b""
        self._decoder = None
        return out, decoder.unused_data

    def _new(self) -> "_Gzip | zstd.ZstdDecompressor":
        return _Gzip() if self._encoding == "gzip" else zstd.ZstdDecompressor(options=_WINDOW)


def unpacked(packed: bytes, encoding: str, most: int) -> bytes:
    """All of it; Bursting when it is more than so many bytes."""
    unpacking, found = Unpacking(encoding), bytearray()
    for at in range(0, len(packed), PORTION):
        for portion in unpacking.fed(packed[at : at + PORTION]):
            found += portion
            if len(found) > most:
                raise Bursting(_("content that is smaller once unpacked"), found=f"> {most} B")
    unpacking.end()
    return bytes(found)
