"""A follower: effects and position kept in one transaction, so that a crash replays exactly."""

import logging
import threading
from collections.abc import Callable, Sequence

import msgspec

from bocage.domain.observation import Columns
from bocage.relational import transaction
from bocage.steer.tables import Progress
from bocage.store.protocol import Store

AT_ONCE = 65_536
MUCH = 4_096  # observations in a round after which the next one does not wait
PATIENCE = 5.0  # seconds before it looks again by itself, whatever it was told
PACE = 1.0  # seconds between two rounds: what came meanwhile is one transaction, not one for each commit of the log


class Follower(msgspec.Struct, frozen=True, kw_only=True):
    """A stable name and what it does with a run of whole commits; called inside the transaction."""

    name: str
    effect: Callable[[Columns], None]


def caught_up(follower: Follower) -> int:
    """The position up to which its effects are kept."""
    found = Progress.objects.filter(pk=follower.name).first()
    return found.position if found else 0


def step(follower: Follower, store: Store) -> int:
    """Take the next run of commits; effects and position are kept together, or neither. Observations taken."""
    columns = store.after(caught_up(follower), AT_ONCE)
    if not len(columns):
        return 0
    with transaction():
        follower.effect(columns)
        reached = int(columns.position[-1])
        Progress.objects.update_or_create(follower=follower.name, defaults={"position": reached})
    return len(columns)


class Following:
    """A thread that keeps followers up with the log until it is stopped."""

    def __init__(self, store: Store, followers: Sequence[Follower], pace: float = PACE) -> None:
        self._store, self._followers, self._pace = store, followers, pace
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._unsubscribe = store.subscribe(lambda position: self._woken.set())
        self._thread = threading.Thread(target=self._run, name="followers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the run under way and stop."""
        self._unsubscribe()
        self._stopping.set()
        self._woken.set()
        self._thread.join()

    def _round(self) -> int:
        return sum(step(follower, self._store) for follower in self._followers)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                while not self._stopping.is_set() and self._round() > MUCH:
                    pass
            except Exception:  # the outermost loop of a worker: a full disk or a lock must not end it
                logging.getLogger(__name__).exception("a follower could not keep its effects; it tries again")
            self._woken.wait(PATIENCE)
            self._stopping.wait(self._pace)
