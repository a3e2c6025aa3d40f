"""The token a request brings: `Bearer TOKEN`, or `Basic` with the token as password, which is all some clients know.

Whoever asks without one is told of `Bearer` only, so that no browser asks a person for a password here; whoever brought
a password is told that another one is waited for.
"""

import base64
import binascii
from typing import Final

_BEARER: Final = 'Bearer realm="bocage"'
_BASIC: Final = 'Basic realm="bocage", charset="UTF-8", '


def token_of(authorization: str) -> str:
    """The token of an Authorization header; empty when it brings none."""
    scheme, _space, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    return _password(value.strip()) if scheme.lower() == "basic" else ""


def challenge(authorization: str) -> str:
    """How to say who one is, for who said it wrongly or not at all (RFC 9110, 11.6.1)."""
    return _BASIC + _BEARER if authorization[:6].lower() == "basic " else _BEARER


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode("latin-1").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
