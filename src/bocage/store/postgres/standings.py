"""What is known of each datastream, read under a lock and written back with the rows that change it."""

import numpy as np

from bocage.domain.nature import Origin
from bocage.domain.observation import COUNTER_BITS, Columns, Ints
from bocage.store import columns
from bocage.store.latest import COUNTER_MASK, NEVER, Latest, Standing
from bocage.store.postgres import statements
from bocage.store.postgres.binary import Floats, Int4s, Int8s
from bocage.store.postgres.connections import Plain
from bocage.store.protocol import Counters


def introduced(con: Plain, datastreams: Ints) -> None:
    """Give each of these a line, in a transaction of its own."""
    con.execute(statements.INTRODUCED.encode(), (Int4s(datastreams),))


def stood(con: Plain, datastreams: Ints, *, locked: bool) -> Latest:
    """What the judge must know of these; `locked`: nobody else changes it before the transaction has ended."""
    asked = statements.LOCKED if locked else statements.STOOD
    found = con.execute(asked.encode(), (Int4s(datastreams),)).fetchall()
    known = Latest()
    if found:
        number, following, held, first, start, span = (
            np.array(column, np.int64) for column in zip(*found, strict=True)
        )
        rows = _rows(number, start, span)
        known.set(Standing(counter=following, count=held, first=first, rows=rows))
    return known


def _rows(number: Ints, start: Ints, span: Ints) -> Columns:
    """Newest rows of which only the times are known: no more is compared."""
    none = np.zeros(len(number), np.int64)
    return Columns(
        datastream=number.astype(np.int32),
        start=start,
        end=np.where(start == NEVER, 0, start + span),
        kind=none.astype(np.uint8),
        number=none.astype(np.float64),
        origin=none.astype(np.uint8),
        id=number << COUNTER_BITS,
        position=none,
        version=none.astype(np.int32),
    )


def put(con: Plain, known: Latest, datastreams: Ints, *, above: int) -> None:
    """Write what is known now of these; a newest row that did not come above this position stays as it is."""
    standing = known.standing(datastreams)
    newer = standing.rows.position > above
    _counted(con, _some(standing, ~newer))
    _renewed(con, _some(standing, newer))


def reserved(con: Plain, counters: Counters) -> None:
    """Go on from these counters at least."""
    numbers = Int4s(counters.datastream)
    con.execute(statements.RESERVED.encode(), (numbers, Int8s(counters.next), numbers))


def _some(standing: Standing, flags: columns.Flags) -> Standing:
    at = np.flatnonzero(flags)
    return Standing(
        counter=standing.counter[at],
        count=standing.count[at],
        first=standing.first[at],
        rows=columns.picked(standing.rows, at),
    )


def _counted(con: Plain, late: Standing) -> None:
    if len(late.count):
        numbers = Int4s(late.rows.datastream)
        given = (numbers, Int8s(late.counter), Int8s(late.count), Int8s(late.first), numbers)
        con.execute(statements.COUNTED.encode(), given)


def _renewed(con: Plain, renewed: Standing) -> None:
    rows = renewed.rows
    if not len(rows):
        return
    numbers = Int4s(rows.datastream)
    con.execute(
        statements.RENEWED.encode(),
        (
            numbers,
            Int8s(renewed.counter),
            Int8s(renewed.count),
            Int8s(renewed.first),
            Int8s(rows.start),
            Int8s(rows.end - rows.start),
            Floats(rows.number),
            Int8s(rows.position),
            Int4s(rows.id & COUNTER_MASK),
            Int4s(rows.version),
            Int4s(rows.kind),
            Int4s(rows.origin),
            numbers,
        ),
    )
    _said(con, rows)


def _said(con: Plain, rows: Columns) -> None:
    """What few hold: a text, the time of what is replayed, what was said beside. Versions tell why it was corrected."""
    replayed, texts, besides = rows.origin == Origin.REPLAYED, columns.texts(rows), columns.besides(rows)
    at = np.flatnonzero(replayed | (texts != np.array(None)) | (besides != np.array(None)))
    if not len(at):
        return
    originals = np.where(replayed, columns.originals(rows), 0)[at].tolist()
    given = [one if flag else None for one, flag in zip(originals, replayed[at].tolist(), strict=True)]
    said, beside = ([None if one is None else one.encode() for one in held[at].tolist()] for held in (texts, besides))
    numbers = Int4s(rows.datastream[at])
    con.execute(statements.SAID.encode(), (numbers, given, said, beside, numbers))
