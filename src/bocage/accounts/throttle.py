"""How long a sign-in must wait after failures: pure arithmetic of counts and instants."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

FORGOTTEN_AFTER: Final = timedelta(days=1)


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """`free` failures cost nothing; each one more doubles the wait, from one second up to `longest`."""

    free: int
    longest: timedelta


# One minute at most for an account, so that a stranger cannot keep its owner out; an address may stand for a whole
# town hall, so it has more tries and then waits longer.
ACCOUNT: Final = Pace(free=5, longest=timedelta(minutes=1))
ADDRESS: Final = Pace(free=20, longest=timedelta(minutes=15))


def remembered(failures: int, last: datetime, at: datetime) -> int:
    """The failures that still count."""
    return failures if at - last < FORGOTTEN_AFTER else 0


def wait(pace: Pace, failures: int, last: datetime, at: datetime) -> timedelta:
    """How long until the next try is looked at; zero when it may be now."""
    over = remembered(failures, last, at) - pace.free
    if over < 0:
        return timedelta(0)
    delay = min(pace.longest, timedelta(seconds=2 ** min(over, 20)))
    return max(timedelta(0), last + delay - at)
