"""A shared specification: requirements that several territories wrote once, for all their purchases."""

from datetime import date
from typing import Annotated, ClassVar

from bocage.domain.dataset import Licence
from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _


class SharedSpecification(Declaration, frozen=True, kw_only=True):
    """One specification; its versions are those of its text."""

    kind: ClassVar[str] = "shared-specification"
    label: ClassVar[str] = _("Shared specification")
    plural: ClassVar[str] = _("Shared specifications")
    about: ClassVar[str] = _("Requirements written once by several territories, ready for a purchase.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    object: Annotated[Text | None, noted(_("What it is about"))] = None
    agreement: Annotated[
        str,
        noted(_("Under the agreement"), _("The one that binds the territories."), reference="agreement", listed=True),
    ] = ""
    members: Annotated[
        tuple[str, ...], noted(_("Territories that take part"), reference="organisation", listed=True)
    ] = ()
    clauses: Annotated[tuple[str, ...], noted(_("Clauses"), reference="clause")] = ()
    technologies: Annotated[tuple[str, ...], noted(_("Technologies"), reference="technology")] = ()
    adopted: Annotated[date | None, noted(_("Adopted on"), listed=True)] = None
    link: Annotated[str, noted(_("Link to the text"), pattern=r"^(https?://.*)?$")] = ""
    licence: Annotated[Licence | None, noted(_("Licence"), _("Under which others may reuse it."))] = None
    origin: Annotated[
        str, noted(_("Taken from"), _("Its name in the shared resources, or the guide it comes from."), max_length=400)
    ] = ""
