"""Serving: one process, one port, until a signal or its time; nothing acknowledged is lost."""

import asyncio
import contextlib

import uvicorn

from bocage.assembly.application import application
from bocage.assembly.instance import Instance, opened
from bocage.assembly.logs import logging_to_json
from bocage.assembly.settings import Loaded


def serve_until(loaded: Loaded, seconds: float = 0) -> None:
    """Open the instance and serve it until SIGTERM, SIGINT, or `seconds` have passed when not 0.

    On the way out: no new request, those under way are answered, queued readings are made durable, then the
    log is closed.
    """
    logging_to_json(loaded.settings.log_level)
    with opened(loaded) as instance, instance.working():
        asyncio.run(_serve(instance, seconds), loop_factory=_loop)


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop

    return uvloop.new_event_loop()


async def _serve(instance: Instance, seconds: float) -> None:
    config = uvicorn.Config(
        application(instance),
        host=instance.loaded.settings.host,
        port=instance.loaded.settings.port,
        http="httptools",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
        server_header=False,
        proxy_headers=True,
    )
    server = uvicorn.Server(config)
    ending = asyncio.create_task(_end_after(server, seconds)) if seconds else None
    await server.serve()
    if ending:
        ending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ending


async def _end_after(server: uvicorn.Server, seconds: float) -> None:
    await asyncio.sleep(seconds)
    server.should_exit = True
