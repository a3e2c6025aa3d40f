"""The follower of rules: judges what the log brings by the rules in force, position by position.

Live, late, after a crash or from the beginning again, in whatever runs of commits: the alerts are the same, because
what a period is judged by is the log up to one position and the form of the rule from another.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import numpy as np

from bocage.domain.instant import LATEST
from bocage.domain.measure import Period
from bocage.domain.observation import Columns
from bocage.relational import after_commit
from bocage.steer import force, keeping
from bocage.steer.alerts import Ending
from bocage.steer.evaluating import Bench
from bocage.steer.follower import Follower, position_of
from bocage.steer.force import STOPPED, Form, Place, Turn
from bocage.steer.front import Front
from bocage.steer.judging import Course
from bocage.steer.raising import Tell
from bocage.steer.seeing import Seen
from bocage.steer.watching import NEVER, Watch, standing, walked
from bocage.store import columns
from bocage.store.protocol import Store

LOST = -1


class Rules:
    """What the follower remembers between two steps; made again from the tables when a step was lost."""

    def __init__(self, store: Store, tell: Tell, clock: Callable[[], datetime]) -> None:
        self._store, self._tell, self._clock = store, tell, clock
        self._reached = LOST
        self._stamp: tuple[tuple[str, int, int], ...] | None = None
        self._changes: list[tuple[Place, Form]] = []
        self._turns: list[Turn] = []
        self._applied = 0
        self._forms: dict[Place, Form] = {}
        self._watches: dict[Place, list[Watch]] = {}
        self._newest: dict[int, int] = {}
        self._here = 0  # the position the newest starts are of
        self._front: Front | None = None

    @property
    def follower(self) -> Follower:
        """As `Following` takes it."""
        return Follower(name=keeping.NAME, effect=self._effect, idle=self._idle, due=self._due)

    def _idle(self) -> bool:
        """Whether no rule is in force: then nothing is read."""
        self._remember(position_of(keeping.NAME))
        self._look()
        return not (self._watches or self._waiting() or self._changes)

    def _due(self) -> bool:
        """Whether a rule was written, changed or stopped."""
        return bool(self._waiting() or self._changes)

    def _waiting(self) -> list[Turn]:
        return [turn for turn in self._turns if turn.id > self._applied]

    def _remember(self, at: int) -> None:
        """Stand at this position, by the tables when memory stands elsewhere."""
        nothing = self._reached != LOST and not (self._watches or self._waiting()) and at >= self._reached
        if self._reached == at:
            return
        if nothing:
            self._newest, self._reached = {}, at
            return
        self._turns, self._applied = force.turns(), keeping.applied()
        self._forms = {turn.place: turn.form for turn in self._turns}
        held = {turn.place: turn.form for turn in self._turns if turn.id <= self._applied}
        courses, past = keeping.courses(), keeping.past()
        self._watches = {}
        for place, form in held.items():
            if not form.version:
                continue
            known = [(name, courses[place, name]) for name in form.names if (place, name) in courses]
            self._watches[place] = [
                Watch(place=place, name=name, form=form, course=course, past=past.get((place, name), {}))
                for name, course in known
            ]
        self._newest, self._front, self._stamp, self._reached = {}, None, None, at

    def _look(self) -> None:
        """See which rules are no longer in the form they were written down in."""
        stamp = force.stamp()
        if stamp == self._stamp:
            return
        present: dict[Place, Form] = {}
        for territory, _registers, _sensing in stamp:
            present |= force.in_force(territory)
        gone = [(place, STOPPED) for place, form in self._forms.items() if form.version and place not in present]
        changed = [(place, form) for place, form in present.items() if self._forms.get(place) != form]
        self._changes, self._stamp = sorted([*gone, *changed], key=lambda pair: pair[0]), stamp

    def _effect(self, rows: Columns) -> None:
        at = position_of(keeping.NAME)
        self._remember(at)
        self._look()
        self._reached, self._here = LOST, at  # until the transaction is durable
        self._write_down(at)
        end = int(rows.position[-1]) if len(rows) else at
        for turn in self._waiting():
            if turn.position > end:
                break
            self._walk(columns.picked(rows, np.flatnonzero(rows.position <= turn.position)))
            rows = columns.picked(rows, np.flatnonzero(rows.position > turn.position))
            self._apply(turn)
        self._walk(rows)
        after_commit(lambda: self._settle(end))

    def _settle(self, position: int) -> None:
        self._reached = position

    def _write_down(self, at: int) -> None:
        """Turns never go back before those that stand, even while the log is judged again."""
        position = max(at, self._turns[-1].position if self._turns else 0)
        for place, form in self._changes:
            self._turns.append(force.record(place, form, position))
            self._forms[place] = form
        self._changes = []

    def _apply(self, turn: Turn) -> None:
        """The rule has this form from here on: what it judges otherwise, or no more, ends; a new rule looks back."""
        self._applied = turn.id
        keeping.keep_applied(turn.id)
        bench = Bench(self._store, self._tell, self._clock)
        former = {watch.name: watch for watch in self._watches.pop(turn.place, [])}
        running = {name: watch for name, watch in former.items() if watch.goes_on(turn.form)}
        ended = [watch for name, watch in former.items() if name not in running]
        for watch in ended:
            bench.end(watch, Ending.CHANGED if turn.form.version else Ending.STOPPED)
        keeping.forget(ended)
        if self._front is not None:
            self._newest = self._front.known()
        self._here, self._front = turn.position, None
        for number in {number for watch in former.values() for number in watch.numbers}:
            self._newest.pop(number, None)  # nobody may watch it from here on, and what nobody watches is not followed
        if turn.form.version:
            self._begin(turn, former, running, bench)
        bench.keep()

    def _begin(self, turn: Turn, former: dict[str, Watch], running: dict[str, Watch], bench: Bench) -> None:
        first_ever = next(one for one in self._turns if one.place == turn.place).id == turn.id
        begun = []
        for name in turn.form.names:
            watch = Watch(place=turn.place, name=name, form=turn.form, course=Course(until=turn.form.since))
            begun.append(watch)
            self._learn(watch.numbers)
            if name in running:
                watch.course, watch.past = running[name].course, running[name].past
            elif not first_ever:
                come = max(self._newest[one] for one in watch.numbers)
                since = former[name].course.until if name in former else come
                watch.course = Course(until=max(turn.form.since, since))
            bench.touch(watch)
        self._watches[turn.place] = begun
        self._look_back(begun, turn.position, bench)

    def _look_back(self, begun: Sequence[Watch], position: int, bench: Bench) -> None:
        known = [watch for watch in begun if max(self._newest[one] for one in watch.numbers) > NEVER]
        for watch in known:
            if watch.condition.measure.period is Period.VALUE:
                bench.values_so_far(watch, position, self._newest[watch.numbers[0]])
        whole = [watch for watch in known if watch.condition.measure.period is not Period.VALUE]
        bench.periods(
            [(watch, standing(position, [self._newest[one] for one in watch.numbers])) for watch in whole],
            self._newest,
        )

    def _learn(self, numbers: Sequence[int]) -> None:
        """The newest start of these series, as of where this stands."""
        unknown = sorted(set(numbers) - self._newest.keys())
        if not unknown:
            return
        self._newest.update(dict.fromkeys(unknown, NEVER))
        if not self._here:
            return
        last = self._store.latest(unknown)
        seen = Seen(store=self._store, until=self._here)
        told = zip(last.datastream.tolist(), last.start.tolist(), last.position.tolist(), strict=True)
        for number, start, position in told:
            rows = columns.empty() if position <= self._here else seen.previous(number, LATEST)
            self._newest[number] = start if position <= self._here else int(rows.start[0]) if len(rows) else NEVER

    def _arranged(self) -> Front:
        if self._front is None:
            watches = [watch for each in self._watches.values() for watch in each]
            numbers = sorted({number for watch in watches for number in watch.numbers})
            self._learn(numbers)
            firsts = {one.datastream: one.first for one in self._store.extent(numbers)}
            self._front = Front(watches, self._newest, firsts)
        return self._front

    def _walk(self, rows: Columns) -> None:
        """Judge what these commits bring."""
        if not len(rows) or not self._watches:
            return
        front = self._arranged()
        rows = front.of(rows)
        before, due = front.advance(rows)
        if due:
            self._judge(front, rows, dict(zip(front.numbers.tolist(), before.tolist(), strict=True)), due)

    def _judge(self, front: Front, rows: Columns, before: Mapping[int, int], due: Sequence[Watch]) -> None:
        bench, walks = Bench(self._store, self._tell, self._clock), []
        rows = columns.picked(rows, np.lexsort((rows.end, rows.start, rows.position, rows.datastream)))
        for watch in due:
            own = _rows_of(rows, watch.numbers)
            if watch.condition.measure.period is Period.VALUE:
                bench.values(watch, own)
            else:
                walks.append((watch, walked(own, watch.numbers, before)))
        bench.periods(walks, front.known())
        bench.keep()
        touched = sorted({number for watch in due for number in watch.numbers})
        front.look(touched, bench.firsts(touched))


def _rows_of(rows: Columns, numbers: Sequence[int]) -> Columns:
    """The rows of some series in order of position; rows sorted by series."""
    edges = [np.searchsorted(rows.datastream, [number, number + 1]).tolist() for number in numbers]
    own = columns.joined([columns.picked(rows, slice(low, high)) for low, high in edges])
    return own if len(edges) == 1 else columns.picked(own, np.lexsort((own.end, own.start, own.position)))
