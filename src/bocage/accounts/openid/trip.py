"""One sign-in under way: to the provider with a word nobody can guess, and back with a code that serves once."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

from bocage.accounts.openid import claims as answers
from bocage.accounts.openid.claims import Claims, Expected
from bocage.accounts.openid.fault import Fault, SignInFailure
from bocage.accounts.openid.provider import Provider

LASTS: Final = timedelta(minutes=10)
SCOPE: Final = "openid email profile"
Draw = Callable[[int], bytes]


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """Bocage as the provider knows it. `back`: the address the provider sends people back to."""

    name: str
    secret: str
    back: str


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    """What this browser must bring back, and where it then goes. `trial`: to be shown, not to enter."""

    state: str
    nonce: str
    verifier: str
    ends: datetime
    onward: str = ""
    trial: bool = False


def begun(at: datetime, *, onward: str = "", trial: bool = False, draw: Draw = secrets.token_bytes) -> Trip:
    """A sign-in that begins now."""
    state, nonce, verifier = (_text(draw(32)) for _each in range(3))
    return Trip(state=state, nonce=nonce, verifier=verifier, ends=at + LASTS, onward=onward, trial=trial)


def there(provider: Provider, client: Client, trip: Trip) -> str:
    """The address at the provider this browser is sent to."""
    asked = {
        "response_type": "code",
        "client_id": client.name,
        "redirect_uri": client.back,
        "scope": SCOPE,
        "state": trip.state,
        "nonce": trip.nonce,
        "code_challenge": _text(hashlib.sha256(trip.verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    address = provider.discovered().authorization_endpoint
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def back(provider: Provider, client: Client, trip: Trip | None, sent: Mapping[str, str], at: datetime) -> Claims:
    """Who came back, once the code was exchanged and every claim checked; SignInFailure says what did not hold."""
    code = _code(provider, trip, sent, at)
    if trip is None:  # `_code` said so already
        raise SignInFailure(Fault.UNASKED)
    token, access = _exchanged(provider, client, trip, code)
    found = answers.checked(provider, token, Expected(client=client.name, nonce=trip.nonce), at)
    return answers.person(answers.completed(provider, found, access, client.name))


def _code(provider: Provider, trip: Trip | None, sent: Mapping[str, str], at: datetime) -> str:
    known = trip is not None and hmac.compare_digest(sent.get("state", "").encode(), trip.state.encode())
    if trip is None or not known or at > trip.ends:
        raise SignInFailure(Fault.UNASKED)
    found = provider.discovered()
    told = sent.get("iss", found.issuer if not found.authorization_response_iss_parameter_supported else "")
    if told != found.issuer:  # RFC 9207: the answer of another provider
        raise SignInFailure(Fault.OTHER_ISSUER, told)
    if sent.get("error"):
        raise SignInFailure(Fault.DENIED, f"{sent['error']} {sent.get('error_description', '')}".strip())
    if not sent.get("code"):
        raise SignInFailure(Fault.UNASKED)
    return sent["code"]


def _exchanged(provider: Provider, client: Client, trip: Trip, code: str) -> tuple[str, str]:
    """The ID token and the access token for a code (RFC 6749, 4.1.3, with RFC 7636)."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.back,
        "code_verifier": trip.verifier,
    }
    address = provider.discovered().token_endpoint
    for more, credentials in _known_as(provider, client):
        answer = provider.asking.post(address, form | more, credentials)
        if answer.status != 401:  # it does not know us this way; the code is not used up by that
            break
    if answer.status != 200:
        raise SignInFailure(Fault.EXCHANGE, f"{answer.status} {_error(answer.body)}")
    told = answer.read()
    token, access = told.get("id_token"), told.get("access_token")
    if not isinstance(token, str):
        raise SignInFailure(Fault.EXCHANGE, "id_token")
    return token, access if isinstance(access, str) else ""


def _known_as(provider: Provider, client: Client) -> Iterator[tuple[dict[str, str], tuple[str, str] | None]]:
    """The ways in which the provider may know us, the one the text prefers first.

    RFC 6749, 2.3.1, writes name and secret as in a form before they are joined; some providers expect them as they are.
    """
    methods = provider.discovered().token_endpoint_auth_methods_supported
    named = {"client_id": client.name}
    if not client.secret:
        yield named, None
        return
    if "client_secret_basic" in methods:
        written, plain = (_form(client.name), _form(client.secret)), (client.name, client.secret)
        yield {}, written
        if written != plain:
            yield {}, plain
    if "client_secret_post" in methods or "client_secret_basic" not in methods:
        yield named | {"client_secret": client.secret}, None


def _error(body: bytes) -> str:
    """The code of an error as RFC 6749 writes it, and nothing else of the answer."""
    try:
        told = msgspec.json.decode(body, type=dict[str, object])
    except msgspec.MsgspecError:
        return ""
    return str(told.get("error", ""))[:80]


def _form(text: str) -> str:
    """RFC 6749, 2.3.1: name and secret are written as in a form before they are joined."""
    return urlencode({"": text})[1:]


def _text(drawn: bytes) -> str:
    return base64.urlsafe_b64encode(drawn).decode().rstrip("=")
