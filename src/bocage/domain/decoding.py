"""What the decoder must know of our types, learnt before there are threads.

msgspec works out how a type is decoded when it first meets it and lets other threads see what is half worked out: two
that meet one type at the same moment end the process by a segmentation fault (msgspec 0.22.0).
"""

import contextlib
from collections.abc import Iterator

import msgspec


def learn() -> None:
    """Make the decoder meet every type that was imported so far: 50 ms for the 600 of a whole instance."""
    for one in set(_below(msgspec.Struct)):
        with contextlib.suppress(TypeError):  # a type that is never decoded may hold what cannot be
            msgspec.json.Decoder(one)


def _below(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
