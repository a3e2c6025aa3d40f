"""What is known of each source that listens to a broker: connected or not, what came last, what went wrong."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from bocage.domain.label import Labelled
from bocage.domain.text import message as _
from bocage.ingest.answer import Answer
from bocage.ingest.mqtt.trouble import Trouble

SHOWN: Final = 10  # messages of which one sees what became of them


class Phase(Labelled):
    """How it stands with a broker."""

    CONNECTING = "connecting", _("connecting")
    LISTENING = "listening", _("listening")
    WAITING = "waiting", _("will try again")


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """Some messages that were taken in together: when, the topic of the last one, and what became of all."""

    at: datetime
    topic: str
    messages: int
    answer: Answer
    made: int = 0


class State(msgspec.Struct, frozen=True, kw_only=True):
    """One source. `since`: when this phase began. Since this process started: `messages` were taken in and
    acknowledged; `left`: those among them that say nothing of now; values `kept`, `declined` (refused or in conflict)
    and messages `unreadable`; entities `made`; `connections` that came about."""

    phase: Phase = Phase.CONNECTING
    since: datetime | None = None
    messages: int = 0
    kept: int = 0
    left: int = 0
    declined: int = 0
    unreadable: int = 0
    made: int = 0
    connections: int = 0
    last: datetime | None = None
    came: tuple[Came, ...] = ()
    refused: Came | None = None
    trouble: Trouble | None = None
    said: str = ""
    troubled: datetime | None = None
    again: datetime | None = None
    denied: tuple[str, ...] = ()


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Messages that wait to be taken in, and how long the oldest has waited (seconds)."""

    messages: int = 0
    seconds: float = 0.0


Queue = Callable[[], Waiting]
Place = tuple[str, str]  # territory, source
PUBLICATION: Final[Place] = ("", "")  # the broker the instance publishes to


class States:
    """Those of this process; read by pages while the listening goes on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: dict[Place, Queue] = {}
        self._states: dict[Place, State] = {}
        self.elsewhere = False  # whether another process of this instance listens to what nobody shares

    def of(self, territory: str, source: str) -> State | None:
        """How it stands with a source; None when it does not listen."""
        return self._states.get((territory, source))

    def phase(self, place: Place, phase: Phase, at: datetime, *, again: datetime | None = None) -> None:
        """Another phase begins."""
        self._change(place, phase=phase, since=at, again=again)

    def troubled(self, place: Place, trouble: Trouble, said: str, at: datetime) -> None:
        """Something went wrong."""
        self._change(place, trouble=trouble, said=said, troubled=at)

    def listening(self, place: Place, at: datetime, denied: tuple[str, ...]) -> None:
        """The broker passes on what comes, except what it denies us."""
        with self._lock:
            old = self._states.get(place, State())
            connections = old.connections + 1
            self._states[place] = msgspec.structs.replace(
                old, phase=Phase.LISTENING, since=at, again=None, denied=denied, connections=connections
            )

    def queued(self, place: Place, queue: "Queue | None") -> None:
        """Where one sees what came and is not taken in yet; None: nothing comes any more."""
        with self._lock:
            self._queues.pop(place, None)
            if queue is not None:
                self._queues[place] = queue

    def waiting(self, place: Place) -> Waiting:
        """What came of a source and is not taken in yet."""
        queue = self._queues.get(place)
        return queue() if queue else Waiting()

    def all(self) -> dict[Place, State]:
        """How it stands with every source that listens, and with the publication."""
        with self._lock:
            return dict(self._states)

    def took(self, place: Place, came: Came, left: int) -> None:
        """Some messages were taken in."""
        with self._lock:
            old = self._states.get(place, State())
            nothing = came.answer.refused or came.answer.unreadable or came.answer.conflicts
            self._states[place] = msgspec.structs.replace(
                old,
                messages=old.messages + came.messages,
                kept=old.kept + came.answer.kept,
                declined=old.declined + came.answer.refused + came.answer.conflicts,
                unreadable=old.unreadable + came.answer.unreadable,
                made=old.made + came.made,
                left=old.left + left,
                last=came.at,
                came=(came, *old.came)[:SHOWN],
                refused=came if nothing else old.refused,
            )

    def sent(self, place: Place, at: datetime, messages: int) -> None:
        """Some messages were published."""
        with self._lock:
            old = self._states.get(place, State())
            self._states[place] = msgspec.structs.replace(old, messages=old.messages + messages, last=at)

    def forget(self, place: Place) -> None:
        """The source listens no longer."""
        with self._lock:
            self._states.pop(place, None)

    def _change(self, place: Place, **fields: object) -> None:
        with self._lock:
            self._states[place] = msgspec.structs.replace(self._states.get(place, State()), **fields)
