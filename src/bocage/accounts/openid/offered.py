"""The provider as it is set now: whether it is offered to people, and what identifies a setting that was tried."""

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bocage.accounts.chosen import Chosen
from bocage.accounts.openid.asking import Asking
from bocage.accounts.openid.fault import Fault, SignInFailure
from bocage.accounts.openid.provider import Provider
from bocage.accounts.openid.trip import Client
from bocage.domain.instance_settings import OpenIdConnect

SECRET: Final = "openid"  # noqa: S105 - the name of the secret
BACK: Final = "/sign-in/openid/back"


class OpenId:
    """Signing in by a provider, as an administrator set it."""

    def __init__(self, chosen: Chosen, clock: Callable[[], datetime], asking: Asking | None = None) -> None:
        self._chosen, self._clock, self._asking = chosen, clock, asking or Asking()
        self._lock = threading.Lock()
        self._provider: Provider | None = None

    @property
    def setting(self) -> OpenIdConnect | None:
        """What is set, offered to people or not."""
        return self._chosen.now.sign_in

    @property
    def offered(self) -> OpenIdConnect | None:
        """What people are offered; None when nothing is."""
        setting = self.setting
        return setting if setting and setting.on and self._chosen.now.public_url else None

    @property
    def back(self) -> str:
        """The address the provider must send people back to; empty without a public address."""
        public = self._chosen.now.public_url.rstrip("/")
        return f"{public}{BACK}" if public else ""

    @property
    def client(self) -> Client:
        """Bocage as the provider knows it; SignInFailure when nothing is set."""
        if self.setting is None or not self.back:
            raise SignInFailure(Fault.OFF)
        return Client(name=self.setting.client_id, secret=self._chosen.secret(SECRET), back=self.back)

    def provider(self, *, afresh: bool = False) -> Provider:
        """The provider that is set; `afresh`: nothing that was read from it before counts."""
        if self.setting is None:
            raise SignInFailure(Fault.OFF)
        with self._lock:
            if afresh or self._provider is None or self._provider.issuer != self.setting.issuer:
                self._provider = Provider(self.setting.issuer, self._asking, self._clock)
            return self._provider

    @property
    def mark(self) -> str:
        """What identifies this setting, its secret and the public address, and gives none of them away."""
        setting, client = self.setting, self.client
        parts = (setting.issuer if setting else "", client.name, client.secret, client.back)
        trusted = str(setting.vouches) if setting else ""
        return hashlib.sha256("\0".join((*parts, trusted)).encode()).hexdigest()[:32]

    @property
    def tried(self) -> bool:
        """Whether somebody signed in on trial with just this setting."""
        return bool(self.setting and self.back and self.setting.tried == self.mark)
