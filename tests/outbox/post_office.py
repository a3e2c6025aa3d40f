"""A real mail server for tests: takes mail in, asks for TLS and a password where told to, refuses whom it must."""

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import msgspec
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bocage.domain.instance_settings import Mail, MailSecurity

USER, PASSWORD = "bocage", "un mot de passe de relais"
SENDER = "bocage@ville.example"


class PostOffice(msgspec.Struct):
    """What came in, whom it refuses, and where it listens."""

    port: int = 0
    refuses: dict[str, str] = {}
    taken: list[EmailMessage] = []
    peers: list[bool] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(message_from_bytes(bytes(envelope.content or b""), policy=default))  # type: ignore[arg-type]
        self.peers.append(session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None)
        return "250 Taken"

    def mail(self, security: MailSecurity, user: str = USER) -> Mail:
        """The settings that lead to it."""
        return Mail(host="127.0.0.1", port=self.port, security=security, user=user, sender=SENDER)


def _enters(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, proof: LoginPassword | Any
) -> AuthResult:
    good = (proof.login, proof.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False, message=None if good else "535 5.7.8 Wrong user or password")


@contextmanager
def post_office(security: MailSecurity, folder: Path, port: int = 0) -> Iterator[PostOffice]:
    """A server that runs until the end of the block."""
    office = PostOffice()
    context = _context(folder) if security is not MailSecurity.NONE else None
    options: dict[str, Any] = {"authenticator": _enters, "auth_require_tls": security is MailSecurity.STARTTLS}
    if security is MailSecurity.STARTTLS:
        options |= {"tls_context": context, "require_starttls": True}
    held = _Held(
        office,
        hostname="127.0.0.1",
        port=port,
        ssl_context=context if security is MailSecurity.TLS else None,
        **options,
    )
    held.start()
    office.port = held.port
    try:
        yield office
    finally:
        held.stop()


class _Held(Controller):
    """Port 0 means any: the library greets the port that was given."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def trusting(folder: Path) -> ssl.SSLContext:
    """What believes the certificate of the server of this folder, and no other."""
    return ssl.create_default_context(cafile=str(certificate(folder)))


def _context(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder))
    return context


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, thrown away with the folder."""
    path = folder / "server.pem"
    if path.exists():
        return path
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
