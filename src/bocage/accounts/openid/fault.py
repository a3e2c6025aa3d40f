"""What can go wrong with a sign-in by the provider, in words, with what to do about it."""

from collections.abc import Mapping
from typing import Final

from bocage.domain.label import Labelled
from bocage.domain.text import message as _


class Fault(Labelled):
    """What went wrong."""

    UNREACHABLE = "unreachable", _("The provider does not answer.")
    UNSAFE = "unsafe", _("An address of the provider is not one Bocage may ask.")
    STRANGE = "strange", _("What answers at this address is not an OpenID Connect provider.")
    OTHER_ISSUER = "other-issuer", _("The provider calls itself by another name (issuer) than the one that is set.")
    NO_KEYS = "no-keys", _("The provider publishes no key its signatures could be checked with.")
    UNASKED = "unasked", _("This answer of the provider belongs to no sign-in begun in this browser.")
    DENIED = "denied", _("The provider did not let you in.")
    EXCHANGE = "exchange", _("The provider does not give what was agreed for its answer.")
    UNSIGNED = "unsigned", _("The answer of the provider is not signed in a way that can be trusted.")
    FORGED = "forged", _("The signature of the provider's answer does not hold.")
    OTHER_AUDIENCE = "other-audience", _("The answer of the provider is meant for another program.")
    EXPIRED = "expired", _("The answer of the provider has expired, or its clock and this one differ.")
    OTHER_NONCE = "other-nonce", _("The answer of the provider belongs to another sign-in.")
    OTHER_PERSON = "other-person", _("The provider speaks of two persons in one sign-in.")
    NO_EMAIL = "no-email", _("The provider does not say the e-mail address of this person.")
    UNVERIFIED = "unverified", _("The provider does not say that it checked the e-mail address of this person.")
    UNKNOWN = "unknown", _("Nobody has an account of this address here.")
    REPLACED = "replaced", _("This account belongs to another person of the provider, who had the same address.")
    CLOSED = "closed", _("This account is closed.")
    OFF = "off", _("Signing in by a provider is not offered here.")
    WAIT = "wait", _("Too many tries. Wait before the next one.")


_AGAIN: Final = _("Begin again from the page to sign in; do not use the address of an answer twice.")
_PROVIDER: Final = _("Tell whoever administers this instance: it is for them and for the provider to mend.")
_CLOCK: Final = _("Compare the clocks of both machines, then begin again.")
_ACCOUNT: Final = _("Ask the administrator of accounts of your territory, who invites people and gives roles.")
_ADDRESS: Final = _("Have your e-mail address written and checked at the provider, or sign in with your password.")

REMEDIES: Final[Mapping[Fault, str]] = {
    Fault.UNREACHABLE: _("Try again in some minutes, or sign in with your password."),
    Fault.UNSAFE: _PROVIDER,
    Fault.STRANGE: _PROVIDER,
    Fault.OTHER_ISSUER: _PROVIDER,
    Fault.NO_KEYS: _PROVIDER,
    Fault.UNASKED: _AGAIN,
    Fault.DENIED: _("Begin again, or sign in with your password."),
    Fault.EXCHANGE: _PROVIDER,
    Fault.UNSIGNED: _PROVIDER,
    Fault.FORGED: _PROVIDER,
    Fault.OTHER_AUDIENCE: _PROVIDER,
    Fault.EXPIRED: _CLOCK,
    Fault.OTHER_NONCE: _AGAIN,
    Fault.OTHER_PERSON: _PROVIDER,
    Fault.NO_EMAIL: _ADDRESS,
    Fault.UNVERIFIED: _ADDRESS,
    Fault.UNKNOWN: _ACCOUNT,
    Fault.REPLACED: _ACCOUNT,
    Fault.CLOSED: _ACCOUNT,
    Fault.OFF: _("Sign in with your password."),
    Fault.WAIT: _("Wait, then begin again."),
}


class SignInFailure(Exception):
    """A sign-in that came to nothing: which fault, and what was found (for whoever mends it, never a secret)."""

    def __init__(self, fault: Fault, found: str = "") -> None:
        self.fault, self.found = fault, found[:300]
        super().__init__(f"{fault}: {self.found}")

    @property
    def remedy(self) -> str:
        """What to do, an English message of the catalogues."""
        return REMEDIES[self.fault]
