"""Takes in lines that arrive part by part, however many: each piece is durable before the next one is read."""

from collections.abc import AsyncIterator

import msgspec

from bocage.domain.errors import Missing, PayloadError
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest import plugins
from bocage.ingest.answer import Answer, Sum
from bocage.ingest.compiled import Compiled
from bocage.ingest.loading import handed
from bocage.ingest.pieces import PIECE, WIDE, Cutting, Piece
from bocage.ingest.reception import Reception, Sent
from bocage.relational import in_thread


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends what: the source of a territory, and the form it says."""

    territory: str
    source: str
    media_type: str


class Stream:
    """One message. What was durable when it broke off stays, is told, and may be sent again without harm."""

    def __init__(self, reception: Reception, sender: Sender, piece_bytes: int = PIECE) -> None:
        self._reception, self._sender, self._size = reception, sender, piece_bytes
        self._total = Sum()
        self.rows = 0  # durable ones, as lines count

    @property
    def so_far(self) -> Answer:
        """What became of what is durable."""
        return self._total.total()

    async def take(self, parts: AsyncIterator[bytes]) -> Answer:
        """Take in everything; what became of it.

        PayloadError when a piece cannot be read at all, Missing when the source is not declared, Unavailable when the
        log cannot keep it now.
        """
        cutting: Cutting | None = None
        async for part in parts:
            if cutting is None:
                cutting = await in_thread(self._cutting, part)
            for piece in cutting.add(part):
                await in_thread(self._piece, piece)
        for piece in cutting.rest() if cutting else ():
            await in_thread(self._piece, piece)
        return self.so_far

    def _cutting(self, first: bytes) -> Cutting:
        """How the message is cut; PayloadError when its form has no lines."""
        plugin = plugins.choose(self._reception.plugins, self._by()[1].plugin, self._sender.media_type)
        if plugin.heading is None or first[:2] in WIDE:
            raise PayloadError(_("lines of JSON or of a table in UTF-8, where a message is that long"))
        return Cutting(plugin, self._size)

    def _piece(self, piece: Piece) -> None:
        by, source = self._by()
        sent = Sent(body=piece.body, media_type=self._sender.media_type)
        self._total.add(handed(self._reception, by, self._reception.read(by, source, sent)), piece.rows_before)
        self.rows = piece.rows_before + piece.rows

    def _by(self) -> tuple[Compiled, Source]:
        by = self._reception.gate.compiled(self._sender.territory, self._sender.source)
        if by.source is None:
            raise Missing(_("a declared source"), found=self._sender.source)
        return by, by.source
