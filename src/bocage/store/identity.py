"""Whether an arriving observation is new, already known, in conflict, or a correction of what is kept."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np

from bocage.domain.errors import Unavailable
from bocage.domain.observation import COUNTER_BITS, Bytes, Columns, Ints, ObservationBatch, Outcome
from bocage.store import columns
from bocage.store.columns import Flags, Index

Lookup = Callable[[Columns], Columns]


class Arrived(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The rows of several batches one after the other; id, version and position are still zero."""

    rows: Columns
    correcting: Flags
    sizes: tuple[int, ...]


class Known(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What memory knows of the datastream of each row: its newest and first start, and its next counter."""

    newest: Ints
    first: Ints
    counter: Ints


class Verdict(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What becomes of each row: outcome, id, version (of what is kept of it).

    `rising`: every row is new, the only one of its datastream, and starts after all that datastream held.
    """

    outcome: Bytes
    id: Ints
    version: Ints
    rising: bool = False


def gathered(batches: Sequence[ObservationBatch]) -> Arrived:
    """The batches as one, in their order."""
    sizes = tuple(len(batch) for batch in batches)
    parts = [_unjudged(batch) for batch in batches]
    flags = np.repeat(np.array([batch.correcting for batch in batches], np.bool_), sizes)
    return Arrived(rows=columns.joined(parts), correcting=flags, sizes=sizes)


def _unjudged(batch: ObservationBatch) -> Columns:
    n = len(batch)
    zeros = np.zeros(n, np.int64)
    reason = np.full(n, batch.reason, object) if batch.reason and batch.correcting else None
    # Adding 0.0 turns -0.0 into 0.0: they are the same value, and must be the same bytes wherever they are kept.
    return Columns(
        datastream=batch.datastream,
        start=batch.start,
        end=batch.end,
        kind=batch.kind,
        number=batch.number + 0.0,
        origin=batch.origin,
        id=zeros,
        position=zeros,
        version=np.zeros(n, np.int32),
        text=batch.text,
        original=batch.original,
        reason=reason,
        beside=batch.beside,
    )


def judged(arrived: Arrived, known: Known, lookup: Lookup) -> Verdict:
    """Judge rows in their order of arrival; `lookup` gives the newest kept version of the identities asked."""
    rows = arrived.rows
    if bool((rows.start > known.newest).all()) and columns.each_once(rows.datastream):
        return _all_new(rows, _given(rows.datastream, known.counter), rising=True)
    order = columns.order_of(rows.datastream, rows.start, rows.end)
    if order is None:
        return _judged_in_order(arrived, known, lookup)
    turned = Arrived(rows=columns.picked(rows, order), correcting=arrived.correcting[order], sizes=arrived.sizes)
    facts = Known(newest=known.newest[order], first=known.first[order], counter=known.counter[order])
    verdict = _judged_in_order(turned, facts, lookup)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return Verdict(outcome=verdict.outcome[back], id=verdict.id[back], version=verdict.version[back])


def _judged_in_order(arrived: Arrived, known: Known, lookup: Lookup) -> Verdict:
    """The same for rows sorted by (datastream, start, end), arrival order kept among equals."""
    rows = arrived.rows
    heads = _heads(rows)
    first = np.flatnonzero(heads)
    old = first[(rows.start[first] <= known.newest[first]) & (rows.start[first] >= known.first[first])]
    if len(first) == len(rows) and not len(old):
        return _all_new(rows, _numbered(rows.datastream, known.counter))
    kept = lookup(columns.picked(rows, old)) if len(old) else columns.empty()
    at = np.full(len(first), -1, np.int64)  # the kept row of each identity
    at[np.searchsorted(first, old)] = matched(columns.picked(rows, old), kept)
    return _compared(arrived, known, kept, _Groups(heads=heads, first=first, at=at))


class _Groups(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Rows of one identity stand together: `heads` marks their first, `first` its place, `at` the kept row or -1."""

    heads: Flags
    first: Index
    at: Ints

    @property
    def group(self) -> Ints:
        return np.cumsum(self.heads) - 1


def _heads(rows: Columns) -> Flags:
    heads = np.ones(len(rows), np.bool_)
    heads[1:] = (
        (rows.datastream[1:] != rows.datastream[:-1])
        | (rows.start[1:] != rows.start[:-1])
        | (rows.end[1:] != rows.end[:-1])
    )
    return heads


def _all_new(rows: Columns, ids: Ints, *, rising: bool = False) -> Verdict:
    n = len(rows)
    return Verdict(outcome=np.zeros(n, np.uint8), version=np.ones(n, np.int64), id=ids, rising=rising)


def _numbered(datastream: Any, counter: Ints) -> Ints:
    """New ids for identities sorted by datastream: the counters of each go on from its next one."""
    place = np.arange(len(datastream))
    begins = np.ones(len(datastream), np.bool_)
    begins[1:] = datastream[1:] != datastream[:-1]
    rank = place - np.maximum.accumulate(np.where(begins, place, 0))
    return _given(datastream, counter + rank)


def _given(datastream: Any, given: Ints) -> Ints:
    """The ids of these counters."""
    if len(given) and int(given.max()) >> COUNTER_BITS:
        raise Unavailable("fewer than 2^29 observations in one datastream", remedy="declare a new datastream")
    return np.asarray((datastream.astype(np.int64) << COUNTER_BITS) | given, np.int64)


def _compared(arrived: Arrived, known: Known, kept: Columns, groups: _Groups) -> Verdict:
    """A row is compared with the last row before it that set the value of its identity, else with the kept one."""
    rows, group = arrived.rows, groups.group
    place = np.arange(len(rows))
    fresh = groups.heads & (groups.at[group] < 0)
    setter = np.maximum.accumulate(np.where(fresh | arrived.correcting, place, -1))
    before = np.concatenate(([-1], setter[:-1]))
    inside = before >= groups.first[group]
    same = _same(arrived, kept, np.where(inside, before, -1), groups.at[group])
    same &= ~fresh
    outcome = np.where(arrived.correcting, Outcome.CORRECTED, Outcome.CONFLICT).astype(np.uint8)
    outcome[same] = Outcome.KNOWN
    outcome[fresh] = Outcome.STORED
    stored = np.cumsum(stored_of(outcome))
    inside_group: Ints = stored - (stored[groups.first] - stored_of(outcome)[groups.first])[group]
    return Verdict(
        outcome=outcome,
        id=_ids(rows, known, kept, groups)[group],
        version=_versions(kept, groups)[group] + inside_group,
    )


def _same(arrived: Arrived, kept: Columns, before: Ints, at: Ints) -> Flags:
    rows = arrived.rows
    same = np.zeros(len(rows), np.bool_)
    here = np.flatnonzero(before >= 0)
    same[here] = _alike(arrived, here, columns.picked(rows, before[here]))
    there = np.flatnonzero((before < 0) & (at >= 0))
    same[there] = _alike(arrived, there, columns.picked(kept, at[there]))
    return same


def _alike(arrived: Arrived, places: Index, others: Columns) -> Flags:
    """The same result; where the sender may correct and says something beside it, that must be the same too."""
    rows = columns.picked(arrived.rows, places)
    same = columns.alike(rows, others)
    if rows.beside is not None:
        silent = (rows.beside == np.array(None)) | ~arrived.correcting[places]
        same &= silent | (rows.beside == columns.besides(others))
    return same


def _ids(rows: Columns, known: Known, kept: Columns, groups: _Groups) -> Ints:
    ids = np.zeros(len(groups.first), np.int64)
    held = groups.at >= 0
    ids[held] = kept.id[groups.at[held]]
    new = groups.first[~held]
    ids[~held] = _numbered(rows.datastream[new], known.counter[new])
    return ids


def _versions(kept: Columns, groups: _Groups) -> Ints:
    versions = np.zeros(len(groups.first), np.int64)
    held = groups.at >= 0
    versions[held] = kept.version[groups.at[held]]
    return versions


def matched(rows: Columns, kept: Columns) -> Ints:
    """For each row, the place in `kept` of the row of the same identity, or -1 (identities are unique in both)."""
    found = np.full(len(rows), -1, np.int64)
    if not len(kept) or not len(rows):
        return found
    datastream = np.concatenate([kept.datastream, rows.datastream])
    start, end = np.concatenate([kept.start, rows.start]), np.concatenate([kept.end, rows.end])
    order = np.lexsort((end, start, datastream))  # stable: of two equals, the kept one comes first
    left, right = order[:-1], order[1:]
    twin = (
        (datastream[left] == datastream[right])
        & (start[left] == start[right])
        & (end[left] == end[right])
        & (left < len(kept))
        & (right >= len(kept))
    )
    found[right[twin] - len(kept)] = left[twin]
    return found


def stored_of(outcome: Bytes) -> Flags:
    """Which rows the log keeps."""
    return np.asarray((outcome == Outcome.STORED) | (outcome == Outcome.CORRECTED), np.bool_)


def kept_rows(arrived: Arrived, verdict: Verdict, position: int) -> Columns:
    """The rows to keep, in order of arrival, with their ids, versions and position."""
    given = arrived.rows.reason
    reason = None if given is None else np.where(verdict.version > 1, given, "")
    rows = msgspec.structs.replace(
        arrived.rows,
        id=verdict.id,
        version=verdict.version.astype(np.int32),
        position=np.full(len(arrived.rows), position, np.int64),
        reason=reason,
    )
    if verdict.outcome.any():
        rows = columns.picked(rows, np.flatnonzero(stored_of(verdict.outcome)))
    return columns.trimmed(rows)
