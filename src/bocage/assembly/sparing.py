"""Memory that was freed goes back to the machine: what a process shows is what it holds."""

import ctypes
from typing import Any, Final

# Parameters of mallopt(3): pools that threads share, bytes from which on memory is taken from the machine by itself.
POOLS: Final = (-8, 2)
APART: Final = (-3, 1 << 20)


def spare() -> None:
    """Let threads share few pools, each of which keeps what is freed in it, and long arrays go at once.

    Before threads begin. Only where the C library is glibc, whose habits these are.
    """
    library = _library()
    if hasattr(library, "mallopt"):
        for parameter, value in (POOLS, APART):
            library.mallopt(parameter, value)


def give_back() -> None:
    """Give back the free pages between what is held; some milliseconds."""
    library = _library()
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)


def _library() -> Any:
    return ctypes.CDLL(None)
