"""The first person of an instance that has no account: a link of the process that serves lets them come in, once."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime

from bocage import relational
from bocage.accounts import people
from bocage.accounts.people import LINK_LASTS, Person
from bocage.accounts.tables import Account
from bocage.domain.errors import Missing
from bocage.domain.text import message as _


class First:
    """The secret of that link: it lives in the memory of one process, and ends when it is used or too old.

    Whoever reads the log of the machine could run commands on it anyway; the next start gives another link.
    """

    def __init__(self, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._draw = draw
        self._digest = b""
        self._until: datetime | None = None

    def drawn(self, at: datetime) -> str:
        """A new secret, the former one being useless; empty where somebody has an account already."""
        if Account.objects.exists():
            return ""
        secret = urlsafe_b64encode(self._draw(32)).decode().rstrip("=")
        self._digest, self._until = _digest(secret), at + LINK_LASTS
        return secret

    def told(self) -> str:
        """What another process of this instance must know to open the same link; it is not the secret."""
        return f"{self._digest.hex()} {self._until.isoformat()}" if self._until else ""

    def hear(self, told: str) -> None:
        """Open the link that another process drew."""
        digest, _, until = told.partition(" ")
        if until:
            self._digest, self._until = bytes.fromhex(digest), datetime.fromisoformat(until)

    def opens(self, secret: str, at: datetime) -> None:
        """Missing when the secret is not the one, when it is too old, or when somebody has an account."""
        known = self._until is not None and at < self._until and hmac.compare_digest(self._digest, _digest(secret))
        if not known or Account.objects.exists():
            remedy = _("Start the service again: where nobody has an account, its log shows a new link.")
            raise Missing(_("a link that is valid"), "", remedy)

    def entered(self, secret: str, email: str, name: str, password: str, at: datetime) -> Person:
        """Open the account of the first administrator; Missing likewise, Invalid for what is wrong with the rest."""
        with relational.transaction():
            self.opens(secret, at)
            person = people.create(email, name, at)
            people.make_administrator(person.account)
            return people.redeem(people.one_time_link(person.account, at), password, at)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
