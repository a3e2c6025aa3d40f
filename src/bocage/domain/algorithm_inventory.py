"""What an entry of the published list says further: the sheet of Etalab, and what the law asks of decisions."""

from typing import Annotated

import msgspec

from bocage.domain.declaration import noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _

_LINK = r"^(https?://.*)?$"


class DecisionScope(Labelled):
    """Whom the decisions reach."""

    EXTERNAL = "external", _("People or organisations outside the administration")
    INTERNAL = "internal", _("A procedure within the administration")


class AiCategory(Labelled):
    """Regulation (EU) 2024/1689, as it classes systems."""

    NOT_AI = "not-ai", _("Not artificial intelligence: rules written by people (article 3(1))")
    MINIMAL = "minimal", _("Artificial intelligence without a duty of its own")
    TOLD = "told", _("Artificial intelligence that people must be told of (article 50)")
    HIGH_RISK = "high-risk", _("High-risk artificial intelligence (article 6, annex III)")
    PROHIBITED = "prohibited", _("Prohibited practice (article 5)")


class UsedData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One kind of data that is used, and the two things one must know of it."""

    what: Annotated[Text, noted(_("Data used"))]
    source: Annotated[
        Text | None, noted(_("Who provides them, and how"), _("The applicant by a form, another administration..."))
    ] = None
    collected: Annotated[Text | None, noted(_("How they are collected at first"))] = None


class Inventory(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The sheet "inventaire des principaux traitements algorithmiques" of Etalab (11 February 2021), whose other lines
    the entry itself says; and what the Dutch publication standard asks besides (`benefits`, `risks`, `provider`)."""

    aim: Annotated[
        Text | None, noted(_("What it serves to do"), _("Its aim, in one sentence: the mention says it."))
    ] = None
    context: Annotated[
        Text | None, noted(_("Context"), _("Why a decision is taken, who takes part in it, which tasks it asks for."))
    ] = None
    step: Annotated[
        Text | None, noted(_("When it comes in, and for what"), _("The whole process, and the part it takes in it."))
    ] = None
    decisions_a_year: Annotated[Annotated[int, msgspec.Meta(ge=0)] | None, noted(_("Decisions a year"))] = None
    scope: Annotated[DecisionScope | None, noted(_("Whom the decisions reach"))] = None
    public: Annotated[
        Text | None, noted(_("People concerned"), _("Who is affected, and whether the effects on them are important."))
    ] = None
    data: Annotated[tuple[UsedData, ...], noted(_("Data used"), _("One line for each source."))] = ()
    operations: Annotated[
        Text | None, noted(_("What it does with them"), _("Calculations, weights, thresholds: as the rules say."))
    ] = None
    benefits: Annotated[
        Text | None, noted(_("For and against"), _("Why it is justified, and which other ways were considered."))
    ] = None
    risks: Annotated[Text | None, noted(_("Risks, and what is done about them"))] = None
    provider: Annotated[
        str, noted(_("Supplied by"), _("Empty when the territory made it."), reference="organisation")
    ] = ""
    code: Annotated[str, noted(_("Link to its source code"), pattern=_LINK)] = ""
    link: Annotated[str, noted(_("Link to the form or the procedure"), pattern=_LINK)] = ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """The lines of the sheet that say nothing yet; benefits, risks and links are not asked by the guide."""
        asked = ("aim", "context", "step", "decisions_a_year", "scope", "public", "data", "operations")
        return tuple(name for name in asked if getattr(self, name) in (None, ()))


class DecisionLaw(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the law asks of what founds individual decisions."""

    administration: Annotated[
        str,
        noted(
            _("Administration that decides"),
            _("Empty when it is the territory itself."),
            reference="organisation",
        ),
    ] = ""
    ai_category: Annotated[
        AiCategory | None, noted(_("Category in the Artificial Intelligence Act"), _("Regulation (EU) 2024/1689."))
    ] = None
    special_data: Annotated[
        bool | None,
        noted(
            _("Does it use sensitive data?"),
            _("Origin, opinions, health, sexual orientation...: law no. 78-17, article 6, I."),
        ),
    ] = None
    explained: Annotated[
        Text | None,
        noted(
            _("How a decision is explained to the person"),
            _("For what decides by itself: in detail, in a form that can be understood (law no. 78-17, article 47)."),
        ),
    ] = None
