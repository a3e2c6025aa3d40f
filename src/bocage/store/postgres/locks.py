"""The locks that processes share: the gate of writers, positions in their order, one leader for scheduled work.

They are advisory locks of PostgreSQL, named after the schema of the log, so that two logs of one database never meet.
"""

import secrets
import zlib

from bocage.store.postgres.connections import Plain

WRAP = 2_147_483_647
ERASED = "0"  # said in the place of a position, which is never 0


class Locks:
    """`by_datastream`: each writer locks the datastreams of its group. Where rows of many cannot be locked in one
    statement (Citus), writers pass one after the other instead."""

    def __init__(self, schema: str, *, by_datastream: bool = True) -> None:
        self.by_datastream = by_datastream
        self.channel = f"{schema}_position"
        self.whose = secrets.token_hex(8)  # tells what this process committed from what others did
        self._turns = _key(f"{schema} turns") - 2**31
        self._gate, self._door = _wide(f"{schema} gate"), _wide(f"{schema} door")

    def share(self, con: Plain) -> None:
        """Pass the gate as a writer, until the transaction has ended."""
        shared = "_shared" if self.by_datastream else ""
        con.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)".encode(), (self._gate,))

    def alone(self, con: Plain) -> None:
        """Pass the gate when no writer is inside, and let none in until the transaction has ended."""
        con.execute("SELECT pg_advisory_xact_lock(%s)", (self._gate,))

    def position(self, con: Plain) -> int:
        """The next position, and its lock until the transaction has ended."""
        found = con.execute("SELECT taken_position(%s, %s)", (self._door, self._turns)).fetchone()
        return int(found[0]) if found else 0

    def tell(self, con: Plain, position: int) -> None:
        """Let all processes hear of this position once its transaction has ended."""
        con.execute("SELECT pg_notify(%s, %s)", (self.channel, f"{position} {self.whose}"))

    def tell_erased(self, con: Plain) -> None:
        """Let all processes hear that something was erased, once the transaction has ended."""
        con.execute("SELECT pg_notify(%s, %s)", (self.channel, f"{ERASED} {self.whose}"))

    def turn(self, con: Plain, position: int) -> None:
        """Wait until the transaction of the position before has ended, kept or undone."""
        con.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", (self._turns, (position - 1) % WRAP))


def _key(name: str) -> int:
    return zlib.crc32(name.encode())


def _wide(name: str) -> int:
    return _key(name) << 20 | len(name)


def leading(schema: str) -> int:
    """The key of the lock that the leader holds: it lasts as long as its connection."""
    return _wide(f"{schema} leader")
