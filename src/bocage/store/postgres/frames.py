"""Frames of radios that were told lately, as all processes of the instance remember them together."""

from collections.abc import Sequence

from bocage.store.postgres.connections import Connections, Plain

TABLE = "CREATE TABLE frame (place text NOT NULL, frame text NOT NULL, at bigint NOT NULL, PRIMARY KEY (place, frame))"

# Two processes that are told the same frame at the same moment meet at its row: the second one waits for the first.
TOLD = """INSERT INTO frame AS known (place, frame, at)
  SELECT %s, given.frame, given.at FROM unnest(%s::text[], %s::bigint[]) AS given (frame, at) ORDER BY given.frame
  ON CONFLICT (place, frame) DO UPDATE
    SET at = CASE WHEN abs(excluded.at - known.at) > %s THEN excluded.at ELSE known.at END
  RETURNING frame, at"""


class SharedFrames:
    """One table beside the log."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def first(self, place: str, frames: Sequence[str], at: Sequence[int], span: int) -> list[int]:
        given: dict[str, int] = {}
        for frame, told in zip(frames, at, strict=True):
            given.setdefault(frame, told)

        def ask(con: Plain) -> list[tuple[str, int]]:
            return con.execute(TOLD.encode(), (place, list(given), list(given.values()), span)).fetchall()

        found = dict(self._connections.asked(ask))
        return [found[frame] for frame in frames]

    def erase(self, before: int) -> None:
        with self._connections.lent() as con:
            con.execute("DELETE FROM frame WHERE at < %s", (before,))
