"""The explicit mention that a decision made with an algorithm carries (CRPA, L311-3-1 and R311-3-1-1)."""

import msgspec

from bocage.domain.algorithm import Algorithm, Automation
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.words.catalogue import translate


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """Its title and its paragraphs, in one language."""

    lang: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it, to paste into a letter."""
        return "\n\n".join((self.title, *self.paragraphs)) + "\n"


TITLE = _("Information on the use of algorithmic processing")
_WITH = _("This decision was made on the basis of algorithmic processing.")
_ALONE = _("This decision was made solely on the basis of algorithmic processing.")
_AIM = _("Aim of this processing: %(aim)s.")
_RULES = _("Its rules are published at this address: %(address)s")
_RIGHT = _(
    "Under articles L311-3-1, R311-3-1-1 and R311-3-1-2 of the Code of relations between the public and the "
    "administration, you may ask %(administration)s for the rules that define this processing and for the main "
    "characteristics of how it was applied to you. To do so: %(contact)s"
)
_SILENCE = _(
    "Without an answer within one month of receiving your request, you have two months to refer the matter to the "
    "Commission for access to administrative documents (CADA, www.cada.fr)."
)
_PERSON = _("To contest this decision or to speak to a person: %(way)s")


def mention(entry: Algorithm, administration: Text, address: str, lang: str) -> Mention | None:
    """The mention, None while the entry lacks its aim or whom to ask; `address` of its rules, empty when unknown.

    Its wording follows the model of Etalab ("L'obligation de mention explicite", 2 October 2020).
    """
    aim, contact = entry.inventory.aim, entry.contact
    if aim is None or contact is None:
        return None
    values = {
        "aim": _unstopped(aim.read(lang)[0]),
        "administration": administration.read(lang)[0],
        "contact": contact.read(lang)[0],
        "address": address,
        "way": entry.human_way.read(lang)[0] if entry.human_way else "",
    }
    alone = entry.automation is Automation.DECIDES
    said = [
        _ALONE if alone else _WITH,
        _AIM,
        *((_RULES,) if address else ()),
        _RIGHT,
        _SILENCE,
        *((_PERSON,) if entry.human_way else ()),
    ]
    paragraphs = tuple(translate(one, lang) % values for one in said)
    return Mention(lang=lang, title=translate(TITLE, lang), paragraphs=paragraphs)


def _unstopped(text: str) -> str:
    return text.strip().removesuffix(".")
