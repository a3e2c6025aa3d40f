"""Files handed over to be brought in: begin, look, choose, do, go on, take back, tidy; what pages call."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bocage.accounts import Actor
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.errors import Missing, Unavailable
from bocage.domain.text import message as _
from bocage.imports import bundle, deliveries, doing, loading, record, undoing
from bocage.imports.doing import Consent
from bocage.imports.forms import MEASUREMENTS, form_of
from bocage.imports.plan import Given, Plan
from bocage.imports.record import Import, State, Told
from bocage.imports.undoing import By, Undo
from bocage.imports.waiting import Waiting, noted
from bocage.ingest.reception import Reception
from bocage.jobs import Said, said
from bocage.steer.raising import Tell

LOOKED_AT = timedelta(hours=24)  # how long files wait for somebody to agree
UNFINISHED = timedelta(days=3)  # how long they wait for the rest to be declared


class Imports:
    """Everything imports need of the running instance: its data folder, and the door of measurements."""

    def __init__(self, data: Path, reception: Reception, tell: Tell = lambda alert, event, at: None) -> None:
        """`tell`: of the alerts that end because their measurements are taken back."""
        self._waiting = Waiting(data / "imports")
        self._reception, self._tell = reception, tell

    def begin(
        self, territory: str, form: str, files: Sequence[tuple[str, bytes]], by: tuple[Actor, datetime]
    ) -> Import:
        """Note an import and let its files wait; nothing else is written. Invalid for files that cannot be taken."""
        actor, at = by
        form_of(form)
        opened = bundle.opened(files)
        one = record.begin(territory, form, Told(files=noted(opened), account=actor.account), at)
        self._waiting.keep(one, opened)
        return one

    def given(self, one: Import, facts: TerritoryFacts) -> Given | None:
        """What was handed over; None when its files wait no more."""
        files = self._waiting.files(one)
        return Given(files=files, facts=facts, choices=one.told.choices) if files else None

    def plan(self, one: Import, given: Given) -> Plan:
        """What doing it, or going on with it, would do now. PayloadError when the files are not of the form."""
        read = form_of(one.form).read
        return read(given) if read else deliveries.read(given, self._reception.plugins)

    def choose(self, one: Import, choices: Mapping[str, str]) -> Import:
        """Keep what the person chose."""
        return record.choose(one, choices, choices.get("source", "") if one.form == MEASUREMENTS else "")

    def do(self, one: Import, given: Given, plan: Plan, consent: Consent) -> Import:
        """Do it, or go on with it: declarations all or none, then measurements through the gate.

        Files wait on for some days when rows are to be mended or measurements were refused; else they are removed.
        """
        if one.form != MEASUREMENTS:
            done = doing.declare(one, plan, consent)
        else:
            source = deliveries.source_of(given, self._reception.plugins).slug
            chosen = record.choose(one, {**one.told.choices, "source": source}, source)
            done = loading.load(self._reception, doing.declare(chosen, plan, consent, State.DOING), given.files)
        counts = done.told.counts
        if not any(counts.get(name) for name in ("wrong", "refused", "conflicts")):
            self._waiting.remove(done)
        return done

    def drop(self, one: Import) -> None:
        """Forget an import that was only looked at, or the files that an unfinished one still has."""
        self._waiting.remove(one)
        record.drop(one)

    def prospect(self, one: Import, at: datetime) -> Undo:
        """What taking it back would do."""
        return undoing.prospect(self._reception.store, one, at)

    def undo(self, one: Import, actor: Actor, at: datetime) -> Import:
        """Take it back, whole; Refused when a gate refuses, and then nothing is touched."""
        if one.state not in (State.DONE, State.STOPPED):
            raise Unavailable(_("an import that was done"), one.names)
        undone = undoing.undo(self._reception.store, one, By(actor, at, self._tell))
        self._waiting.remove(one)
        return undone

    def tidy(self, at: datetime) -> tuple[Said, ...]:
        """Remove files that waited long enough, and what was only looked at; what the hourly job says of itself."""
        for one in record.older(State.PREVIEWED, at - LOOKED_AT):
            self.drop(one)
        old = self._waiting.left((at - UNFINISHED).timestamp())
        removed = 0
        for territory, number in old:
            try:
                removed += self._waiting.remove(record.find(territory, number))
            except Missing:
                removed += self._waiting.clear(territory, number)
        return said(_("Files of imports removed: %(count)s."), count=removed) if removed else ()
