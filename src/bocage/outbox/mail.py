"""Hands letters to a mail server; whatever the server answers is told as it said it, and never a password."""

import hashlib
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

import msgspec

from bocage.domain.instance_settings import Mail, MailSecurity
from bocage.domain.instant import to_ms
from bocage.domain.letter import Letter
from bocage.outbox.delivery import Hopeless
from bocage.outbox.parcels import Parcel

PATIENCE: Final = 10.0  # seconds for each answer of the server
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST: Final = 300  # characters of an answer


class MailFailure(Exception):
    """The server, or the way to it, said no; the text is its own answer."""


class Mailer:
    """Sends by the server that is set now; `trusted` holds the certificates believed (tests bring their own)."""

    def __init__(
        self,
        settings: Callable[[], Mail | None],
        password: Callable[[], str],
        clock: Callable[[], datetime],
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._settings, self._password, self._clock, self._trusted = settings, password, clock, trusted

    @property
    def ready(self) -> bool:
        """Whether a server is set: without one nothing is put in the outbox."""
        return self._settings() is not None

    def deliver(self, parcel: Parcel) -> None:
        """A letter of the outbox; Hopeless when no later try can help."""
        self.send(msgspec.json.decode(parcel.payload, type=Letter), parcel.key)

    def send(self, letter: Letter, key: str) -> None:
        """One letter, now. The same `key` gives the same Message-ID, so that a repeat is known as one.

        MailFailure with the server's answer; Hopeless when the address is refused for good or the letter is too old.
        """
        settings, now = self._settings(), self._clock()
        if settings is None:
            raise MailFailure("no mail server is set")
        if letter.until and to_ms(now) > letter.until:
            raise Hopeless("the link of this mail has expired")
        said = message(letter, settings.sender, key, now)
        try:
            with self._connected(settings) as server:
                server.send_message(said)
        except smtplib.SMTPRecipientsRefused as refused:
            raise _refused(refused) from refused
        except (smtplib.SMTPException, OSError) as error:
            raise MailFailure(answer_of(error)) from error

    def _connected(self, settings: Mail) -> smtplib.SMTP:
        """A connection as safe as the settings say, signed in where a user is set."""
        name = settings.sender.rpartition("@")[2] or "localhost"
        password = self._password() if settings.user else ""
        if settings.security is MailSecurity.NONE and not is_here(settings.host):
            raise MailFailure("without TLS, only a mail server of this machine is used")
        context = self._trusted or ssl.create_default_context()
        if settings.security is MailSecurity.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, name, timeout=PATIENCE, context=context
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, name, timeout=PATIENCE)
        try:
            if settings.security is MailSecurity.STARTTLS:
                server.starttls(context=context)
            if settings.user:
                server.login(settings.user, password)
        except BaseException:
            server.close()
            raise
        return server


def is_here(host: str) -> bool:
    """Whether a mail server is this very machine."""
    return host.strip("[]").lower() in LOOPBACK


def message(letter: Letter, sender: str, key: str, at: datetime) -> EmailMessage:
    """The letter as mail servers want it (RFC 5322), marked as sent by a machine (RFC 3834)."""
    local, _at, domain = sender.rpartition("@")
    said = EmailMessage(policy=SMTP)
    said["From"] = Address(display_name=letter.sender, username=local, domain=domain)
    said["To"] = letter.to
    said["Subject"] = letter.subject
    said["Date"] = format_datetime(at)
    said["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    said["Auto-Submitted"] = "auto-generated"
    said.set_content(letter.text)
    if letter.html:
        said.add_alternative(letter.html, subtype="html")
    said["Content-Language"] = letter.lang  # last: a header of the content would go down into the first part
    return said


def answer_of(error: Exception) -> str:
    """What the server said, or why it was not reached, on one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(_line(*answer) for answer in error.recipients.values())
    return " ".join(str(error).split())[:LONGEST] or type(error).__name__


def _refused(error: smtplib.SMTPRecipientsRefused) -> Exception:
    """A refusal for good (5xx) is not tried again; one for the moment (4xx) is."""
    for_good = all(code >= 500 for code, _said in error.recipients.values())
    return Hopeless(answer_of(error)) if for_good else MailFailure(answer_of(error))


def _line(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(words.split())}"[:LONGEST]
