"""What becomes of what rules made of measurements that are erased: gone with them, or closed with the reason."""

from collections.abc import Collection, Iterator

import msgspec

from bocage.domain.nature import Nature
from bocage.relational import transaction
from bocage.steer import force
from bocage.steer.alerts import AlertState, Ending, Note, Sighting
from bocage.steer.force import Form
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


def take_back(store: Store, territory: str, numbers: Collection[int], note: Note) -> int:
    """Close the open alerts of these series that rest on nothing the log still holds, with a note that says why; how
    many. Those of states are left: a state lasts beyond where it was told."""
    found = 0
    with transaction():
        for row, seen in _unfounded(store, territory, set(numbers)):
            AlertNote.objects.create(alert=row, at=note.at, account=note.account, action=note.action, text=note.text)
            row.state, row.ended = AlertState.FALSE.value, seen.ended or seen.last_end
            row.body = msgspec.json.encode(msgspec.structs.replace(seen, ended=row.ended, ending=Ending.TAKEN_BACK))
            row.save()
            found += 1
    return found


def _unfounded(store: Store, territory: str, asked: set[int]) -> Iterator[tuple[AlertRow, Sighting]]:
    forms, waiting = _forms(territory), (AlertState.NEW.value, AlertState.ACKNOWLEDGED.value)
    for row in AlertRow.objects.filter(territory=territory, raised__isnull=False, state__in=waiting):
        seen = _seen(row)
        form = forms.get((row.rule, seen.version), force.STOPPED)
        streams = [one for slug, one in form.streams.items() if row.datastream in ("", slug)]
        numbers = [one.id for one in streams]
        lasts = any(one.nature is Nature.STATE for one in streams)
        if lasts or not asked & set(numbers) or store.holding(numbers, seen.first_start, seen.last_end).count:
            continue
        yield row, seen


def _forms(territory: str) -> dict[tuple[str, int], Form]:
    """The forms rules have had, by name and version."""
    return {(turn.place[1], turn.form.version): turn.form for turn in force.turns() if turn.place[0] == territory}


def _touched(form: Form, numbers: Collection[int]) -> list[str]:
    """The names its alerts have on these series; empty for all together."""
    slugs = [slug for slug, stream in form.streams.items() if stream.id in numbers]
    return [*slugs, ""] if slugs else []


def _seen(row: AlertRow) -> Sighting:
    return msgspec.json.decode(bytes(row.body), type=Sighting)
