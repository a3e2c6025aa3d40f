"""Writes what rules see into the table of alerts, in the transaction of whoever judges."""

import msgspec

from bocage.steer.alerts import AlertState, Sighting
from bocage.steer.tables import AlertRow


class Identity(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """What an alert is known by, whenever the log is judged again: rule, series, start of its first period."""

    territory: str
    rule: str
    datastream: str
    first: int


def keep(identity: Identity, sighting: Sighting) -> int:
    """Raise an alert, or say how it goes on; its number. What people made of it stays."""
    known = msgspec.structs.asdict(identity)
    row = AlertRow.objects.filter(**known).first()
    if row is None:
        row = AlertRow(**known, number=_following(identity.territory), state=AlertState.NEW.value)
    row.services = "".join(f"|{slug}" for slug in dict.fromkeys((sighting.service, *sighting.tells))) + "|"
    row.raised, row.ended = sighting.raised, sighting.ended
    row.body = msgspec.json.encode(sighting)
    row.save()
    return int(row.number)


def found(identity: Identity) -> Sighting | None:
    """What an alert says now, None when it is not raised."""
    row = AlertRow.objects.filter(**msgspec.structs.asdict(identity), raised__isnull=False).first()
    return msgspec.json.decode(bytes(row.body), type=Sighting) if row else None


def _following(territory: str) -> int:
    last = AlertRow.objects.filter(territory=territory).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1
