"""Parquet files made for one answer and removed after it: nothing that was erased lies on in a cache."""

import asyncio
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from bocage.store.protocol import About, Store

MEDIA_TYPE = "application/vnd.apache.parquet"
LEFT_SECONDS = 3600
AT_ONCE = 2  # each takes a thread, a spool on the disk and up to 256 MB


class Exports:
    """A folder beside the log; a few files are made at once, the others wait."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._room = asyncio.Semaphore(AT_ONCE)

    async def answer(self, about: About, start: int, end: int, headers: Mapping[str, str]) -> Response:
        """The file of these series that start in [start, end)."""
        async with self._room:
            path = await run_in_threadpool(self._made, about, start, end)
        response = FileResponse(
            path,
            headers=headers,
            media_type=MEDIA_TYPE,
            background=BackgroundTask(path.unlink, missing_ok=True),
            stat_result=path.stat(),
        )
        if "Last-Modified" not in headers:
            del response.headers["last-modified"]  # when the file was made says nothing of what is in it
        return response

    def _made(self, about: About, start: int, end: int) -> Path:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._sweep()
        handle, name = tempfile.mkstemp(suffix=".parquet", dir=self._folder)
        os.close(handle)
        path = Path(name)
        try:
            self._store.export([one.number for one in about.series], start, end, path, about=about)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def _sweep(self) -> None:
        """Remove what an interrupted answer left behind."""
        for left in self._folder.glob("*.parquet"):
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                left.unlink(missing_ok=True)
