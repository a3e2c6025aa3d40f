"""Judges the periods of watches as of their positions, and keeps what follows: courses, figures, alerts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np

from bocage.domain.instant import DAY
from bocage.domain.measure import Measure
from bocage.domain.observation import Columns
from bocage.steer import keeping
from bocage.steer.alerts import Ending
from bocage.steer.front import first_of
from bocage.steer.judging import Course, Judged, Step, advance, earlier, judge
from bocage.steer.letters import Event
from bocage.steer.measuring import Figure
from bocage.steer.periods import Stretches
from bocage.steer.raising import Tell, identity, keep, sighting, taken_back, tell_of
from bocage.steer.reading import Look, look_back, looked
from bocage.steer.seeing import Seen
from bocage.steer.watching import Walk, Watch, candidates, chosen, positions
from bocage.store import rollups
from bocage.store.protocol import Store

Span = tuple[int, int]
LONGEST_VALUE = 32 * DAY  # an amount that began earlier is not looked for when a rule begins


def needed_from(watch: Watch) -> int:
    """Figures that begin before this are needed by no usual value any more."""
    return watch.course.until - (watch.weeks * 7 + 9) * DAY


def _runs(watch: Watch) -> bool:
    """Whether an alert runs on this watch, and stands."""
    return watch.course.raised is not None and not taken_back(identity(watch, watch.course))


class Bench:
    """One step of judging: what was touched is kept at its end, in the transaction of the follower."""

    def __init__(self, store: Store, tell: Tell, clock: Callable[[], datetime]) -> None:
        self._store, self._tell, self._clock = store, tell, clock
        self._touched: dict[int, Watch] = {}
        self._figures: list[tuple[Watch, Figure]] = []

    def periods(self, walks: Sequence[tuple[Watch, Walk]], newest: Mapping[int, int]) -> None:
        """Judge every period that can be judged somewhere on these walks. `newest`: of each series, after them."""
        firsts = self.firsts(number for watch, _walk in walks for number in watch.numbers)
        asked = [
            (watch, walk, parts)
            for watch, walk in walks
            if len(parts := candidates(watch, walk, first_of(watch, firsts)))
        ]
        if not asked:
            return
        look = looked(self._store, [(watch, parts) for watch, _walk, parts in asked], newest)
        judging: dict[tuple[Measure, str, int, bytes], list[tuple[Watch, Stretches]]] = {}
        shared: dict[tuple[int, bytes], Stretches] = {}
        for watch, walk, parts in asked:
            at = np.maximum.accumulate(positions(watch, walk, parts, look.versions(watch)))
            for position in np.unique(at[at <= walk.end]).tolist():
                which = np.flatnonzero(at == position)
                named = (id(parts), which.tobytes())
                part = shared[named] = shared.get(named) or chosen(parts, which)
                key = (watch.shape, watch.form.zone, position, part.begin.tobytes())
                judging.setdefault(key, []).append((watch, part))
        for (_shape, _zone, position, _begins), pairs in sorted(judging.items(), key=lambda one: one[0][2]):
            self._together([watch for watch, _part in pairs], pairs[0][1], position, look)

    def _together(self, watches: Sequence[Watch], parts: Stretches, position: int, look: Look) -> None:
        """Judge the same periods of several watches as of one position."""
        begins, ends = (edges.tolist() for edges in parts.bounds)
        for watch, figures in zip(watches, look.figures(watches, parts, position), strict=True):
            for span in zip(begins, ends, strict=True):
                self._judge(watch, span, figures.get(span[0]), position)

    def values(self, watch: Watch, rows: Columns) -> None:
        """Judge every value that ends later than those before it; rows in the order they are judged in."""
        number = rollups.numbers_of(rows)
        before = np.maximum.accumulate(np.concatenate(([watch.course.until], rows.end)))[:-1]
        for at in np.flatnonzero((rows.end > before) & ~np.isnan(number)).tolist():
            span = (int(rows.start[at]), int(rows.end[at]))
            figure = Figure(start=span[0], end=span[1], value=float(number[at]), count=1, expected=1)
            self._judge(watch, span, figure, int(rows.position[at]))

    def values_so_far(self, watch: Watch, position: int, newest: int) -> None:
        """Judge the values that were there when the rule began."""
        seen = Seen(store=self._store, until=position)
        self.values(watch, seen.rows(watch.numbers, watch.course.until - LONGEST_VALUE, newest + 1))

    def firsts(self, numbers: Iterable[int]) -> dict[int, int]:
        """The start of the first observation of each series that holds one."""
        return {one.datastream: one.first for one in self._store.extent(sorted(set(numbers)))}

    def end(self, watch: Watch, ending: Ending) -> None:
        """End the alert that runs on a watch, if any, for another reason than its figures."""
        if _runs(watch):
            self._alert(watch, watch.course, Event.ENDED, (watch.course.until, ending))

    def keep(self) -> None:
        """Write what this step did."""
        keeping.keep_figures((watch, one) for watch, one in self._figures if one.start >= needed_from(watch))
        keeping.keep_courses(self._touched.values())
        for watch in self._touched.values():
            self._prune(watch)

    def touch(self, watch: Watch) -> None:
        """Write the course of this watch at the end of the step."""
        self._touched[id(watch)] = watch

    def _judge(self, watch: Watch, span: Span, figure: Figure | None, position: int) -> None:
        past: list[Figure | None] = []
        if watch.weeks:
            starts = earlier(span[0], watch.form.zone, watch.weeks)
            self._know(watch, look_back(self._store, watch, starts, position).values())
            past = [watch.past.get(start) for start in starts]
        judged = judge(watch.condition, span, figure, past)
        if watch.weeks and figure is not None:
            self._know(watch, [figure])
        self._follow(watch, judged)

    def _know(self, watch: Watch, figures: Iterable[Figure]) -> None:
        for figure in figures:
            if figure.start not in watch.past:
                watch.past[figure.start] = figure
                self._figures.append((watch, figure))

    def _follow(self, watch: Watch, judged: Judged) -> None:
        if watch.course.raised is not None and not _runs(watch):
            watch.course = Course(until=watch.course.until)
        before = watch.course
        watch.course, step = advance(before, judged, watch.condition)
        self.touch(watch)
        if step is Step.ENDED:
            self._alert(watch, before, Event.ENDED, (judged.end, Ending.NORMAL))
        elif step in (Step.RAISED, Step.EXTENDED):
            self._alert(watch, watch.course, Event.RAISED if step is Step.RAISED else None, (None, None))

    def _alert(
        self, watch: Watch, course: Course, event: Event | None, ended: tuple[int, Ending] | tuple[None, None]
    ) -> None:
        number = keep(identity(watch, course), sighting(watch, course, *ended))
        if event is not None:
            tell_of(watch.place[0], number, event, self._clock(), self._tell)

    def _prune(self, watch: Watch) -> None:
        """Now and then, drop the figures that no usual value can need any more."""
        oldest = needed_from(watch)
        if watch.past and min(watch.past) < oldest - 14 * DAY:
            for start in [start for start in watch.past if start < oldest]:
                del watch.past[start]
            keeping.forget_figures(watch, oldest)
