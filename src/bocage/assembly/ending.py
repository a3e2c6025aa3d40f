"""Ends streams that have no end of their own, so that an instance stops at once and not when its readers leave."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENDLESS = "/live"


class Ending:
    """An application whose endless streams finish properly once `stop` was called, from the same event loop."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._stopped: asyncio.Event | None = None

    def stop(self) -> None:
        """Let every open stream end."""
        if self._stopped:
            self._stopped.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; a stream hears that its reader has gone when the instance stops."""
        if scope["type"] != "http" or not scope["path"].endswith(ENDLESS):
            await self._app(scope, receive, send)
            return
        self._stopped = self._stopped or asyncio.Event()
        await self._app(scope, _until(self._stopped, receive), send)
        if self._stopped.is_set():
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _until(stopped: asyncio.Event, receive: Receive) -> Receive:
    async def heard() -> Message:
        message, end = asyncio.ensure_future(receive()), asyncio.ensure_future(stopped.wait())
        done, rest = await asyncio.wait((message, end), return_when=asyncio.FIRST_COMPLETED)
        for one in rest:
            one.cancel()
        return message.result() if message in done else {"type": "http.disconnect"}

    return heard
