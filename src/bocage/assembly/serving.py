"""Serving: one process, one port, until a signal or its time; nothing acknowledged is lost."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Iterator

import msgspec
import uvicorn
import uvloop
from starlette.types import ASGIApp

from bocage.assembly import databases
from bocage.assembly.beginning import first_link
from bocage.assembly.connections import Patient, close_the_late
from bocage.assembly.ending import Ending
from bocage.assembly.instance import Instance, opened
from bocage.assembly.logs import logging_to_json
from bocage.assembly.settings import Loaded, Settings
from bocage.assembly.sparing import spare
from bocage.domain import decoding
from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _


def serve_until(loaded: Loaded, seconds: float = 0, tell: Callable[[str], None] = lambda link: None) -> None:
    """Open the instance and serve it until SIGTERM, SIGINT, or `seconds` have passed when not 0.

    `tell` hears the link by which the first person comes in, where nobody has an account yet.

    On the way out: no new request, those under way are answered, queued readings are made durable, then the
    log is closed.
    """
    logging_to_json(loaded.settings.log_level)
    spare()
    with opened(loaded) as instance, listening_on(loaded.settings) as listening:
        _serve_instance(instance, listening, Share(seconds=seconds), tell)


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """The part of one process: whether it may do the scheduled work, whether it shows pages, how long it serves.

    `first`: the link of the first person, as the process that drew it tells it.
    """

    leads: bool = True
    pages: bool = True
    seconds: float = 0
    first: str = ""


def serve_share(loaded: Loaded, listening: socket.socket, share: Share) -> None:
    """The same as one of several processes on one database, on a socket that may be shared too."""
    logging_to_json(loaded.settings.log_level)
    spare()
    with opened(loaded, shared=True) as instance:
        instance.first.hear(share.first)
        _serve_instance(instance, listening, share, lambda link: None)


def _serve_instance(instance: Instance, listening: socket.socket, share: Share, tell: Callable[[str], None]) -> None:
    from bocage.assembly.application import application  # tables: only once the instance is open
    from bocage.assembly.working import working

    decoding.learn()
    with (
        working(instance, databases.address(instance.loaded), leads=share.leads) as runner,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop,
    ):
        link = "" if share.first or not share.leads else first_link(instance)
        if link:
            tell(link)
        found = application(instance, runner, pages=share.pages)
        serving = Serving(app=found.app, connections=found.connections, settings=instance.loaded.settings)
        loop.run(_serve(serving, listening, share.seconds))


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """What is served: the application, the connections that bring requests to it, and where."""

    app: ASGIApp
    connections: type[Patient]
    settings: Settings


class _Server(uvicorn.Server):
    """Stops at the first signal; what follows (flushing, closing the log) no second one may cut short.

    uvicorn's own way raises the signal again when it has stopped, which would end the process before that.
    """

    def __init__(self, config: uvicorn.Config, ending: Ending) -> None:
        super().__init__(config)
        self.ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            tell_systemd(b"READY=1")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        tell_systemd(b"STOPPING=1")
        self.ending.stop()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        signals = (signal.SIGTERM, signal.SIGINT)
        loop = asyncio.get_running_loop()
        for one in signals:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        yield
        for one in signals:
            loop.remove_signal_handler(one)
            signal.signal(one, signal.SIG_IGN)


def tell_systemd(state: bytes) -> None:
    """Nothing happens where systemd did not start us (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.connect("\0" + address[1:] if address.startswith("@") else address)
            told.send(state)


def listening_on(settings: Settings) -> socket.socket:
    """The socket of an instance; Unavailable when somebody uses its port."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        place = f"{settings.host}:{settings.port}: {error.strerror}"
        raise Unavailable(_("a port nobody uses"), place, _("choose another port in the settings file")) from error


async def _serve(serving: Serving, listening: socket.socket, seconds: float) -> None:
    ending = Ending(serving.app)
    config = uvicorn.Config(
        ending,
        host=serving.settings.host,
        port=serving.settings.port,
        http=serving.connections,
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
        server_header=False,
        proxy_headers=True,
    )
    server = _Server(config, ending)
    closing = asyncio.create_task(close_the_late(server.server_state.connections))
    timer = asyncio.create_task(_end_after(server, seconds)) if seconds else None
    await server.serve(sockets=[listening])
    for task in (timer, closing):
        if task:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _end_after(server: uvicorn.Server, seconds: float) -> None:
    await asyncio.sleep(seconds)
    server.should_exit = True
