"""Indicators, rules, alerts: what follows the log, position by position."""

from bocage.steer.activity import Activity, activity_of, follow_activity, silent
from bocage.steer.follower import Follower, Following

__all__ = ["Activity", "Follower", "Following", "activity_of", "follow_activity", "silent"]
