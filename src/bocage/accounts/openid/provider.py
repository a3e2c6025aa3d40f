"""One provider: where it is asked, and with which keys it signs; both kept for a while, keys until one is not known."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bocage.accounts.openid.asking import Asking
from bocage.accounts.openid.fault import Fault, SignInFailure

ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""Signatures by a key the provider alone holds; never `none`, never one made with the secret we share."""
FRESH: Final = timedelta(hours=1)
AGAIN: Final = timedelta(minutes=1)
"""How long to wait before keys are asked again for a signature by an unknown one: anybody may send such."""


class Discovered(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider says of itself (OpenID Connect Discovery 1.0); what we do not use is left out."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ()
    authorization_response_iss_parameter_supported: bool = False


class Provider:
    """The provider of an issuer."""

    def __init__(self, issuer: str, asking: Asking, clock: Callable[[], datetime]) -> None:
        self.issuer, self.asking, self._clock = issuer, asking, clock
        self._lock = threading.Lock()
        self._discovered: tuple[Discovered, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None

    def discovered(self) -> Discovered:
        """What it says of itself; SignInFailure when it cannot be asked or says what we cannot follow."""
        with self._lock:
            if self._discovered is None or self._clock() - self._discovered[1] > FRESH:
                self._discovered = (self._discover(), self._clock())
            return self._discovered[0]

    def _discover(self) -> Discovered:
        home = self.issuer.rstrip("/")
        address = self.asking.check(f"{home}/.well-known/openid-configuration", home)
        answer = self.asking.get(address)
        if answer.status != 200:
            raise SignInFailure(Fault.STRANGE, f"{address}: {answer.status}")
        try:
            found = msgspec.convert(answer.read(), Discovered)
        except msgspec.ValidationError as error:
            raise SignInFailure(Fault.STRANGE, str(error)) from error
        if found.issuer.rstrip("/") != home:
            raise SignInFailure(Fault.OTHER_ISSUER, found.issuer)
        for one in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri, found.userinfo_endpoint):
            if one:
                self.asking.check(one, home)
        return found

    def keys(self) -> KeySet:
        """Its keys, as they were when they were last asked for."""
        found = self.discovered()
        with self._lock:
            if self._keys is None or self._clock() - self._keys[1] > FRESH:
                self._keys = (self._ask_keys(found.jwks_uri), self._clock())
            return self._keys[0]

    def renewed(self) -> KeySet:
        """Its keys asked for again, unless that was a moment ago."""
        found = self.discovered()
        with self._lock:
            if self._keys is None or self._clock() - self._keys[1] > AGAIN:
                self._keys = (self._ask_keys(found.jwks_uri), self._clock())
            return self._keys[0]

    def _ask_keys(self, address: str) -> KeySet:
        told = self.asking.get(address)
        if told.status != 200:
            raise SignInFailure(Fault.NO_KEYS, f"{address}: {told.status}")
        held = told.read().get("keys")
        usable = [one for one in held if _signs(one)] if isinstance(held, list) else []
        try:
            found = KeySet.import_key_set({"keys": usable})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInFailure(Fault.NO_KEYS, str(error)) from error
        if not usable:
            raise SignInFailure(Fault.NO_KEYS, address)
        return found

    def read(self, token: str) -> dict[str, Any]:
        """The claims of a token it signed; SignInFailure when it did not, or not in a way that can be trusted."""
        try:
            header = jws.extract_compact(token.encode()).headers()
        except (JoseError, ValueError) as error:
            raise SignInFailure(Fault.UNSIGNED, type(error).__name__) from error
        if header.get("alg") not in ALGORITHMS:
            raise SignInFailure(Fault.UNSIGNED, f"alg {header.get('alg')}"[:40])
        keys = self.keys()
        if header.get("kid") and all(key.kid != header["kid"] for key in keys):
            keys = self.renewed()
        return _verified(token, keys)


def _signs(key: Any) -> bool:
    """Whether it is a public key for signatures; one whose use is not said may be."""
    return isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"


def _verified(token: str, keys: KeySet) -> dict[str, Any]:
    try:
        payload = jws.deserialize_compact(token.encode(), keys, algorithms=list(ALGORITHMS)).payload
        claims = msgspec.json.decode(payload or b"")
    except (JoseError, ValueError, TypeError, msgspec.DecodeError) as error:
        raise SignInFailure(Fault.FORGED, type(error).__name__) from error
    if not isinstance(claims, dict):
        raise SignInFailure(Fault.STRANGE, "claims")
    return claims
