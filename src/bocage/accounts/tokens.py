"""Tokens of machines: 256 random bits shown once, known afterwards by their SHA-256 only."""

import hashlib
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from bocage import relational
from bocage.accounts.rights import Machine
from bocage.accounts.tables import Token
from bocage.domain.errors import Invalid, Missing
from bocage.domain.text import message as _

PREFIX: Final = "bocage_"
# Commands of another process change the table behind this one's back; they are believed after this long.
FRESH: Final = timedelta(seconds=30)


UNUSED: Final = timedelta(days=90)
WORD: Final = "tokens"  # what processes say to each other when one is revoked


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A token as pages show it: everything but its secret."""

    token: int
    territory: str
    title: str
    source: str
    datasets: tuple[str, ...]
    issued_by: str
    issued_at: datetime
    last_used: datetime | None
    revoked_at: datetime | None

    def idle(self, at: datetime) -> bool:
        """Whether it could be used and has not been for a long time: it opens something nobody watches."""
        return self.revoked_at is None and at - (self.last_used or self.issued_at) >= UNUSED


class Tokens:
    """The tokens of the instance, those in use kept in memory; made once and passed to whoever asks."""

    def __init__(self, *, fresh: timedelta = FRESH, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._fresh = fresh
        self._draw = draw
        self._lock = threading.Lock()
        self._cached: dict[bytes, tuple[Machine, datetime]] = {}
        self._used: dict[int, datetime] = {}
        self._changes = 0
        self.turned_away = 0  # tokens that opened nothing, since this process began

    def issue(  # noqa: PLR0913 - one keyword per thing a token is bound to
        self,
        territory: str,
        by: str,
        at: datetime,
        *,
        source: str = "",
        datasets: tuple[str, ...] = (),
        title: str = "",
    ) -> str:
        """A new token for one source to write, or for some datasets to read; its secret is given only here."""
        if bool(source) == bool(datasets):
            raise Invalid(_("a token for one source, or for one or more datasets"))
        secret = PREFIX + urlsafe_b64encode(self._draw(32)).decode().rstrip("=")
        Token.objects.create(
            digest=_digest(secret).hex(),
            territory=territory,
            title=title.strip(),
            source=source,
            datasets=list(datasets),
            issued_by=by,
            issued_at=at,
        )
        return secret

    def known(self, bearer: str, at: datetime) -> Machine | None:
        """The machine of this secret if memory knows it; never touches the database."""
        found = self._cached.get(_digest(bearer))
        if found is None or at - found[1] >= self._fresh:
            return None
        self._used[found[0].token] = at
        return found[0]

    def machine(self, bearer: str, at: datetime) -> Machine | None:
        """The machine of this secret, or None when it is unknown or revoked; reads the table when memory does not
        know it."""
        found = self.known(bearer, at)
        if found:
            return found
        digest = _digest(bearer)
        changes = self._changes
        read = self._read(digest)
        with self._lock:
            if read is None:
                self._cached.pop(digest, None)
                self.turned_away += 1
                return None
            self._used[read.token] = at
            if changes == self._changes:  # otherwise a revocation passed between the reading and here
                self._cached[digest] = (read, at)
        return read

    def _read(self, digest: bytes) -> Machine | None:
        row = Token.objects.filter(digest=digest.hex(), revoked_at=None).first()
        if row is None:
            return None
        return Machine(token=row.id, territory=row.territory, source=row.source, datasets=tuple(map(str, row.datasets)))

    def revoke(self, territory: str, token: int, at: datetime) -> None:
        """End a token of this territory; the next use is refused."""
        if not Token.objects.filter(id=token, territory=territory, revoked_at=None).update(revoked_at=at):
            raise Missing(_("a token in use here"), str(token))
        relational.say(WORD)
        with self._lock:
            self._changes += 1
            self._cached = {key: kept for key, kept in self._cached.items() if kept[0].token != token}

    def forget(self) -> None:
        """Another process revoked a token: read those in use again."""
        with self._lock:
            self._changes += 1
            self._cached = {}

    def listed(self, territory: str, *, source: str = "") -> list[Issued]:
        """The tokens of a territory, newest first, revoked ones too."""
        rows = Token.objects.filter(territory=territory).order_by("-issued_at", "-id")
        return [_issued(row) for row in (rows.filter(source=source) if source else rows)]

    def flush(self, at: datetime) -> str:
        """Write when tokens were last used, in one transaction; a job calls it now and then."""
        with self._lock:
            used, self._used = self._used, {}
        if used:
            with relational.transaction():
                for token, last in list(used.items()):
                    Token.objects.filter(id=token).update(last_used=min(last, at))
        return str(len(used))


def _issued(row: Token) -> Issued:
    return Issued(
        token=row.id,
        territory=row.territory,
        title=row.title,
        source=row.source,
        datasets=tuple(map(str, row.datasets)),
        issued_by=row.issued_by,
        issued_at=row.issued_at,
        last_used=row.last_used,
        revoked_at=row.revoked_at,
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
