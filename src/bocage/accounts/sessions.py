"""Sessions: who is speaking, where one is signed in, and how that ends."""

import hashlib
import hmac
import threading
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from bocage import relational
from bocage.accounts.grants import grants_of
from bocage.accounts.rights import ANYONE, Actor
from bocage.accounts.tables import Account, Session, SessionStore
from bocage.domain.errors import Missing
from bocage.domain.text import message as _

WORTH: Final = timedelta(minutes=1)
"""What a use must add to the last one written to be worth writing."""
FORGOTTEN: Final = timedelta(days=1)
EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in browser; `id` names it without being the key that opens it.

    `network`: where from, without its last part. `used`: when it last asked for a page, None before that was noted.
    """

    id: str
    account: str
    began: datetime | None
    expires: datetime
    agent: str
    network: str
    used: datetime | None


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
    """An account as it stands now, with the roles that last on that day; anyone when it is closed."""
    row = Account.objects.filter(id=account, is_active=True).first()
    return _actor(row, at) if row else ANYONE


def listed(at: datetime, account: str = "") -> list[SignedIn]:
    """Sessions that are open, of one account or of all, newest first."""
    rows = Session.objects.filter(expire_date__gt=at).exclude(account="").order_by("-began", "-expire_date")
    if account:
        rows = rows.filter(account=account)
    return [
        SignedIn(
            id=_named(row.session_key),
            account=row.account,
            began=row.began,
            expires=row.expire_date,
            agent=row.agent,
            network=row.network,
            used=row.used,
        )
        for row in rows
    ]


def end(account: str, session: str) -> None:
    """End one session of an account, named as `listed` names it."""
    for row in Session.objects.filter(account=account):
        if _named(row.session_key) == session:
            row.delete()
            return
    raise Missing(_("a session that is open"), session)


def end_all(account: str, *, but: str = "") -> int:
    """End every session of an account, or every one but that of this cookie."""
    return Session.objects.filter(account=account).exclude(session_key=but).delete()[0]


def named(session_key: str | None) -> str:
    """What `listed` calls the session of a cookie."""
    return _named(session_key) if session_key else ""


class Uses:
    """When sessions were last used: noted in memory at each page, written now and then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: dict[str, datetime] = {}
        self._written: dict[str, datetime] = {}

    def note(self, session_key: str, at: datetime) -> None:
        """A page was asked for in this session."""
        with self._lock:
            self._noted[session_key] = at

    def flush(self, at: datetime) -> int:
        """Write what is worth writing; how many."""
        with self._lock:
            noted, self._noted = self._noted, {}
            due = {key: when for key, when in noted.items() if when - self._written.get(key, EVER) >= WORTH}
            kept = {key: when for key, when in self._written.items() if at - when < FORGOTTEN}
            self._written = {**kept, **due}
        if due:
            with relational.transaction():
                for key, when in due.items():
                    Session.objects.filter(session_key=key).update(used=when)
        return len(due)


def forget(at: datetime) -> int:
    """Erase sessions that are over."""
    return Session.objects.filter(expire_date__lte=at).delete()[0]


def _actor(row: Account, at: datetime) -> Actor:
    return Actor(
        account=row.id,
        name=row.name,
        email=row.email,
        grants=grants_of(row.email, at),
        administrator=row.administrator,
    )


def _named(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]
