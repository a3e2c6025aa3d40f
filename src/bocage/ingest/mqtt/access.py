"""What opens a broker to us: user, password, certificates; kept beside the keys, each for one broker only."""

import os
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from bocage.domain.broker import Door
from bocage.ingest.mqtt.trouble import Broken, Trouble

Secret = Callable[[str], str]
"""The secret of a name; empty when there is none."""


PUBLISHING: Final = "mqtt_publication"
"""The name of the secret that opens the broker the instance publishes to."""


class Access(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """All of it. `place`: the broker it was given for; it is shown to no other. Certificates and key are PEM."""

    place: str = ""
    user: str = ""
    password: str = ""
    authority: str = ""
    certificate: str = ""
    key: str = ""


def name(territory: str, source: str) -> str:
    """The name the secret of a source is kept under; slugs have no underline, so that no two sources share one."""
    return f"mqtt__{territory}__{source}".replace("-", "_")


def access(secret: Secret, territory: str, source: str, broker: Door) -> Access:
    """What is kept for this broker, nothing when nothing is; Broken when it was given for another one."""
    return kept(secret(name(territory, source)), broker)


def kept(secret: str, broker: Door) -> Access:
    """The same, of a secret that was read."""
    if not secret:
        return Access()
    try:
        found = msgspec.json.decode(secret, type=Access)
    except msgspec.MsgspecError as error:
        raise Broken(Trouble.SECRETS) from error
    if found.place and found.place != broker.place:
        raise Broken(Trouble.SECRETS, found.place)
    return found


def context(broker: Door, opened: Access, keys: Path | None = None) -> ssl.SSLContext | None:
    """How the connection is encrypted; None when it is not. `keys`: a folder only we read. Broken when the
    certificates cannot be used."""
    if not broker.tls:
        return None
    try:
        made = ssl.create_default_context(cadata=opened.authority or None)
        if opened.certificate:
            _show(made, opened, keys)
    except (ssl.SSLError, ValueError, OSError) as error:
        raise Broken(Trouble.SECRETS, str(error)[:200]) from error
    return made


def _show(made: ssl.SSLContext, opened: Access, keys: Path | None) -> None:
    """Show our certificate. The library reads files only: this one is gone before anything else happens."""
    descriptor, path = tempfile.mkstemp(dir=keys, suffix=".pem")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{opened.certificate}\n{opened.key}\n")
        made.load_cert_chain(path, password="")
    finally:
        Path(path).unlink()
