"""A training: what agents and residents learn to work with the data, and how many of them."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.role import RoleName
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Audience(Labelled):
    """For whom."""

    AGENTS = "agents", _("Agents")
    ELECTED = "elected", _("Elected officials")
    RESIDENTS = "residents", _("Residents")
    PARTNERS = "partners", _("Partners")


class Training(Declaration, frozen=True, kw_only=True):
    """One training, planned or held; who came is never named."""

    kind: ClassVar[str] = "training"
    label: ClassVar[str] = _("Training")
    plural: ClassVar[str] = _("Trainings")
    about: ClassVar[str] = _("What agents, elected officials and residents learn, to work with the data.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    subject: Annotated[Text | None, noted(_("What is learnt"))] = None
    audience: Annotated[tuple[Audience, ...], noted(_("For whom"))] = ()
    roles: Annotated[tuple[RoleName, ...], noted(_("For the roles"), _("Those that need it to do their part."))] = ()
    services: Annotated[tuple[str, ...], noted(_("Public services concerned"), reference="public-service")] = ()
    project: Annotated[str, noted(_("Project"), reference="project")] = ""
    provider: Annotated[
        str, noted(_("Given by"), _("Empty when agents train each other."), reference="organisation", listed=True)
    ] = ""
    day: Annotated[date | None, noted(_("First day"), listed=True)] = None
    hours: Annotated[
        Annotated[float, msgspec.Meta(ge=0, le=2000)] | None, noted(_("Length for each person"), unit="h", listed=True)
    ] = None
    held: Annotated[bool, noted(_("Has it taken place?"), listed=True)] = False
    people: Annotated[
        Annotated[int, msgspec.Meta(ge=0)] | None, noted(_("People trained"), _("How many, never who."), listed=True)
    ] = None
    cost: Annotated[Annotated[float, msgspec.Meta(ge=0)] | None, noted(_("Cost"), unit="€")] = None
