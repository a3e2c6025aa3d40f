"""The territory itself: what the State's files say of it, and the little they cannot say."""

from typing import Annotated, ClassVar, Final

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Level(Labelled):
    """What kind of territory it is."""

    COMMUNE = "commune", _("Town (commune)")
    EPCI = "epci", _("Group of towns (EPCI)")
    SYNDICATE = "syndicate", _("Syndicate")
    DEPARTMENT = "department", _("Department")
    REGION = "region", _("Region")


GATHERING: Final = frozenset({Level.EPCI, Level.SYNDICATE, Level.DEPARTMENT, Level.REGION})
"""Levels of territories that have others to offer something to."""


class Territory(Declaration, frozen=True, kw_only=True):
    """Filled from its INSEE code; its slug is the territory's own key everywhere."""

    kind: ClassVar[str] = "territory"
    label: ClassVar[str] = _("Territory")
    plural: ClassVar[str] = _("Territory")
    about: ClassVar[str] = _("Who keeps its word here, and how to reach a person.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    level: Annotated[Level, noted(_("Kind of territory"), listed=True)] = Level.COMMUNE
    code: Annotated[str, noted(_("INSEE or SIREN code"), _("Empty only for an invented territory."), listed=True)] = ""
    population: Annotated[int, noted(_("Population"), listed=True, ge=0)] = 0
    agents: Annotated[
        Annotated[int, msgspec.Meta(ge=0)] | None,
        noted(_("Agents, in full-time equivalents"), _("Decides which duties of law apply from 50 agents on.")),
    ] = None
    epci: Annotated[str, noted(_("SIREN of its group of towns"))] = ""
    epci_name: Annotated[str, noted(_("Name of its group of towns"))] = ""
    department: Annotated[str, noted(_("Department"))] = ""
    time_zone: Annotated[str, noted(_("Time zone"), _("Days of this territory begin at its own midnight."))] = (
        "Europe/Paris"
    )
    centre: Annotated[tuple[float, float] | None, noted(_("Centre of the map (longitude, latitude)"))] = None
    vendor_ceiling: Annotated[
        Annotated[float, msgspec.Meta(gt=0, le=1)] | None,
        noted(
            _("Most weight of one supplier"),
            _("Herfindahl index, from 0 to 1, in each part of the chain; one half when empty: two equal suppliers."),
        ),
    ] = None
    demonstration: Annotated[
        bool,
        noted(
            _("Invented territory, for demonstration"), _("Only such a territory may replay measurements of elsewhere.")
        ),
    ] = False
    contact: Annotated[
        Text | None, noted(_("Speak to a person"), _("Counter, telephone and opening hours, in one or two sentences."))
    ] = None
    officer: Annotated[
        Text | None,
        noted(
            _("Write to the data protection officer"),
            _("An address of the function, not of a person: every information notice gives it (GDPR 13(1)(b))."),
        ),
    ] = None

    @property
    def gathers(self) -> bool:
        """Whether it gathers other territories."""
        return self.level in GATHERING
