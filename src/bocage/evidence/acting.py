"""The one door of orders to equipment: the gate asked, its refusals counted, the promises looked at again."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from bocage import orders, relational
from bocage.accounts.openid.matching import pinned
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.actuator import Actuator
from bocage.domain.errors import Refused
from bocage.evidence import facts
from bocage.evidence.declined import COUNTING
from bocage.evidence.examining import examine_again
from bocage.orders import Doing, Order, Wanted

Ask = Callable[[Order, TerritoryFacts, datetime], None]
"""Asks those who may approve an order that waits."""


def nobody(_order: Order, _facts: TerritoryFacts, _at: datetime) -> None:
    """Where no mail is set up."""


def prepare(territory: str, wanted: Wanted, account: str, at: datetime, ask: Ask = nobody) -> Order:
    """Write an order down for a second person, and ask them; Refused, and counted, when nobody could approve it."""
    known = facts.present(territory, at)
    with _counted(territory, wanted.actuator, at), relational.transaction():
        made = orders.prepare(known, wanted, _doing(account, at))
        ask(made, known, at)
    examine_again(territory, at)
    return made


def approve(territory: str, number: int, account: str, at: datetime) -> Order:
    """Let an order leave that somebody else prepared; Refused, and counted, otherwise."""
    held = orders.find(territory, number)
    with _counted(territory, held.actuator, at):
        given = orders.approve(facts.present(territory, at), number, _doing(account, at))
    examine_again(territory, at)
    return given


def stop(territory: str, number: int, reason: str, account: str, at: datetime) -> Order:
    """Refuse an order that waits, or send the equipment back at once."""
    stopped = orders.stop(territory, number, reason, _doing(account, at))
    examine_again(territory, at)
    return stopped


def see(territory: str, number: int, account: str, at: datetime) -> Order:
    """Somebody saw on the spot that the equipment is back."""
    seen = orders.see(territory, number, _doing(account, at))
    examine_again(territory, at)
    return seen


def examine_moved(moved: Iterable[str], at: datetime) -> None:
    """Look again at the promises where orders moved by themselves."""
    for territory in moved:
        examine_again(territory, at)


def _doing(account: str, at: datetime) -> Doing:
    return Doing(account=account, at=at, known=account in pinned())


@contextmanager
def _counted(territory: str, actuator: str, at: datetime) -> Iterator[None]:
    """What is refused within is counted as declarations are."""
    try:
        yield
    except Refused as refused:
        place = (Actuator.kind, actuator)
        COUNTING.add(territory, [(place, one) for one in refused.refusals], at)
        raise
