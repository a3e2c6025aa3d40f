"""Orders to equipment: prepared by one person, approved by another, and always taken back."""

from bocage.orders.giving import Doing, Wanted, approve, prepare, see, stop
from bocage.orders.order import Action, Order, State, Step, Why, done_by, find, given, listed, of, states, waiting
from bocage.orders.sending import ACT, BACK, KIND, Carrying
from bocage.orders.turning import Turning

__all__ = [
    "ACT",
    "BACK",
    "KIND",
    "Action",
    "Carrying",
    "Doing",
    "Order",
    "State",
    "Step",
    "Turning",
    "Wanted",
    "Why",
    "approve",
    "done_by",
    "find",
    "given",
    "listed",
    "of",
    "prepare",
    "see",
    "states",
    "stop",
    "waiting",
]
