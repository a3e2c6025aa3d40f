""" "Not now": what a person puts off until a day. It is theirs alone: others still see it, and so do the promises."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bocage.domain.errors import Invalid
from bocage.domain.text import message as _
from bocage.evidence.facts import today
from bocage.evidence.tables import PutOff

LONGEST = timedelta(days=366)


def put_off(territory: str, account: str, key: str, until: date, at: datetime) -> None:
    """Show it to this person again on that day; Invalid for a day that is past, or more than a year away."""
    day = today(territory, at)
    if not day < until <= day + LONGEST:
        raise Invalid(_("a day to come, within a year"), until.isoformat(), field="until")
    kept = {"until": until, "at": at}
    PutOff.objects.update_or_create(territory=territory, account=account, key=key, defaults=kept)


def take_up(territory: str, account: str, key: str) -> None:
    """Show it again at once."""
    PutOff.objects.filter(territory=territory, account=account, key=key).delete()


def waiting(territory: str, account: str, day: date) -> Mapping[str, date]:
    """What this person put off, by key, and until when, as it stands on that day."""
    rows = PutOff.objects.filter(territory=territory, account=account, until__gt=day)
    return {row.key: row.until for row in rows}
