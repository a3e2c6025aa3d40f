"""A clause: words to put into contracts, with the article of a charter they come from."""

from typing import Annotated, ClassVar

from bocage.domain.contract import Scheme
from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class ClauseSubject(Labelled):
    """What a clause is about."""

    DATA = "data", _("Data")
    INNOVATION = "innovation", _("Innovation")
    ETHICS = "ethics", _("Ethics")
    SOBRIETY = "sobriety", _("Sobriety")
    SOVEREIGNTY = "sovereignty", _("Sovereignty")
    SECURITY = "security", _("Security")
    REVERSIBILITY = "reversibility", _("Reversibility")
    INTELLECTUAL_PROPERTY = "intellectual-property", _("Intellectual property")
    ECONOMICS = "economics", _("Economic terms")


class Clause(Declaration, frozen=True, kw_only=True):
    """One clause of the library; its versions are those of its text, and a contract names the one it holds."""

    kind: ClassVar[str] = "clause"
    label: ClassVar[str] = _("Clause")
    plural: ClassVar[str] = _("Clauses")
    about: ClassVar[str] = _("Words ready for contracts, and the article of the charter each one comes from.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    subject: Annotated[ClauseSubject, noted(_("About"), listed=True)]
    text: Annotated[Text | None, noted(_("Text"), _("Word for word, as it goes into the contract."))] = None
    articles: Annotated[
        tuple[str, ...],
        noted(
            _("Articles it comes from"), _("Of the charters declared here."), reference="charter-article", listed=True
        ),
    ] = ()
    schemes: Annotated[
        tuple[Scheme, ...], noted(_("Expected in"), _("A contract of one of these forms shows that it lacks it."))
    ] = ()
    origin: Annotated[
        str, noted(_("Taken from"), _("Its name in the shared resources, or the guide it comes from."), max_length=400)
    ] = ""
    in_force: Annotated[bool, noted(_("May it still be used?"), listed=True)] = True
