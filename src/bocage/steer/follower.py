"""A follower: effects and position kept in one transaction, so that a crash replays exactly."""

import logging
import threading
from collections.abc import Callable, Sequence
from time import monotonic

import msgspec

from bocage.domain.observation import Columns
from bocage.relational import transaction
from bocage.steer.tables import Progress
from bocage.store.protocol import Store

AT_ONCE = 122_880  # observations of a round: their columns are short enough not to be taken from the machine anew
MUCH = 65_536  # of them after which the next round comes soon
BEHIND = 98_304  # and from which it comes at once
PATIENCE = 5.0  # seconds before it looks again by itself, whatever it was told
BREATH = 0.05  # seconds between two rounds while much comes in: a round costs nearly the same for few as for many
REST = 2  # times as long as a round took, so that followers take a third of a processor at most while they keep up
PACE = 1.0  # seconds between two rounds: what came meanwhile is one transaction, not one for each commit of the log


class Follower(msgspec.Struct, frozen=True, kw_only=True):
    """A stable name and what it does with a run of whole commits; called inside the transaction.

    `idle`: whether it would do nothing with anything, so that nothing is read for it. `due`: whether it has something
    to do although nothing was committed; it is then given no rows.
    """

    name: str
    effect: Callable[[Columns], None]
    idle: Callable[[], bool] = lambda: False
    due: Callable[[], bool] = lambda: False


def caught_up(follower: Follower) -> int:
    """The position up to which its effects are kept."""
    return position_of(follower.name)


def position_of(name: str) -> int:
    """The position up to which the effects of the follower of that name are kept."""
    found = Progress.objects.filter(pk=name).first()
    return found.position if found else 0


class Once:
    """What several followers that have come equally far ask of the log in one round, read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[int, Columns] = {}

    def position(self) -> int:
        """Of the log."""
        return self._store.position()

    def after(self, position: int, limit: int) -> Columns:
        """Whole commits after a position."""
        if position not in self._read:
            self._read = {position: self._store.after(position, limit)}
        return self._read[position]


def step(follower: Follower, store: "Store | Once", limit: int = AT_ONCE) -> int:
    """Take the next run of commits; effects and position are kept together, or neither. Observations taken."""
    at = caught_up(follower)
    if follower.idle():
        _reach(follower, at, store.position())
        return 0
    columns = store.after(at, limit)
    if not len(columns) and not follower.due():
        return 0
    with transaction():
        if caught_up(follower) != at:  # another process took over and was here first
            return 0
        follower.effect(columns)
        _reach(follower, at, int(columns.position[-1]) if len(columns) else at)
    return len(columns)


def _reach(follower: Follower, at: int, position: int) -> None:
    if position != at:
        Progress.objects.update_or_create(follower=follower.name, defaults={"position": position})


class Following:
    """A thread that keeps followers up with the log until it is stopped."""

    def __init__(self, store: Store, followers: Sequence[Follower], pace: float = PACE) -> None:
        self._store, self._followers, self._pace = store, followers, pace
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._unsubscribe = store.subscribe(self._wake)
        self._thread = threading.Thread(target=self._run, name="followers", daemon=True)
        self._thread.start()

    def _wake(self, _position: int) -> None:
        if not self._woken.is_set():  # to set what is set takes its lock, and the time of who writes
            self._woken.set()

    def stop(self) -> None:
        """Finish the run under way and stop."""
        self._unsubscribe()
        self._stopping.set()
        self._woken.set()
        self._thread.join()

    def _round(self) -> int:
        """Each follower one step; the most that any of them took, 0 when one failed: it is tried again without haste,
        and holds none of the others back."""
        taken, sound, once = 0, True, Once(self._store)
        for follower in self._followers:
            try:
                taken = max(taken, step(follower, once))
            except Exception:  # the outermost loop of a worker: a full disk or a lock must not end it
                sound = False
                logging.getLogger(__name__).exception("%s could not keep its effects; it tries again", follower.name)
        return taken if sound else 0

    def _busy(self) -> bool:
        """A round; whether much came in, so that the next one is to come soon."""
        begin = monotonic()
        taken = self._round()
        if MUCH < taken < BEHIND:
            self._stopping.wait(max(BREATH, REST * (monotonic() - begin)))
        return taken > MUCH

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            while not self._stopping.is_set() and self._busy():
                pass
            self._woken.wait(PATIENCE)
            self._stopping.wait(self._pace)
