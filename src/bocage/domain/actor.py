"""An actor: how an organisation or a group takes part, in which phase of which project."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.project import Phase
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ActorNature(Labelled):
    """Kinds of actors; a phase with one kind only is shown."""

    TERRITORY = "territory", _("Territory or public body")
    STATE = "state", _("State and its agencies")
    LARGE_COMPANY = "large-company", _("Large company")
    SMALL_COMPANY = "small-company", _("Small or medium company")
    START_UP = "start-up", _("Start-up")
    RESEARCH = "research", _("Research or teaching")
    ASSOCIATION = "association", _("Association")
    RESIDENTS = "residents", _("Group of residents")


class Share(Labelled):
    """What it does there."""

    DECIDES = "decides", _("Decides")
    PAYS = "pays", _("Pays")
    DESIGNS = "designs", _("Designs")
    SUPPLIES = "supplies", _("Supplies")
    OPERATES = "operates", _("Operates")
    USES = "uses", _("Uses")
    ADVISES = "advises", _("Advises")
    CONTROLS = "controls", _("Controls")


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One part in one phase."""

    project: Annotated[str, noted(_("Project"), _("Empty for all that is done here."), reference="project")] = ""
    phase: Annotated[Phase | None, noted(_("Phase"))] = None
    share: Annotated[Share | None, noted(_("What it does there"))] = None
    since: Annotated[date | None, noted(_("Since"))] = None
    until: Annotated[date | None, noted(_("Until"))] = None


class Actor(Declaration, frozen=True, kw_only=True):
    """One actor of the local ecosystem; what binds it stands in contracts and agreements."""

    kind: ClassVar[str] = "actor"
    label: ClassVar[str] = _("Actor")
    plural: ClassVar[str] = _("Actors")
    about: ClassVar[str] = _("Who takes part in what is done here, in which phase, for what.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    nature: Annotated[ActorNature, noted(_("Nature"), listed=True)]
    organisation: Annotated[
        str, noted(_("Organisation"), _("Empty for a group without legal form."), reference="organisation")
    ] = ""
    local: Annotated[bool | None, noted(_("Is it established in the territory or its region?"), listed=True)] = None
    parts: Annotated[tuple[Part, ...], noted(_("Parts it takes"))] = ()
    bodies: Annotated[
        tuple[str, ...], noted(_("Bodies where it has a seat"), reference="governance-body", listed=True)
    ] = ()

    def phases(self, project: str) -> frozenset[Phase]:
        """The phases of a project in which it takes part."""
        return frozenset(one.phase for one in self.parts if one.phase and one.project == project)
