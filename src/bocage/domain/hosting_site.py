"""A hosting site: where data lie, under whose law, with which certificates."""

from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Certification(Labelled):
    """What a third party attests of a hosting site."""

    SECNUMCLOUD = "secnumcloud", _("SecNumCloud (ANSSI)")
    HDS = "hds", _("Health data hosting (HDS)")
    ISO_27001 = "iso-27001", _("ISO/IEC 27001")


class HostingSite(Declaration, frozen=True, kw_only=True):
    """A room, a data centre, a cloud region."""

    kind: ClassVar[str] = "hosting-site"
    label: ClassVar[str] = _("Hosting site")
    plural: ClassVar[str] = _("Hosting sites")
    about: ClassVar[str] = _("Where the data lie, and under whose law.")

    title: Annotated[Text, noted(_("Name"), listed=True)]
    country: Annotated[str, noted(_("Country"), _("Two letters, ISO 3166."), listed=True, pattern=r"^[A-Z]{2}$")]
    operator: Annotated[str, noted(_("Operator"), reference="organisation", listed=True)] = ""
    operator_outside_eu: Annotated[
        bool, noted(_("Is the operator subject to the law of a country outside the European Union?"))
    ] = False
    certifications: Annotated[tuple[Certification, ...], noted(_("Certifications"))] = ()
    energy: Annotated[Text | None, noted(_("Energy"), _("Where its electricity comes from, heat reused or not."))] = (
        None
    )
