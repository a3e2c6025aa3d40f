"""A provider in memory, honest unless told otherwise; what a test bends stands where it bends it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
ISSUER = "https://sso.syndicat.example/realms/communes"
SECRET = "a secret: of 32 signs / & more +"
BACK = "https://donnees.ville.example/sign-in/openid/back"
FIRST, SECOND = (RSAKey.generate_key(2048, {"kid": name, "use": "sig"}) for name in ("first", "second"))


class Identity:
    """The provider. `claims` go over those of the ID token, None takes one away; `info` is what UserInfo says."""

    def __init__(self, issuer: str = ISSUER) -> None:
        self.issuer, self.key, self.published = issuer, FIRST, [FIRST]
        self.claims: dict[str, Any] = {}
        self.info: dict[str, Any] | str = {}
        self.document: dict[str, Any] = {}
        self.methods, self.plain = ["client_secret_basic"], False
        self.sign: Callable[[dict[str, Any]], str] = self._signed
        self.asked: list[str] = []
        self.clock = AT
        self._codes: dict[str, dict[str, str]] = {}

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def enter(self, address: str, email: str = "claire@ville.example", sub: str = "c-1") -> dict[str, str]:
        """Somebody follows the address and signs in there: what their browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self._codes)}"
        self._codes[code] = {**asked, "email": email, "sub": sub}
        return {"state": asked["state"], "code": code}

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(urlsplit(self.issuer).path)
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self._document())
        if path == "/keys":
            return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.published]})
        if path == "/token":
            return self._token(request)
        if path == "/me" and request.headers["authorization"] == "Bearer access":
            if isinstance(self.info, str):
                return httpx.Response(200, text=self.info, headers={"content-type": "application/jwt"})
            return httpx.Response(200, json=self.info)
        return httpx.Response(404)

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/me",
            "token_endpoint_auth_methods_supported": self.methods,
            "id_token_signing_alg_values_supported": ["none", "RS256"],
            "what_we_do_not_use": {"deep": [1, 2]},
            **self.document,
        }

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        if not self._known(request, form):
            return httpx.Response(401, json={"error": "invalid_client"})
        held = self._codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if held is None or held["code_challenge"] != challenge.decode() or held["redirect_uri"] != form["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant", "error_description": "a secret detail"})
        now = int(self.clock.timestamp())
        claims = {"iss": self.issuer, "aud": "bocage", "iat": now, "exp": now + 300, "nonce": held["nonce"]}
        claims |= {"sub": held["sub"], "email": held["email"], "email_verified": True, "name": "Claire Fontaine"}
        kept = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        return httpx.Response(200, json={"id_token": self.sign(kept), "access_token": "access"})

    def _known(self, request: httpx.Request, form: dict[str, str]) -> bool:
        if "client_secret_basic" in self.methods:
            # RFC 6749: name and secret are written as in a form before they are joined.
            joined = f"bocage:{SECRET}" if self.plain else "bocage:a+secret%3A+of+32+signs+%2F+%26+more+%2B"
            return request.headers.get("authorization") == "Basic " + base64.b64encode(joined.encode()).decode()
        return (form.get("client_id"), form.get("client_secret")) == ("bocage", SECRET)

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def info_signed(self, claims: dict[str, Any]) -> str:
        """UserInfo as a signed token, as some providers give it."""
        return self._signed(claims)


def unsigned(claims: dict[str, Any]) -> str:
    """A token that says it needs no signature."""
    return f"{_joined({'alg': 'none'}, claims)}."


def by_secret(claims: dict[str, Any]) -> str:
    """A token signed with the public key taken for a shared secret: the confusion of algorithms."""
    joined = _joined({"alg": "HS256", "kid": "first"}, claims)
    return f"{joined}.{_text(hmac.digest(FIRST.as_pem(private=False), joined.encode(), 'sha256'))}"


def _joined(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(_text(json.dumps(part).encode()) for part in (header, claims))


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)
