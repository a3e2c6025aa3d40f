"""Sessions: who is speaking, where one is signed in, and how that ends."""

import hashlib
import hmac
from datetime import UTC, datetime

import msgspec

from bocage.accounts.grants import grants_of
from bocage.accounts.rights import ANYONE, Actor
from bocage.accounts.tables import Account, Session, SessionStore
from bocage.domain.errors import Missing
from bocage.domain.text import message as _


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in browser; `id` names it without being the key that opens it."""

    id: str
    account: str
    began: datetime | None
    expires: datetime
    agent: str


def who(session_key: str | None, at: datetime) -> Actor:
    """The person behind a session cookie; anyone when it is unknown, over, or older than the last password."""
    if not session_key:
        return ANYONE
    row = Session.objects.filter(session_key=session_key, expire_date__gt=at).first()
    if row is None:
        return ANYONE
    content = SessionStore().decode(row.session_data)
    account = Account.objects.filter(id=content.get("_auth_user_id", ""), is_active=True).first()
    if account is None:
        return ANYONE
    sealed = str(content.get("_auth_user_hash", ""))
    if not hmac.compare_digest(sealed.encode(), account.get_session_auth_hash().encode()):
        return ANYONE
    return _actor(account, at)


def actor(account: str, at: datetime) -> Actor:
    """An account as it stands now, with the roles that last on that day (UTC); anyone when it is closed."""
    row = Account.objects.filter(id=account, is_active=True).first()
    return _actor(row, at) if row else ANYONE


def listed(at: datetime, account: str = "") -> list[SignedIn]:
    """Sessions that are open, of one account or of all, newest first."""
    rows = Session.objects.filter(expire_date__gt=at).exclude(account="").order_by("-began", "-expire_date")
    if account:
        rows = rows.filter(account=account)
    return [
        SignedIn(id=_id(row), account=row.account, began=row.began, expires=row.expire_date, agent=row.agent)
        for row in rows
    ]


def end(account: str, session: str) -> None:
    """End one session of an account, named as `listed` names it."""
    for row in Session.objects.filter(account=account):
        if _id(row) == session:
            row.delete()
            return
    raise Missing(_("a session that is open"), session)


def end_all(account: str) -> int:
    """End every session of an account."""
    return Session.objects.filter(account=account).delete()[0]


def forget(at: datetime) -> int:
    """Erase sessions that are over."""
    return Session.objects.filter(expire_date__lte=at).delete()[0]


def _actor(row: Account, at: datetime) -> Actor:
    return Actor(
        account=row.id,
        name=row.name,
        email=row.email,
        grants=grants_of(row.email, at.astimezone(UTC).date()),
        administrator=row.administrator,
    )


def _id(row: Session) -> str:
    return hashlib.sha256(row.session_key.encode()).hexdigest()[:16]
