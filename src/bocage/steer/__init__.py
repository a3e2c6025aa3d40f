"""Indicators, rules, alerts: what follows the log, position by position."""

from bocage.steer.activity import Activity, activity_of, follow_activity, silent
from bocage.steer.arrivals import Corrected, corrections, follow_arrivals, last_arrival, odd_days
from bocage.steer.follower import Follower, Following
from bocage.steer.plausible import Plausible

__all__ = [
    "Activity",
    "Corrected",
    "Follower",
    "Following",
    "Plausible",
    "activity_of",
    "corrections",
    "follow_activity",
    "follow_arrivals",
    "last_arrival",
    "odd_days",
    "silent",
]
