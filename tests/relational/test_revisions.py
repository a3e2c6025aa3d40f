"""How far something has changed, as a process knows it: of its own changes, and of those of others."""

from pathlib import Path

from bocage import relational
from bocage.relational.revisions import Revisions


def test_a_change_of_this_process_counts_once_it_is_durable(db: Path) -> None:
    kept = {"rive": 1}
    revisions = Revisions("things", kept.__getitem__)
    assert revisions.of("rive") == 1
    with relational.transaction():
        kept["rive"] = 2
        revisions.follow("rive")
        assert revisions.of("rive") == 1
    assert revisions.of("rive") == 2


def test_a_change_of_another_process_counts_once_it_is_heard(db: Path) -> None:
    kept = {"rive": 1, "lac": 1}
    revisions = Revisions("things", kept.__getitem__)
    assert (revisions.of("rive"), revisions.of("lac")) == (1, 1)
    kept.update(rive=2, lac=5)
    assert revisions.of("rive") == 1
    revisions.hear("rive")
    assert (revisions.of("rive"), revisions.of("lac")) == (2, 1)
    revisions.hear()
    assert revisions.of("lac") == 5
    revisions.hear("rive")  # its own change, said to itself too
    assert revisions.of("rive") == 2
