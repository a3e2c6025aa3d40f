"""An actuator: equipment that takes orders, what can be set on it, and the safe value it always goes back to.

Names after OGC SensorThings API Part 2, Tasking Core (17-079r1): actuator, tasking capability, task.
"""

from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.sensing import Unit
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Setting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One of the values that can be set, and what people call it."""

    value: Annotated[float, noted(_("Value"))]
    title: Annotated[Text | None, noted(_("What people call it"))] = None


class Actuator(Declaration, frozen=True, kw_only=True):
    """One thing that can be set from here: never by one person alone, never for longer than it says."""

    kind: ClassVar[str] = "actuator"
    label: ClassVar[str] = _("Actuator")
    plural: ClassVar[str] = _("Actuators")
    about: ClassVar[str] = _("What can be set from here, by two persons, and the safe value it goes back to.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    thing: Annotated[str, noted(_("Thing"), reference="thing", listed=True)] = ""
    service: Annotated[str, noted(_("Service in charge"), reference="public-service", listed=True)] = ""
    sets: Annotated[str, noted(_("What is set"), reference="observed-property", listed=True)] = ""
    unit: Annotated[Unit, noted(_("Unit"))] = Unit()
    settings: Annotated[
        tuple[Setting, ...], noted(_("Values that can be set"), _("A closed list; or a least and a greatest value."))
    ] = ()
    minimum: Annotated[float | None, noted(_("Least value that can be set"))] = None
    maximum: Annotated[float | None, noted(_("Greatest value that can be set"))] = None
    safe: Annotated[
        float | None,
        noted(_("Safe value"), _("It goes back to it by itself; no harm is done while nobody looks."), listed=True),
    ] = None
    longest_minutes: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=10_080)] | None,
        noted(_("Longest time of an order"), unit="min", listed=True),
    ] = None
    obeyed_minutes: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=1440)],
        noted(
            _("Must have obeyed within"),
            _("Otherwise it is sent back. The series below shows it; without one, that the receiver took the order."),
            unit="min",
        ),
    ] = 5
    datastream: Annotated[
        str, noted(_("Series that shows it"), _("In the same unit as what is set."), reference="datastream")
    ] = ""
    tolerance: Annotated[
        Annotated[float, msgspec.Meta(ge=0)],
        noted(_("Difference that still counts as obeyed"), _("In the unit of what is set.")),
    ] = 0.0
    address: Annotated[
        str,
        noted(
            _("Address that receives orders"),
            _("It answers POST with 200 once it has taken the order; what it checks is told on the page of orders."),
            pattern=r"^(https?://[^\s@/?#]+([/?][^\s#]*)?)?$",
            max_length=500,
        ),
    ] = ""
    hosting: Annotated[
        str,
        noted(
            _("Where orders pass through"),
            _("The platform of a vendor, for instance. Empty when they stay on the territory's own network."),
            reference="hosting-site",
        ),
    ] = ""
    technology: Annotated[str, noted(_("Technology"), reference="technology")] = ""
    by_hand: Annotated[
        Text | None, noted(_("How one does the same by hand"), _("Without a screen: the switch, the valve, the key."))
    ] = None
    channels: Annotated[
        tuple[str, ...], noted(_("Who can do it by hand"), _("Whom one calls."), reference="human-channel")
    ] = ()
    active: Annotated[bool, noted(_("Is it in force?"), _("No order leaves while it is not."), listed=True)] = True

    @property
    def ranges(self) -> bool:
        """Whether a least and a greatest value say what can be set."""
        return self.minimum is not None and self.maximum is not None and self.minimum < self.maximum

    def takes(self, value: float) -> bool:
        """Whether this value can be set."""
        if self.settings:
            return any(one.value == value for one in self.settings)
        return self.minimum is not None and self.maximum is not None and self.minimum <= value <= self.maximum

    def called(self, value: float) -> Text | None:
        """What people call this value, where the list says it."""
        return next((one.title for one in self.settings if one.value == value), None)
