"""People who may sign in: invited by a one-time link, known by a password, closed rather than deleted."""

import hashlib
import secrets
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from bocage import relational
from bocage.accounts import attempts, throttle
from bocage.accounts.grants import territories
from bocage.accounts.tables import Account, OneTimeLink, Session, fold
from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.domain.text import message as _

LEAST_LENGTH: Final = 12
LEAST_DIFFERENT: Final = 5
LINK_LASTS: Final = timedelta(days=3)
Draw = Callable[[int], bytes]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An account as pages show it. `territories`: where it was invited or holds a role."""

    account: str
    name: str
    email: str
    administrator: bool
    active: bool
    made_at: datetime
    last_sign_in: datetime | None
    territories: frozenset[str]
    has_password: bool


class Denied(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that was not accepted. It never tells whether the address is known; `wait` says when to try again."""

    wait: timedelta = timedelta(0)


def create(
    email: str,
    name: str,
    at: datetime,
    *,
    territory: str = "",
    draw: Draw = secrets.token_bytes,
) -> Person:
    """Open an account without a password; its one-time link lets the person choose one."""
    address = fold(email)
    local, found, domain = address.partition("@")
    if not (local and found and domain) or any(character.isspace() for character in address):
        raise Invalid(_("an e-mail address"), email)
    if not name.strip():
        raise Invalid(_("the name of the person"))
    with relational.transaction():
        if Account.objects.named(address):
            raise Conflict(_("an address that has no account yet"), address)
        row = Account(
            id="p" + b32encode(draw(10)).decode().lower(),
            email=address,
            name=name.strip(),
            territory=territory,
            made_at=at,
        )
        row.set_unusable_password()
        row.save(force_insert=True)
    return _person(row, territories(row.email))


def make_administrator(account: str) -> None:
    """Let an account administer the whole instance: accounts and settings, no measurement by itself."""
    if not Account.objects.filter(id=account).update(administrator=True):
        raise Missing(_("an account"), account)


def one_time_link(
    account: str, at: datetime, *, lasts: timedelta = LINK_LASTS, draw: Draw = secrets.token_bytes
) -> str:
    """A secret that lets this person choose a password once; a new one makes the former useless."""
    secret = urlsafe_b64encode(draw(32)).decode().rstrip("=")
    with relational.transaction():
        row = _row(account)
        OneTimeLink.objects.filter(account=row).delete()
        OneTimeLink.objects.create(digest=_digest(secret), account=row, expires=at + lasts)
    return secret


def invited(secret: str, at: datetime) -> Person:
    """Whom a one-time link is for; Missing when it is unknown, used or too old."""
    row = _link(secret, at).account
    return _person(row, territories(row.email))


def redeem(secret: str, password: str, at: datetime) -> Person:
    """Choose the password with a one-time link; the link is used up and other sessions end."""
    row = _link(secret, at).account
    _check_password(password, row)
    # Hashed before the transaction: it takes tens of milliseconds, and one transaction writes at a time.
    row.set_password(password)
    with relational.transaction():
        if not OneTimeLink.objects.filter(digest=_digest(secret), used_at=None).update(used_at=at):
            raise Missing(_("a link that was not used"))
        row.save(update_fields=["password"])
        Session.objects.filter(account=row.id).delete()
    return _person(row, territories(row.email))


def change_password(account: str, former: str, password: str) -> None:
    """Choose another password, knowing the former one; every session of the account ends."""
    row = _row(account)
    if not row.check_password(former):
        raise Invalid(_("the present password"))
    _check_password(password, row)
    row.set_password(password)
    with relational.transaction():
        row.save(update_fields=["password"])
        Session.objects.filter(account=row.id).delete()


def authenticate(email: str, password: str, *, address: str, at: datetime) -> Person | Denied:
    """Sign in. A try is counted before it is looked at, so that many at once do not pass together."""
    subjects = {
        attempts.subject("account", fold(email)): throttle.ACCOUNT,
        attempts.subject("address", address): throttle.ADDRESS,
    }
    with relational.transaction():
        held_back = attempts.count(subjects, at)
    if held_back:
        return Denied(wait=held_back)
    row = Account.objects.named(email)
    if row is None:
        Account().set_password(password)  # as slow as a real try: the time tells nothing about who has an account
        return Denied()
    if not row.check_password(password) or not row.is_active:
        return Denied()
    with relational.transaction():
        attempts.clear(subjects)
    return _person(row, territories(row.email))


def deactivate(account: str) -> None:
    """Close an account: no sign-in, no session, no link. Its pseudonym stays in what it signed."""
    with relational.transaction():
        row = _row(account)
        others = Account.objects.filter(administrator=True, is_active=True).exclude(id=account)
        if row.administrator and not others.exists():
            raise Conflict(_("another administrator of the instance"), account)
        row.is_active = False
        row.save(update_fields=["is_active"])
        Session.objects.filter(account=account).delete()
        OneTimeLink.objects.filter(account=row).delete()


def reactivate(account: str) -> None:
    """Open a closed account again."""
    if not Account.objects.filter(id=account).update(is_active=True):
        raise Missing(_("an account"), account)


def named_in(email: str) -> frozenset[str]:
    """The territories whose roles name this address, whether or not it has an account."""
    return frozenset(territories(email).get(fold(email), ()))


def of_address(email: str) -> Person | None:
    """The person whose address this is, whatever its capitals."""
    row = Account.objects.named(email)
    return _person(row, territories(row.email)) if row else None


def find(account: str) -> Person | None:
    """The person behind a pseudonym."""
    row = Account.objects.filter(id=account).first()
    return _person(row, territories(row.email)) if row else None


def listed(territory: str = "") -> list[Person]:
    """Everyone, or those invited by a territory or holding a role in it, by name."""
    held = territories()
    people = [_person(row, held) for row in Account.objects.order_by("name", "email")]
    return [person for person in people if not territory or territory in person.territories]


def names(accounts: set[str]) -> dict[str, str]:
    """Names of these pseudonyms, for histories; those that are gone are left out."""
    return dict(Account.objects.filter(id__in=accounts).values_list("id", "name"))


def _check_password(password: str, row: Account) -> None:
    if len(password) < LEAST_LENGTH:
        raise Invalid(_("a password of 12 characters or more"))
    if len(set(password)) < LEAST_DIFFERENT:
        raise Invalid(_("a password of at least 5 different characters"))
    plain = password.casefold()
    for part in (row.email.partition("@")[0], *row.name.casefold().split()):
        plain = plain.replace(part, "") if len(part) > 2 else plain
    # Only what the name and the address do not already give away counts.
    if plain != password.casefold() and sum(map(str.isalpha, plain)) < LEAST_DIFFERENT:
        raise Invalid(_("a password that is not the name or the address of the person"))


def _link(secret: str, at: datetime) -> OneTimeLink:
    link = OneTimeLink.objects.filter(digest=_digest(secret)).select_related("account").first()
    if link is None or link.used_at or link.expires <= at or not link.account.is_active:
        raise Missing(_("a link that is valid"), "", _("Ask an administrator for a new one."))
    return link


def _row(account: str) -> Account:
    row = Account.objects.filter(id=account).first()
    if row is None:
        raise Missing(_("an account"), account)
    return row


def _person(row: Account, held: Mapping[str, set[str]]) -> Person:
    places = {row.territory} | held.get(row.email, set())
    return Person(
        account=row.id,
        name=row.name,
        email=row.email,
        administrator=row.administrator,
        active=row.is_active,
        made_at=row.made_at,
        last_sign_in=row.last_login,
        territories=frozenset(places - {""}),
        has_password=row.has_usable_password(),
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
