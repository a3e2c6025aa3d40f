"""What residents ask of the territory: the requests of persons about their data."""

from bocage.civic.answering import Answered, Doing, Entered, answer, enter, extend, reopen
from bocage.civic.forgetting import KEPT_MONTHS, again, forget, forget_old
from bocage.civic.requests import Channel, Identity, Outcome, RightsRequest, find, listed, naming, states
from bocage.civic.restricting import WORD, lift, restrict, restricted_again
from bocage.civic.restrictions import Restriction, restrictions, restricts, running, withheld

__all__ = [
    "KEPT_MONTHS",
    "WORD",
    "Answered",
    "Channel",
    "Doing",
    "Entered",
    "Identity",
    "Outcome",
    "Restriction",
    "RightsRequest",
    "again",
    "answer",
    "enter",
    "extend",
    "find",
    "forget",
    "forget_old",
    "lift",
    "listed",
    "naming",
    "reopen",
    "restrict",
    "restricted_again",
    "restrictions",
    "restricts",
    "running",
    "states",
    "withheld",
]
