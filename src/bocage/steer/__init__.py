"""Indicators, rules, alerts: what follows the log, position by position."""

from bocage.steer.activity import Activity, DayTotal, activity_of, days_of, follow_activity, silent
from bocage.steer.arrivals import Corrected, corrections, follow_arrivals, last_arrival, odd_days
from bocage.steer.follower import Follower, Following
from bocage.steer.plausible import Plausible

__all__ = [
    "Activity",
    "Corrected",
    "DayTotal",
    "Follower",
    "Following",
    "Plausible",
    "activity_of",
    "corrections",
    "days_of",
    "follow_activity",
    "follow_arrivals",
    "last_arrival",
    "odd_days",
    "silent",
]
