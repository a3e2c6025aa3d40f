"""What becomes of what rules made of measurements that are erased: gone with them, or closed with the reason."""

from collections.abc import Collection, Iterator

import msgspec

from bocage.domain.instant import EARLIEST
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream
from bocage.relational import transaction
from bocage.steer import force
from bocage.steer.alerts import AlertState, Ending, Note, Sighting
from bocage.steer.force import Form
from bocage.steer.letters import Event
from bocage.steer.raising import Tell, tell_of
from bocage.steer.rules import hits_of, judged_now
from bocage.steer.tables import AlertNote, AlertRow, PastFigure
from bocage.store.protocol import Store


def forget(territory: str, numbers: Collection[int], before: int) -> int:
    """Erase the alerts and figures of these series whose periods were over before an instant (UTC ms), with what
    people wrote about them; how many alerts went."""
    gone, asked = 0, set(numbers)
    forms = _forms(territory)
    with transaction():
        for rule in sorted({rule for rule, _version in forms}):
            of_rule = [form for (named, _version), form in forms.items() if named == rule]
            names = {name for form in of_rule for name in _touched(form, asked)}
            kept = {"territory": territory, "rule": rule, "datastream__in": names}
            PastFigure.objects.filter(**kept, end__lte=before).delete()
            over = [row.pk for row in AlertRow.objects.filter(**kept) if _seen(row).last_end <= before]
            AlertRow.objects.filter(pk__in=over).delete()
            gone += len(over)
    return gone


class TakingBack:
    """The open alerts of some series, looked at before measurements are taken back, closed after it where they stand
    no longer."""

    def __init__(self, store: Store, territory: str, numbers: Collection[int]) -> None:
        self._store, self._territory, self._numbers = store, territory, set(numbers)
        self._stood = {row.pk for row, form in self._open() if self._stands(row, form)}

    def close(self, note: Note, tell: Tell) -> int:
        """Close those that rest on nothing the log still holds, or that it no longer bears out, with a note that says
        why; how many. Who was told of one is told that it is over."""
        found = 0
        with transaction():
            for row, form in self._open():
                if self._stands(row, form) or (row.pk not in self._stood and self._held(row, form)):
                    continue
                seen = _seen(row)
                AlertNote.objects.create(
                    alert=row, at=note.at, account=note.account, action=note.action, text=note.text
                )
                row.state, row.ended = AlertState.FALSE.value, seen.ended or seen.last_end
                row.body = msgspec.json.encode(msgspec.structs.replace(seen, ended=row.ended, ending=Ending.TAKEN_BACK))
                row.save()
                tell_of(self._territory, row.number, Event.ENDED, note.at, tell)
                found += 1
        return found

    def _open(self) -> Iterator[tuple[AlertRow, Form]]:
        forms, waiting = _forms(self._territory), (AlertState.NEW.value, AlertState.ACKNOWLEDGED.value)
        for row in AlertRow.objects.filter(territory=self._territory, raised__isnull=False, state__in=waiting):
            form = forms.get((row.rule, _seen(row).version), force.STOPPED)
            if self._numbers & {one.id for one in _streams(row, form).values()}:
                yield row, form

    def _held(self, row: AlertRow, form: Form) -> bool:
        """Whether the log holds anything of its periods; of a state, which lasts, anything before their end."""
        seen, streams = _seen(row), _streams(row, form).values()
        start = EARLIEST if any(one.nature is Nature.STATE for one in streams) else seen.first_start
        return bool(self._store.holding([one.id for one in streams], start, _end(seen)).count)

    def _stands(self, row: AlertRow, form: Form) -> bool:
        """Whether the rule would say the same of its periods, by what the log holds now."""
        seen, condition = _seen(row), form.judged(row.datastream)
        if condition is None:
            return False
        span = (seen.first_start, _end(seen))
        judged = judged_now(self._store, _streams(row, form), condition, form.zone, span)
        return any(True for name, periods in judged.items() for _hit in hits_of(name, periods, condition))


def _end(seen: Sighting) -> int:
    """The instant after its last period, which may be an instant itself."""
    return max(seen.last_end, seen.last_start + 1)


def _streams(row: AlertRow, form: Form) -> dict[str, Datastream]:
    return {slug: one for slug, one in form.streams.items() if row.datastream in ("", slug)}


def _forms(territory: str) -> dict[tuple[str, int], Form]:
    """The forms rules have had, by name and version."""
    return {(turn.place[1], turn.form.version): turn.form for turn in force.turns() if turn.place[0] == territory}


def _touched(form: Form, numbers: Collection[int]) -> list[str]:
    """The names its alerts have on these series; empty for all together."""
    slugs = [slug for slug, stream in form.streams.items() if stream.id in numbers]
    return [*slugs, ""] if slugs else []


def _seen(row: AlertRow) -> Sighting:
    return msgspec.json.decode(bytes(row.body), type=Sighting)
