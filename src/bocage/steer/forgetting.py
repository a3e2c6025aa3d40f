"""Erases what rules made of measurements that are erased: alerts, and figures of the past."""

from collections.abc import Collection

import msgspec

from bocage.relational import transaction
from bocage.steer import force
from bocage.steer.alerts import Sighting
from bocage.steer.force import Form
from bocage.steer.tables import AlertRow, PastFigure


def forget(territory: str, numbers: Collection[int], before: int) -> int:
    """Erase the alerts and figures of these series whose periods were over before an instant (UTC ms), with what
    people wrote about them; how many alerts went."""
    gone, asked = 0, set(numbers)
    forms = {(turn.place[1], turn.form.version): turn.form for turn in force.turns() if turn.place[0] == territory}
    with transaction():
        for rule in sorted({rule for rule, _version in forms}):
            of_rule = [form for (named, _version), form in forms.items() if named == rule]
            names = {name for form in of_rule for name in _touched(form, asked)}
            kept = {"territory": territory, "rule": rule, "datastream__in": names}
            PastFigure.objects.filter(**kept, end__lte=before).delete()
            over = [row.pk for row in AlertRow.objects.filter(**kept) if _last(row) <= before]
            AlertRow.objects.filter(pk__in=over).delete()
            gone += len(over)
    return gone


def _touched(form: Form, numbers: Collection[int]) -> list[str]:
    """The names its alerts have on these series; empty for all together."""
    slugs = [slug for slug, stream in form.streams.items() if stream.id in numbers]
    return [*slugs, ""] if slugs else []


def _last(row: AlertRow) -> int:
    return msgspec.json.decode(bytes(row.body), type=Sighting).last_end
