"""A human channel: a telephone or a counter where a person answers, and when that was last tried."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, Worked, noted, worked
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ChannelMeans(Labelled):
    """How one reaches a person."""

    TELEPHONE = "telephone", _("Telephone")
    COUNTER = "counter", _("Counter")
    POST = "post", _("Post")
    VISIT = "visit", _("At home, or in a travelling office")


class TestCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One try by a person who called or came as anybody would."""

    day: Annotated[date | None, noted(_("Date"))] = None
    answered: Annotated[bool, noted(_("Did a person answer?"))] = False
    minutes: Annotated[Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("After"), unit="min")] = None
    comment: Annotated[str, noted(_("Comment"), max_length=300)] = ""


class HumanChannel(Declaration, frozen=True, kw_only=True):
    """One way to reach a person; who answers is never named."""

    kind: ClassVar[str] = "human-channel"
    label: ClassVar[str] = _("Human channel")
    plural: ClassVar[str] = _("Human channels")
    about: ClassVar[str] = _("Telephones and counters where a person answers, and when somebody last tried.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    means: Annotated[ChannelMeans, noted(_("Means"), listed=True)]
    contact: Annotated[
        Text | None, noted(_("Number or place, with opening hours"), _("As it is printed for residents."), listed=True)
    ] = None
    services: Annotated[
        tuple[str, ...],
        noted(_("Public services concerned"), _("All of them when empty."), reference="public-service"),
    ] = ()
    accessible: Annotated[
        bool | None,
        noted(_("Can people with a disability use it?"), _("Step-free access, relay for deaf persons, plain words.")),
    ] = None
    tests: Annotated[tuple[TestCall, ...], noted(_("Tries"))] = ()

    def worked_out(self) -> tuple[Worked, ...]:
        """When somebody last tried, and whether a person answered."""
        last = self.last_test
        return (worked(_("Last try"), last.day), worked(_("Did a person answer?"), last.answered)) if last else ()

    @property
    def last_test(self) -> TestCall | None:
        """The latest dated try."""
        dated = [(one.day, place) for place, one in enumerate(self.tests) if one.day]
        return self.tests[max(dated)[1]] if dated else None
