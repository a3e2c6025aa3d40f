"""An MQTT broker that a source listens to: where it is, which topics, and what the topics and messages say."""

from typing import Annotated, Final

import msgspec

from bocage.domain.declaration import noted
from bocage.domain.label import Labelled
from bocage.domain.text import message as _

FILTER: Final = r"^(#|([^+#/\x00]*|\+)(/([^+#/\x00]*|\+))*(/#)?)$"
NAMING: Final = r"^(([^{}+#/\x00]*|\+|\{[a-z][a-z0-9_]*\})(/([^{}+#/\x00]*|\+|\{[a-z][a-z0-9_]*\}))*(/#)?)?$"
_TLS, _PLAIN = 8883, 1883


class Version(Labelled):
    """Which form of the protocol is spoken."""

    FIVE = "5", _("MQTT 5")
    THREE = "3.1.1", _("MQTT 3.1.1")


class Payload(Labelled):
    """What a message holds."""

    FORMAT = "format", _("A document in the format of the source")
    VALUE = "value", _("One value and nothing else, measured when it arrives")


class Door(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where a broker is, and how one speaks to it. User, password and certificates are kept apart, never here."""

    host: Annotated[str, noted(_("Name of the broker"), _("As in: mqtt.my-town.example"), pattern=r"^[^\s/@]+$")]
    port: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=65_535)] | None,
        noted(_("Port"), _("8883 with TLS and 1883 without, when empty.")),
    ] = None
    tls: Annotated[bool, noted(_("Is the connection encrypted (TLS)?"))] = True
    version: Annotated[Version, noted(_("Form of the protocol"))] = Version.FIVE

    @property
    def door(self) -> int:
        """The port that holds."""
        return self.port or (_TLS if self.tls else _PLAIN)

    @property
    def place(self) -> str:
        """Host and port, as people write them."""
        return f"[{self.host}]:{self.door}" if ":" in self.host else f"{self.host}:{self.door}"


class Broker(Door, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where to subscribe, and to what.

    `parts` names the levels of a topic: `town/{device}/{property}`; what they hold fills the braces of the key of the
    series. `group`: the processes of one group share the messages (shared subscription).
    """

    topics: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern=FILTER, min_length=1, max_length=1_000)], ...],
        noted(_("Topics listened to"), _("One a line; + stands for one level, # for all that follow.")),
    ] = ()
    parts: Annotated[
        str,
        noted(
            _("What the levels of a topic are"),
            _("As in: town/{device}/{property}. The key of the series may then hold {device} and {property}."),
            pattern=NAMING,
        ),
    ] = ""
    payload: Annotated[Payload, noted(_("What a message holds"))] = Payload.FORMAT
    group: Annotated[
        str,
        noted(
            _("Group that shares the messages"),
            _("Only where several processes listen for the same source (shared subscription)."),
            pattern=r"^[^/+#\s]*$",
        ),
    ] = ""
    creates: Annotated[
        bool,
        noted(
            _("May its messages create equipment and series?"),
            _("Only for SensorThings, and where you know everyone who may publish at this broker."),
        ),
    ] = False
    client: Annotated[
        str,
        noted(
            _("Name of Bocage at the broker"), _("Only where the broker asks for one."), pattern=r"^[^\s+#/]{0,100}$"
        ),
    ] = ""

    @property
    def filters(self) -> tuple[str, ...]:
        """The topics as they are subscribed to."""
        return tuple(f"$share/{self.group}/{topic}" if self.group else topic for topic in self.topics)
