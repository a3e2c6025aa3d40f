"""The token a request brings: `Bearer TOKEN`, or `Basic` with the token as password, which is all some clients know.

Whoever asks without one is told of `Bearer` only, so that no browser asks a person for a password here.
"""

import base64
import binascii


def token_of(authorization: str) -> str:
    """The token of an Authorization header; empty when it brings none."""
    scheme, _space, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    return _password(value.strip()) if scheme.lower() == "basic" else ""


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode("latin-1").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
