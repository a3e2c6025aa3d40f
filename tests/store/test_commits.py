"""What memory keeps of the last commits is handed over as whole commits, however it is kept."""

import numpy as np
import pytest

from bocage.domain.observation import Columns
from bocage.store import columns
from bocage.store.embedded.commits import CALM, SMALL, Commits

from .batches import HOUR, T0


def rows(position: int, count: int) -> Columns:
    """A commit."""
    held = {name: np.zeros(count, dtype) for name, dtype in columns.TYPES.items()}
    held |= {"position": np.full(count, position), "start": T0 + np.arange(count) * HOUR}
    return Columns(**held)


@pytest.mark.parametrize("seed", range(4))
def test_a_follower_meets_every_commit_once_and_whole(seed: int) -> None:
    rng = np.random.default_rng(seed)
    commits, sizes = Commits(0), {}
    for position in range(1, 400):
        sizes[position] = int(rng.choice([1, 50, SMALL, 9_000], p=[0.6, 0.3, 0.05, 0.05]))
        commits.add(rows(position, sizes[position]))
        if rng.random() < 0.2:
            commits.drained(position - int(rng.integers(0, 3)))
    at, limit = commits.floor, int(rng.choice([1, 700, 20_000]))
    while at < 399:
        parts = commits.after(at, limit)
        assert parts is not None
        found = columns.joined(parts)
        seen, counts = np.unique(found.position, return_counts=True)
        assert seen.tolist() == list(range(at + 1, at + 1 + len(seen)))
        assert counts.tolist() == [sizes[one] for one in seen.tolist()]
        assert len(found) <= limit or len(seen) == 1
        at = int(seen[-1])
    assert len(commits.after(399, limit) or []) == 0


def test_many_small_commits_are_kept_together_and_the_oldest_are_let_go() -> None:
    commits = Commits(0)
    for position in range(1, CALM + 2 * SMALL):
        commits.add(rows(position, 1))
        if position % 100 == 0:
            commits.drained(position)
    assert len(commits._kept) <= CALM / SMALL + 1
    assert 0 < commits.floor <= 2 * SMALL
    assert commits.after(commits.floor - 1, 10) is None
    next_ones = commits.after(commits.floor, 10)
    assert next_ones is not None
    assert columns.joined(next_ones).position.tolist() == list(range(commits.floor + 1, commits.floor + 11))


def test_who_follows_closely_while_much_comes_in_finds_it_in_memory() -> None:
    commits = Commits(0)
    for position in range(1, 51):
        commits.add(rows(position, 20_000))
        if position % 5 == 0:
            commits.drained(position)
    assert commits.floor == 20  # what the last six drains took
    commits.calm()
    assert commits.floor == 47
