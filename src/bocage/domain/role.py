"""Who holds which part of the data function, and so may do what."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class RoleName(Labelled):
    """The roles of the table of rights; that of access to documents opens nothing, and is somebody to ask."""

    AGENT = "agent", _("Agent")
    STEWARD = "steward", _("Data steward")
    DATA_ADMINISTRATOR = "data-administrator", _("Data administrator")
    DPO = "dpo", _("Data protection officer")
    SECURITY_OFFICER = "security-officer", _("Security officer")
    ACCESS_OFFICER = "access-officer", _("Person in charge of access to administrative documents (PRADA)")
    DECIDER = "decider", _("Decider (elected, director)")
    CONTRACTOR = "contractor", _("Contractor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Role(Declaration, frozen=True, kw_only=True):
    """A role held in the territory; the account named here has its rights while it lasts."""

    kind: ClassVar[str] = "role"
    label: ClassVar[str] = _("Role")
    plural: ClassVar[str] = _("Roles")
    about: ClassVar[str] = _("Who is in charge of the data, and of what.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    role: Annotated[RoleName, noted(_("Role"), listed=True)]
    holder: Annotated[
        str, noted(_("Account of the holder"), _("The e-mail address the person signs in with."), personal=True)
    ] = ""
    organisation: Annotated[str, noted(_("Organisation"), reference="organisation")] = ""
    services: Annotated[
        tuple[str, ...], noted(_("Public services concerned"), _("All of them when empty."), reference="public-service")
    ] = ()
    sources: Annotated[
        tuple[str, ...],
        noted(_("Sources concerned"), _("For a contractor: the only ones it sees."), reference="source"),
    ] = ()
    since: Annotated[date | None, noted(_("Since"), listed=True)] = None
    until: Annotated[date | None, noted(_("Until"), listed=True)] = None

    def lasts(self, today: date) -> bool:
        """Whether it is held on that day."""
        return (self.since is None or self.since <= today) and (self.until is None or today <= self.until)
