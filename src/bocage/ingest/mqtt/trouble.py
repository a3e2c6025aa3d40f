"""Why a broker is not listened to: what people read, and what they can do."""

import errno
import socket
import ssl

from bocage.domain.errors import BocageError
from bocage.domain.label import Labelled
from bocage.domain.text import message as _
from bocage.ingest.mqtt.wire import Malformed


class Trouble(Labelled):
    """What went wrong, in words."""

    NAME = "name", _("The name of the broker is not known on this network.")
    CLOSED = "closed", _("Nobody answers at this address and port.")
    SILENT = "silent", _("The broker does not answer.")
    CERTIFICATE = "certificate", _("The certificate of the broker is not one this machine trusts.")
    TLS = "tls", _("The encrypted connection (TLS) does not come about.")
    USER = "user", _("The broker does not accept the user, the password or the certificate.")
    TOPICS = "topics", _("The broker does not let us listen to all of the topics.")
    REFUSED = "refused", _("The broker refuses the connection.")
    LEFT = "left", _("The broker ended the connection.")
    TAKEN = "taken", _("Somebody else uses the name of Bocage at this broker, and each pushes the other out.")
    PROTOCOL = "protocol", _("What answers does not speak MQTT as it was declared.")
    STORE = "store", _("This machine cannot keep messages now; the broker keeps them for us.")
    UNSET = "unset", _("No topic is declared yet.")
    SECRETS = "secrets", _("What is kept of the user or the certificates does not fit this broker.")

    @property
    def remedy(self) -> str:
        """What to do."""
        return _REMEDIES[self]


_REMEDIES = {
    Trouble.NAME: _("Look at how the name is written, or ask whoever runs the network of this machine."),
    Trouble.CLOSED: _("Look at the port, and whether a firewall stands between: 8883 with TLS, 1883 without."),
    Trouble.SILENT: _("Look whether the broker runs; we try again by ourselves."),
    Trouble.CERTIFICATE: _("Give the certificate of the authority that signed it, below, or mend the name."),
    Trouble.TLS: _(
        "Look whether this port is the encrypted one, and whether the broker asks for a certificate of ours."
    ),
    Trouble.USER: _("Give user and password again below, as they are at the broker."),
    Trouble.TOPICS: _("Let this user read the topics at the broker (access list), or declare others."),
    Trouble.REFUSED: _("Ask whoever runs the broker; its answer stands beside."),
    Trouble.LEFT: _("Nothing: we connect again by ourselves, and it keeps messages meanwhile."),
    Trouble.TAKEN: _("Give each its own name in the declaration of the source."),
    Trouble.PROTOCOL: _("Look at the form of the protocol, the port, and whether it is encrypted."),
    Trouble.STORE: _(
        "Look at the state of the machine: the disk may be full. Nothing is lost as long as the broker keeps it."
    ),
    Trouble.UNSET: _("Declare at least one topic."),
    Trouble.SECRETS: _(
        "Give user, password or certificates again below: they were given for another broker, or cannot be read."
    ),
}


class Broken(Exception):
    """The connection is of no use any more: why, and what the other side said."""

    def __init__(self, trouble: Trouble, said: str = "") -> None:
        super().__init__(f"{trouble.value}: {said}")
        self.trouble, self.said = trouble, said


_USER = {4, 5, 134, 135, 138, 140}  # codes of CONNACK, of MQTT 3.1.1 and 5
_SPOKEN = {1, 132}
_TAKEN_OVER = 142


def of_connack(code: int, reason: str = "") -> Broken:
    """What a refusal to connect means."""
    trouble = Trouble.USER if code in _USER else Trouble.PROTOCOL if code in _SPOKEN else Trouble.REFUSED
    return Broken(trouble, f"{reason} ({code:#04x})".strip())


def of_disconnect(code: int) -> Broken:
    """What it means that the broker left."""
    return Broken(Trouble.TAKEN if code == _TAKEN_OVER else Trouble.LEFT, f"({code:#04x})")


def of(error: BaseException) -> Broken:
    """What a failure of the network, of TLS, of the protocol or of this machine means."""
    if isinstance(error, Broken):
        return error
    return Broken(_trouble(error), _said(error))


def _said(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message or str(error)[:200]
    if isinstance(error, BocageError):
        return error.found[:200]
    return str(getattr(error, "strerror", "") or error)[:200]


def _trouble(error: BaseException) -> Trouble:
    kinds: tuple[tuple[type[BaseException], Trouble], ...] = (
        (ssl.SSLCertVerificationError, Trouble.CERTIFICATE),
        (ssl.SSLError, Trouble.TLS),
        (socket.gaierror, Trouble.NAME),
        (TimeoutError, Trouble.SILENT),
        (Malformed, Trouble.PROTOCOL),
        (BocageError, Trouble.STORE),
        (ConnectionRefusedError, Trouble.CLOSED),
        (ConnectionError, Trouble.LEFT),
    )
    for kind, trouble in kinds:
        if isinstance(error, kind):
            return trouble
    unreachable = isinstance(error, OSError) and error.errno in {errno.EHOSTUNREACH, errno.ENETUNREACH}
    return Trouble.CLOSED if unreachable or isinstance(error, OSError) else Trouble.REFUSED
