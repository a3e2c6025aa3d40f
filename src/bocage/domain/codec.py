"""A codec: the vendor's own JavaScript, which makes values of the bytes a sensor sends."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _

LONGEST = 400_000  # characters of a script: the largest of the vendors', one for all models, take 240,000


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes of one frame: the port they came on, when (UTC ms; 0 when nobody knows), and what else a codec may
    ask for by name."""

    device: str
    port: int
    body: bytes
    at: int = 0
    variables: Mapping[str, str] = {}


Translate = Callable[[Raw], Mapping[str, Any] | None]
"""What the codec of a device makes of its bytes; None when no codec is declared for it. Raises CodecFailure."""


class Example(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Bytes of a sensor, to try a codec with."""

    payload: Annotated[
        str, noted(_("Bytes"), _("In hexadecimal."), pattern=r"^([0-9a-f]{2})*$", max_length=1024, min_length=2)
    ]
    port: Annotated[int, noted(_("Port"), ge=0, le=255)] = 1


class Codec(Declaration, frozen=True, kw_only=True):
    """One script. Vendors' code is theirs: this register is not public."""

    kind: ClassVar[str] = "codec"
    public: ClassVar[bool] = False
    label: ClassVar[str] = _("Decoder of sensors")
    plural: ClassVar[str] = _("Decoders of sensors")
    about: ClassVar[str] = _("Scripts of vendors that read the bytes of their sensors.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    source: Annotated[str, noted(_("Source"), reference="source", listed=True)]
    script: Annotated[
        str,
        noted(
            _("Script"),
            _("JavaScript, as the vendor gives it for The Things Stack or ChirpStack."),
            control="code",
            min_length=1,
            max_length=LONGEST,
        ),
    ]
    devices: Annotated[
        tuple[str, ...],
        noted(_("For which devices"), _("Numbers of devices (DevEUI), or how they begin. Empty: all of the source.")),
    ] = ()
    origin: Annotated[str, noted(_("Where it comes from"), max_length=500)] = ""
    licence: Annotated[str, noted(_("Licence"), max_length=200)] = ""
    examples: Annotated[tuple[Example, ...], noted(_("Examples"))] = ()

    @property
    def digest(self) -> str:
        """The SHA-256 of the script, in hexadecimal: what one compares before trusting it."""
        return hashlib.sha256(self.script.encode()).hexdigest()

    def fits(self, device: str) -> int:
        """How closely it is meant for a device: signs of its number that are named; -1 when it is not."""
        if not self.devices:
            return 0
        named = (plain(one) for one in self.devices)
        return max((len(one) for one in named if one and device.startswith(one)), default=-1)


def plain(number: str) -> str:
    """The number of a device as it is compared: hexadecimal signs, lower case."""
    return "".join(sign for sign in number.lower().removeprefix("eui-") if sign in "0123456789abcdef")
