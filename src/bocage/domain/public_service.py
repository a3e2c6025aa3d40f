"""A public service: the responsibility held, and how it is run."""

from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Competence(Labelled):
    """The responsibility the service exercises."""

    LIGHTING = "lighting", _("Street lighting")
    ENERGY = "energy", _("Energy")
    BUILDINGS = "buildings", _("Public buildings")
    WATER = "water", _("Drinking water")
    SANITATION = "sanitation", _("Sanitation")
    WASTE = "waste", _("Waste")
    MOBILITY = "mobility", _("Mobility and roads")
    ENVIRONMENT = "environment", _("Environment")
    EDUCATION = "education", _("Education")
    CULTURE = "culture", _("Culture and sport")
    RESIDENTS = "residents", _("Relations with residents")
    OTHER = "other", _("Other")


class Running(Labelled):
    """How the service is run."""

    REGIE = "regie", _("By the territory itself")
    MARKET = "market", _("By a contractor (public contract)")
    CONCESSION = "concession", _("By a concession (delegation of public service)")
    PUBLIC_COMPANY = "public-company", _("By a local public company")
    SHARED = "shared", _("By another territory or a syndicate")


class PublicService(Declaration, frozen=True, kw_only=True):
    """A service rendered to residents, that data may steer."""

    kind: ClassVar[str] = "public-service"
    label: ClassVar[str] = _("Public service")
    plural: ClassVar[str] = _("Public services")
    about: ClassVar[str] = _("What the territory is responsible for, and who runs it.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    competence: Annotated[Competence, noted(_("Legal responsibility held"), listed=True)]
    running: Annotated[Running, noted(_("How it is run"), listed=True)] = Running.REGIE
    operator: Annotated[
        str, noted(_("Run by"), _("Empty when the territory runs it itself."), reference="organisation")
    ] = ""
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""
