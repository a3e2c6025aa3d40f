"""Who is written to about alerts and orders: those whose service it is, unless they said that they want no mail."""

from collections.abc import Callable, Collection
from datetime import datetime

import msgspec

from bocage.accounts.grants import grants_of
from bocage.accounts.rights import Actor, Right, reach
from bocage.accounts.tables import Account, MailWish


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Whether mails about alerts and orders are wanted, and in which language."""

    mails: bool = True
    lang: str = "fr"


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """A person a mail goes to."""

    account: str
    name: str
    email: str
    lang: str


def wish(account: str, territory: str) -> Wish:
    """What a person wishes in a territory."""
    row = MailWish.objects.filter(account=account, territory=territory).first()
    return Wish(mails=row.mails, lang=row.lang) if row else Wish()


def choose(account: str, territory: str, wish: Wish) -> None:
    """Keep what a person wishes; nobody else can say it for them."""
    wished = {"mails": wish.mails, "lang": wish.lang}
    MailWish.objects.update_or_create(account_id=account, territory=territory, defaults=wished)


def readers(territory: str, services: Collection[str], at: datetime) -> list[Reader]:
    """Those who may handle alerts of one of these services and want mails, by address. Closed accounts get none."""
    return _wishing(territory, lambda held: _handles(held, territory, services), at)


def approvers(territory: str, service: str, at: datetime) -> list[Reader]:
    """Those who may approve orders to equipment of this service and want mails, by address."""

    def approves(held: Actor) -> bool:
        return reach(held, Right.APPROVE_ORDERS, territory).covers(service=service)

    return _wishing(territory, approves, at)


def _wishing(territory: str, concerned: Callable[[Actor], bool], at: datetime) -> list[Reader]:
    found = []
    wishes = {
        row.account_id: Wish(mails=row.mails, lang=row.lang) for row in MailWish.objects.filter(territory=territory)
    }
    for row in Account.objects.filter(is_active=True).order_by("email"):
        held = Actor(account=row.id, grants=grants_of(row.email, at))
        wished = wishes.get(row.id, Wish())
        if wished.mails and concerned(held):
            found.append(Reader(account=row.id, name=row.name, email=row.email, lang=wished.lang))
    return found


def _handles(actor: Actor, territory: str, services: Collection[str]) -> bool:
    far = reach(actor, Right.HANDLE_ALERTS, territory)
    return any(grant.covers(None, service, None) for grant in far.grants for service in services)
