"""Who the provider says somebody is, once every part of its answer was checked (OpenID Connect Core 1.0, 3.1.3.7)."""

import hmac
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from bocage.accounts.openid.asking import Asking
from bocage.accounts.openid.fault import Fault, SignInFailure
from bocage.accounts.openid.provider import Provider

LEEWAY: Final = timedelta(seconds=60)  # between two clocks
OLDEST: Final = timedelta(minutes=10)  # an answer that waited longer is not one of this sign-in
SHOWN: Final = ("sub", "email", "email_verified", "name", "given_name", "family_name", "iss", "aud", "acr")
"""What is shown to somebody who tries the provider with their own account."""


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is at the provider. `said`: what came back, by name, as far as it is shown."""

    subject: str
    email: str
    verified: bool
    name: str
    said: dict[str, str]


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What the answer must say: our name at the provider, and the word of this very sign-in."""

    client: str
    nonce: str


def checked(provider: Provider, token: str, expected: Expected, at: datetime) -> dict[str, Any]:
    """The claims of an ID token that is meant for us, for this sign-in, and still holds."""
    claims = provider.read(token)
    if claims.get("iss") != provider.discovered().issuer:
        raise SignInFailure(Fault.OTHER_ISSUER, str(claims.get("iss")))
    _for_us(claims, expected.client)
    _in_time(claims, at)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), expected.nonce.encode()):
        raise SignInFailure(Fault.OTHER_NONCE)
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise SignInFailure(Fault.STRANGE, "sub")
    return claims


def _for_us(claims: Mapping[str, Any], client: str) -> None:
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    presented = claims.get("azp", client if len(meant) == 1 else None)
    if client not in meant or presented != client:
        raise SignInFailure(Fault.OTHER_AUDIENCE, str(audience))


def _in_time(claims: Mapping[str, Any], at: datetime) -> None:
    now, leeway = at.timestamp(), LEEWAY.total_seconds()
    ends, issued = _instant(claims.get("exp")), _instant(claims.get("iat"))
    begins = max(issued, _instant(claims.get("nbf", issued)))
    if not (begins <= now + leeway and now <= ends + leeway and now - issued <= OLDEST.total_seconds()):
        raise SignInFailure(Fault.EXPIRED, f"iat {issued:.0f}, exp {ends:.0f}, here {now:.0f}")


def _instant(value: Any) -> float:
    """Seconds since 1970; anything else is a moment no clock agrees with."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def completed(provider: Provider, claims: dict[str, Any], access: str, client: str) -> dict[str, Any]:
    """The claims with those of the UserInfo address, asked where the token itself has no address of the person."""
    address = provider.discovered().userinfo_endpoint
    if claims.get("email") or not address or not access:
        return claims
    more = _user_info(provider, provider.asking, address, access)
    if more.get("sub") != claims["sub"]:
        raise SignInFailure(Fault.OTHER_PERSON)
    if more.get("aud") is not None:
        _for_us(more, client)
    return {**more, **claims}


def _user_info(provider: Provider, asking: Asking, address: str, access: str) -> dict[str, Any]:
    answer = asking.get(address, {"Authorization": f"Bearer {access}"})
    if answer.status != 200:
        raise SignInFailure(Fault.EXCHANGE, f"{address}: {answer.status}")
    if answer.media_type == "application/jwt":  # signed, as some providers of the State do
        return provider.read(answer.body.decode("ascii", errors="replace").strip())
    return answer.read()


def person(claims: Mapping[str, Any]) -> Claims:
    """The claims as far as we use or show them."""
    email = claims.get("email")
    return Claims(
        subject=str(claims["sub"]),
        email=email if isinstance(email, str) else "",
        verified=claims.get("email_verified") is True,
        name=str(claims.get("name") or ""),
        said={name: _shown(claims[name]) for name in SHOWN if name in claims},
    )


def _shown(value: Any) -> str:
    return (", ".join(map(str, value)) if isinstance(value, list) else str(value))[:200]
