"""Lets asynchronous code use the tables, through few threads so that few connections are open."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

from bocage.relational.failures import FAILURES, unavailable

THREADS = 4
Result = TypeVar("Result")

# A name under which each event loop keeps its own limiter; it holds nothing itself.
_limiter: RunVar[CapacityLimiter] = RunVar("bocage.relational.threads")


async def in_thread(call: Callable[..., Result], *args: object) -> Result:
    """Run a blocking call in one of the few threads that hold a database connection; Unavailable when it fails."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(THREADS)
        _limiter.set(limiter)
    try:
        return await to_thread.run_sync(call, *args, limiter=limiter)
    except FAILURES as error:
        raise unavailable(error) from error
