"""Tries that are counted: of signing in, of asking for a new link. Too many wait."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bocage.accounts import throttle
from bocage.accounts.tables import Attempt


def subject(kind: str, name: str) -> str:
    """What a try is counted under."""
    # A digest is shorter, and does not spell out the addresses people mistype; it does not make them anonymous.
    return hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()


def count(subjects: Mapping[str, throttle.Pace], at: datetime) -> timedelta:
    """Count a try, in the caller's transaction; how long to wait when it comes too soon, and then it is not counted."""
    rows = {row.subject: row for row in Attempt.objects.filter(subject__in=subjects)}
    waits = [throttle.wait(subjects[name], row.failures, row.last, at) for name, row in rows.items()]
    longest = max(waits, default=timedelta(0))
    if longest:
        return longest
    for name in subjects:
        row = rows.get(name) or Attempt(subject=name, failures=0, last=at)
        row.failures = throttle.remembered(row.failures, row.last, at) + 1
        row.last = at
        row.save()
    return longest


def clear(subjects: Iterable[str]) -> None:
    """Tries that led in no longer count."""
    Attempt.objects.filter(subject__in=list(subjects)).delete()


def forget(at: datetime) -> int:
    """Erase tries that no longer count: they speak of addresses of persons."""
    return Attempt.objects.filter(last__lte=at - throttle.FORGOTTEN_AFTER).delete()[0]
