"""What residents ask of the territory: the requests of persons about their data."""

from bocage.civic.answering import Answered, Doing, Entered, answer, enter, extend, reopen
from bocage.civic.forgetting import KEPT_MONTHS, again, forget, forget_old
from bocage.civic.requests import Channel, Identity, Outcome, RightsRequest, find, listed, naming, states

__all__ = [
    "KEPT_MONTHS",
    "Answered",
    "Channel",
    "Doing",
    "Entered",
    "Identity",
    "Outcome",
    "RightsRequest",
    "again",
    "answer",
    "enter",
    "extend",
    "find",
    "forget",
    "forget_old",
    "listed",
    "naming",
    "reopen",
    "states",
]
