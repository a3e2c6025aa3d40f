"""When a delivery is tried again, and when it is given up: pure arithmetic."""

from datetime import datetime, timedelta
from typing import Final

FIRST: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(hours=6)
GIVEN_UP_AFTER: Final = timedelta(days=7)


def back_off(tries: int) -> timedelta:
    """How long to wait after this many tries: twice as long each time, up to six hours."""
    return min(LONGEST, FIRST * (1 << min(max(tries, 1) - 1, 20)))


def given_up(since: datetime, at: datetime) -> bool:
    """Whether a delivery that failed is left to a person: a week after it was put, or sent again by hand."""
    return at - since >= GIVEN_UP_AFTER
