"""The observation log: one protocol, several homes, one contract suite."""

from pathlib import Path

from bocage.store.erasures import restored
from bocage.store.protocol import Store

__all__ = ["opened", "restored"]


def opened(folder: Path, *, memory: str = "256MB", threads: int = 2) -> Store:
    """The log kept in a folder, made when it is new. Unavailable when another process has it open."""
    from bocage.store.embedded.home import EmbeddedStore  # DuckDB is loaded by those who open a log only
    from bocage.store.embedded.open_months import Limits

    return EmbeddedStore(folder, limits=Limits(memory=memory, threads=threads))
