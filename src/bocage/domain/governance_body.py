"""A governance body: who sits where the data are spoken of, residents included."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, Worked, noted, worked
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class College(Labelled):
    """Whom a seat is for."""

    ELECTED = "elected", _("Elected officials")
    AGENTS = "agents", _("Agents")
    RESIDENTS = "residents", _("Residents")
    ASSOCIATIONS = "associations", _("Associations")
    COMPANIES = "companies", _("Companies")
    RESEARCH = "research", _("Research or teaching")
    TERRITORIES = "territories", _("Other territories")


class Seats(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Seats of one college."""

    college: Annotated[College, noted(_("College"))]
    seats: Annotated[Annotated[int, msgspec.Meta(ge=0)] | None, noted(_("Seats"))] = None
    vacant: Annotated[Annotated[int, msgspec.Meta(ge=0)] | None, noted(_("Of which vacant"))] = None


class GovernanceBody(Declaration, frozen=True, kw_only=True):
    """A body that decides, advises or watches; its members are never named."""

    kind: ClassVar[str] = "governance-body"
    label: ClassVar[str] = _("Governance body")
    plural: ClassVar[str] = _("Governance bodies")
    about: ClassVar[str] = _("Where data and projects are spoken of, and who has a seat there.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    mission: Annotated[Text | None, noted(_("What it does"), _("Decides, advises, watches."))] = None
    seats: Annotated[tuple[Seats, ...], noted(_("Seats"))] = ()
    meetings: Annotated[
        Annotated[int, msgspec.Meta(ge=0, le=400)] | None, noted(_("Meetings each year"), listed=True)
    ] = None
    last_met: Annotated[date | None, noted(_("Last met on"), listed=True)] = None
    link: Annotated[str, noted(_("Link to its minutes"), pattern=r"^(https?://.*)?$")] = ""
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    def worked_out(self) -> tuple[Worked, ...]:
        """Seats in all, and those of residents."""
        if not self.seats:
            return ()
        whole = sum(one.seats or 0 for one in self.seats)
        return worked(_("Seats in all"), whole), worked(_("Seats of residents"), self.held_by(College.RESIDENTS))

    def held_by(self, college: College) -> int:
        """How many seats a college has."""
        return sum(one.seats or 0 for one in self.seats if one.college is college)
