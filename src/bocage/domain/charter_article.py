"""An article of a charter, on which clauses of contracts rest."""

from typing import Annotated, ClassVar

from bocage.domain.declaration import Declaration, noted
from bocage.domain.text import Text
from bocage.domain.text import message as _


class CharterArticle(Declaration, frozen=True, kw_only=True):
    """One article: the first link of the chain article, clause, contract."""

    kind: ClassVar[str] = "charter-article"
    label: ClassVar[str] = _("Article of a charter")
    plural: ClassVar[str] = _("Articles of charters")
    about: ClassVar[str] = _("Each article of the charters, and what became of it in contracts.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    charter: Annotated[str, noted(_("Charter"), reference="charter", listed=True, min_length=1)]
    number: Annotated[str, noted(_("Number"), listed=True, max_length=20)] = ""
    text: Annotated[Text | None, noted(_("Text"), _("Word for word."))] = None
