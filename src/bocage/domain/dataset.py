"""A dataset: datastreams published together, with who answers for them and why they are open or not."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Sensitivity(Labelled):
    """How sensitive the data are; hosting has to fit."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    PERSONAL = "personal", _("Personal data")
    SENSITIVE = "sensitive", _("Special categories of personal data, or security of the territory")


class Licence(Labelled):
    """Licences of article D323-2-1 of the CRPA that are used for data, and the one international equivalent."""

    ETALAB_2 = "etalab-2.0", _("Licence Ouverte 2.0")
    ODBL_1 = "ODbL-1.0", _("Open Database License 1.0 (share alike)")


class Openness(Labelled):
    """Open by default."""

    OPEN = "open", _("Open to all")
    CLOSED = "closed", _("Closed, for a stated reason")


class Ground(Labelled):
    """Why data may stay closed: Code des relations entre le public et l'administration."""

    PRIVACY = "privacy", _("Privacy (CRPA L311-6, 1°)")
    BUSINESS_SECRET = "business-secret", _("Business secrets (CRPA L311-6, 1°)")
    PUBLIC_SECURITY = (
        "public-security",
        _("Public security, safety of persons or of information systems (CRPA L311-5, 2° d)"),
    )
    PREPARATORY = "preparatory", _("Preparatory document of a decision being prepared (CRPA L311-2)")
    THIRD_PARTY_RIGHTS = "third-party-rights", _("Literary and artistic property of a third party (CRPA L311-4)")


class Environmental(Labelled):
    """Whether it holds what the Code de l'environnement calls so: it is refused on stricter terms."""

    NONE = "none", _("No environmental information")
    INFORMATION = "information", _("Environmental information (Code de l'environnement, L124-2)")
    EMISSIONS = "emissions", _("Emissions of substances into the environment (Code de l'environnement, L124-5)")


class Dataset(Declaration, frozen=True, kw_only=True):
    """What a resident, a neighbour or a company may take away, or the reason why not."""

    kind: ClassVar[str] = "dataset"
    label: ClassVar[str] = _("Dataset")
    plural: ClassVar[str] = _("Datasets")
    about: ClassVar[str] = _("What is published, by whom and under which licence.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    description: Annotated[Text | None, noted(_("Description"))] = None
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)] = ""
    steward: Annotated[str, noted(_("Data steward"), reference="role")] = ""
    owner: Annotated[str, noted(_("Owner"), reference="organisation")] = ""
    sensitivity: Annotated[Sensitivity | None, noted(_("Sensitivity"), listed=True)] = None
    data_schema: Annotated[str, noted(_("Data schema"), _("How its files are written."), reference="data-schema")] = ""
    hosting: Annotated[str, noted(_("Hosted at"), reference="hosting-site")] = ""
    licence: Annotated[Licence, noted(_("Licence"), listed=True)] = Licence.ETALAB_2
    openness: Annotated[Openness, noted(_("Openness"), _("Open unless justified."), listed=True)] = Openness.OPEN
    ground: Annotated[Ground | None, noted(_("Reason for staying closed"))] = None
    reason: Annotated[Text | None, noted(_("The reason in plain words"))] = None
    review: Annotated[date | None, noted(_("Date at which a person decides again"), _("It never opens by itself."))] = (
        None
    )
    environmental: Annotated[
        Environmental | None,
        noted(
            _("Environmental information"),
            _("State of air, water, soil, nature; noise, waste, energy, emissions. Asked of what is closed."),
        ),
    ] = None
    weighing: Annotated[
        Text | None,
        noted(
            _("What was weighed before closing environmental information"),
            _("What giving it would bring, what it would harm, and why the harm weighs more."),
        ),
    ] = None
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""
