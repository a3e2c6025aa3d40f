"""Erases for good: a partition is emptied where all of it goes, else its rows are deleted and it is written anew."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from psycopg import sql

from bocage.domain.observation import Ints
from bocage.store import columns, erasures
from bocage.store.erasures import Erased
from bocage.store.postgres.binary import Int4s, Int8s
from bocage.store.postgres.connections import Connections, Plain
from bocage.store.postgres.locks import Locks
from bocage.store.postgres.partitions import Month, listed
from bocage.store.postgres.writer import position
from bocage.store.protocol import Erasure, ErasureProof, Run

STRUCK = 'kept.datastream = ANY(%(numbers)s) AND kept."start" >= %(start)s AND kept."start" < %(end)s'
OF_RUNS = """ AND EXISTS (SELECT FROM unnest(%(of)s::integer[], %(positions)s::bigint[], %(versions)s::integer[],
  %(firsts)s::bigint[], %(lasts)s::bigint[]) AS run (datastream, position, version, first, last)
  WHERE run.datastream = kept.datastream AND run.position = kept.position AND run.version = kept.version
  AND kept.counter BETWEEN run.first AND run.last)"""
# What is left of each: how many, since when, and the newest of them; its counter goes on.
LEFT = """
WITH every AS (SELECT * FROM observation WHERE datastream = ANY(%(numbers)s)),
  counted AS (SELECT datastream, count(DISTINCT ("start", span)) AS held, min("start") AS first
    FROM every GROUP BY datastream),
  last AS (SELECT DISTINCT ON (datastream) * FROM every ORDER BY datastream, "start" DESC, span DESC, version DESC)
INSERT INTO standing (datastream, next, held, first, "start", span, number, position, counter, version, kind, origin,
  original, text, beside)
SELECT datastream, unnested.next, counted.held, counted.first, last."start", span, number, position, counter, version,
  kind, origin, original, text, beside
FROM last JOIN counted USING (datastream)
  JOIN unnest(%(numbers)s::integer[], %(next)s::bigint[]) AS unnested (datastream, next) USING (datastream)"""

EMPTY = """INSERT INTO standing (datastream, next) SELECT * FROM unnest(%s::integer[], %s::bigint[])
  ON CONFLICT DO NOTHING"""


class Eraser:
    """`lists`: the folder of the list of erasures, outside what is backed up; None where there is none."""

    def __init__(self, connections: Connections, locks: Locks, lists: Path | None) -> None:
        self._connections, self._locks, self._lists = connections, locks, lists

    def erase(self, erasure: Erasure) -> ErasureProof:
        """Erase, and note it in the list before; nobody writes meanwhile, in whichever process."""
        with self._connections.lent() as con:
            with con.transaction():
                self._locks.alone(con)
                at = position(con)
                if self._lists is not None:
                    erasures.noted(self._lists, Erased(erasure=erasure, position=at))
                proof, rewritten = _erased(con, erasure, at)
                self._locks.tell_erased(con)
            _written_anew(con, rewritten)
        return proof

    def listed(self) -> list[Erased]:
        """The list, oldest first."""
        return [] if self._lists is None else erasures.listed(self._lists)

    def again(self) -> None:
        """Erase what the list names and this database does not know of: it was restored from an older copy."""
        for one in self.listed():
            with self._connections.lent() as con:
                with con.transaction():
                    self._locks.alone(con)
                    body = _body(one.erasure)
                    if con.execute("SELECT FROM erased WHERE body = %s", (body,)).fetchone() is not None:
                        continue
                    rewritten = _erased(con, one.erasure, one.position)[1]
                    self._locks.tell_erased(con)
                _written_anew(con, rewritten)


def _body(erasure: Erasure) -> str:
    return msgspec.json.encode(erasure).decode()


def _erased(con: Plain, erasure: Erasure, at: int) -> tuple[ErasureProof, list[Month]]:
    numbers = columns.distinct(erasure.datastreams)
    before = _held(con, numbers)
    gone, rewritten, rows = _struck(con, erasure)
    _stood_again(con, numbers)
    con.execute("INSERT INTO erased VALUES (%s, %s) ON CONFLICT DO NOTHING", (_body(erasure), at))
    erased = before - _held(con, numbers)
    proof = ErasureProof(
        erasure=erasure,
        erased=erased,
        corrections=rows - erased if erasure.runs else 0,
        covers=(
            *(f"month {month.name}, emptied" for month in gone),
            *(f"month {month.name}, written anew" for month in rewritten),
            "latest values",
            "rollups (computed when they are read)",
            "not the write-ahead log of PostgreSQL until it is used again, nor its archives, replicas and dumps",
        ),
        position=at,
    )
    return proof, rewritten


def _held(con: Plain, numbers: Ints) -> int:
    asked = "SELECT coalesce(sum(held), 0)::bigint FROM standing WHERE datastream = ANY(%s)"
    found = con.execute(asked, (Int4s(numbers),)).fetchone()
    return int(found[0]) if found else 0


def _struck(con: Plain, erasure: Erasure) -> tuple[list[Month], list[Month], int]:
    """Partitions emptied, partitions of which rows went, and how many rows; all versions counted."""
    where, values = _where(erasure)
    gone, changed, rows = [], [], 0
    for month in listed(con):
        if month.start >= erasure.end or month.end <= erasure.start or not erasure.datastreams:
            continue
        names = {"table": sql.Identifier(month.table), "where": sql.SQL(where)}
        count = _counted(con, sql.SQL("SELECT count(*) FROM {table} AS kept WHERE {where}").format(**names), values)
        if not count:
            continue
        if count == _counted(con, sql.SQL("SELECT count(*) FROM {table}").format(**names), {}):
            con.execute(sql.SQL("TRUNCATE {table}").format(**names))
            gone.append(month)
        else:
            con.execute(sql.SQL("DELETE FROM {table} AS kept WHERE {where}").format(**names), values)
            changed.append(month)
        rows += count
    return gone, changed, rows


def _counted(con: Plain, statement: sql.Composed, values: dict[str, object]) -> int:
    found = con.execute(statement, values).fetchone()
    return int(found[0]) if found else 0


def _where(erasure: Erasure) -> tuple[str, dict[str, object]]:
    numbers = Int4s(columns.distinct(erasure.datastreams))
    values: dict[str, object] = {"numbers": numbers, "start": erasure.start, "end": erasure.end}
    if not erasure.runs:
        return STRUCK, values
    return STRUCK + OF_RUNS, {**values, **_runs(erasure.runs)}


def _runs(runs: Sequence[Run]) -> dict[str, object]:
    return {
        "of": Int4s([run.datastream for run in runs]),
        "positions": Int8s([run.position for run in runs]),
        "versions": Int4s([run.version for run in runs]),
        "firsts": Int8s([run.first for run in runs]),
        "lasts": Int8s([run.last for run in runs]),
    }


def _stood_again(con: Plain, numbers: Ints) -> None:
    found = con.execute(
        "SELECT datastream, next FROM standing WHERE datastream = ANY(%s)", (Int4s(numbers),)
    ).fetchall()
    if not found:
        return
    known, following = (np.array(column, np.int64) for column in zip(*found, strict=True))
    con.execute("DELETE FROM standing WHERE datastream = ANY(%s)", (Int4s(known),))
    con.execute(LEFT.encode(), {"numbers": Int4s(known), "next": Int8s(following)})
    con.execute(EMPTY.encode(), (Int4s(known), Int8s(following)))


def _written_anew(con: Plain, months: Sequence[Month]) -> None:
    """Leave no bytes of deleted rows in the files: a table is written anew without them, and the old file goes."""
    for table in (*(month.table for month in months), "standing"):
        con.execute(sql.SQL("VACUUM (FULL) {}").format(sql.Identifier(table)))
