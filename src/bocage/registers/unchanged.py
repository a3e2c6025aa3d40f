"""What a reading of a whole chain found, remembered for as long as not one byte of what it read has changed."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec

from bocage.registers import beside
from bocage.registers.tables import Chain, Current, Personal, Reference, Version
from bocage.registers.verification import Fault, verify


class Verified:
    """Faults of territories, by the digest of all rows that were looked at: whoever edits one by SQL changes it, so
    that nothing altered since can hide behind what was found before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, tuple[str, tuple[Fault, ...]]] = {}

    def faults(self, territory: str) -> tuple[Fault, ...]:
        """As `verify` finds them now."""
        rows = digest(territory)
        with self._lock:
            before, faults = self._found.get(territory, ("", ()))
        if before == rows:
            return faults
        faults = tuple(verify(territory))
        if digest(territory) == rows:  # else something was declared meanwhile
            with self._lock:
                self._found[territory] = (rows, faults)
        return faults


def digest(territory: str) -> str:
    """SHA-256 of every row that `verify` looks at."""
    found = sha256()
    for row in _rows(territory):
        found.update(msgspec.msgpack.encode(row))
    return found.hexdigest()


def _rows(territory: str) -> Iterator[Any]:
    held = {"territory": territory}
    tables: tuple[Any, ...] = (
        Version.objects.filter(**held).order_by("sequence", "pk"),
        Personal.objects.filter(version__territory=territory).order_by("pk"),
        Current.objects.filter(**held).order_by("pk"),
        Reference.objects.filter(holder__territory=territory).order_by("pk"),
        *(table.objects.filter(**held).order_by("pk") for table in beside.TABLES.values()),
        Chain.objects.filter(**held),
    )
    for table in tables:
        yield None  # where one table ends, and the next begins
        yield from table.values_list().iterator(chunk_size=500)
