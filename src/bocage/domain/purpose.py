"""A purpose: why measurements are collected, how finely, for whom, for how long."""

from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class LegalBasis(Labelled):
    """Regulation (EU) 2016/679, article 6(1)."""

    CONSENT = "consent", _("Consent (GDPR 6(1)(a))")
    CONTRACT = "contract", _("Contract (GDPR 6(1)(b))")
    LEGAL_OBLIGATION = "legal-obligation", _("Legal obligation (GDPR 6(1)(c))")
    VITAL_INTERESTS = "vital-interests", _("Vital interests (GDPR 6(1)(d))")
    PUBLIC_TASK = "public-task", _("Task in the public interest (GDPR 6(1)(e))")
    LEGITIMATE_INTERESTS = "legitimate-interests", _("Legitimate interests (GDPR 6(1)(f))")


class Fate(Labelled):
    """What becomes of public archives at the end of their retention (Code du patrimoine, L212-2)."""

    ELIMINATE = "eliminate", _("Elimination")
    SORT = "sort", _("Sorting")
    TRANSFER = "transfer", _("Transfer to the archives")


class ClosedQuestions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The six questions every purpose answers; a yes is refused, with no override; unanswered is not a no."""

    scoring: Annotated[
        bool | None,
        noted(
            _("Are persons scored or classed by their behaviour or character, with effects on how they are treated?")
        ),
    ] = None
    biometrics: Annotated[
        bool | None,
        noted(
            _(
                "Are persons recognised or sorted by face, gait, voice or other biometrics, or "
                "their images gathered for it?"
            )
        ),
    ] = None
    profiling: Annotated[
        bool | None, noted(_("Are emotions at work or school inferred, or offences foretold from a person's profile?"))
    ] = None
    manipulation: Annotated[
        bool | None,
        noted(_("Is behaviour steered by hidden techniques, or by weaknesses of age, disability or situation?")),
    ] = None
    tracking: Annotated[
        bool | None,
        noted(
            _(
                "Is one person, vehicle or device followed from place to place or day to day in "
                "public space, even hashed?"
            ),
            _("Billing a household's own meter is not that."),
        ),
    ] = None
    consumerism: Annotated[
        bool | None,
        noted(_("Are data or profiles sold, or is an aim of public service set by a machine without a political act?")),
    ] = None


class Collected(Labelled):
    """Regulation (EU) 2016/679: article 13 where persons give the data themselves, article 14 otherwise."""

    FROM_PERSONS = "from-persons", _("From the persons themselves (GDPR 13)")
    ELSEWHERE = "elsewhere", _("From somebody else (GDPR 14)")


class Information(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What persons are told, and the register holds, beside what follows from what runs (GDPR 13, 14, 30)."""

    persons: Annotated[Text | None, noted(_("Which persons"), _("Categories: subscribers, drivers, pupils."))] = None
    data: Annotated[Text | None, noted(_("Which data about them"), _("Categories, in plain words."))] = None
    collected: Annotated[Collected | None, noted(_("Where the data come from"))] = None
    origin: Annotated[
        Text | None, noted(_("From whom"), _("Where they do not come from the persons themselves (GDPR 14(2)(f))."))
    ] = None
    needed: Annotated[
        Text | None, noted(_("Must persons give them"), _("And what happens if they do not (GDPR 13(2)(e))."))
    ] = None
    interests: Annotated[
        Text | None, noted(_("Which legitimate interests"), _("Only on that legal basis (GDPR 13(1)(d))."))
    ] = None
    automated: Annotated[
        bool | None, noted(_("Is anything decided about a person by machine alone?"), _("GDPR 22."))
    ] = None
    logic: Annotated[Text | None, noted(_("How the machine decides, and what follows"), _("GDPR 13(2)(f)."))] = None
    guarantees: Annotated[
        Text | None,
        noted(
            _("Guarantees outside the European Union"), _("Where data go or are reached from there (GDPR 13(1)(f)).")
        ),
    ] = None
    security: Annotated[
        Text | None,
        noted(_("How the data are protected"), _("In general, without saying how to get in (GDPR 30(1)(g)).")),
    ] = None


class Purpose(Declaration, frozen=True, kw_only=True):
    """One entry of the register: of processing activities too, where persons are concerned (GDPR 30)."""

    kind: ClassVar[str] = "purpose"
    label: ClassVar[str] = _("Purpose")
    plural: ClassVar[str] = _("Purposes")
    about: ClassVar[str] = _("Why each measurement is made, for whom and for how long.")

    title: Annotated[Text, noted(_("What it is for"), _("One sentence a resident understands."), listed=True)]
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)] = ""
    owner: Annotated[
        str,
        noted(_("Owner of the data (controller)"), _("The public body that answers for it."), reference="organisation"),
    ] = ""
    personal: Annotated[
        bool | None,
        noted(
            _("Are persons concerned?"),
            _("Measurements of a dwelling, a badge, a plate, a person: yes. Air, water, street, public building: no."),
            listed=True,
        ),
    ] = None
    legal_basis: Annotated[
        LegalBasis | None, noted(_("Legal basis (personal data)"), _("Only where persons are concerned."))
    ] = None
    recipients: Annotated[tuple[str, ...], noted(_("Recipients"), reference="organisation")] = ()
    retention_months: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=1200)] | None,
        noted(_("Retention period"), _("After it, measurements are erased."), unit="months", listed=True),
    ] = None
    fate: Annotated[Fate | None, noted(_("Fate after retention"))] = None
    cadence_seconds: Annotated[
        Annotated[int, msgspec.Meta(ge=0)] | None,
        noted(
            _("Finest cadence needed"), _("Finer measurements are refused: 900 for every quarter of an hour."), unit="s"
        ),
    ] = None
    questions: Annotated[ClosedQuestions, noted(_("The six questions"))] = ClosedQuestions()
    information: Annotated[Information, noted(_("What persons are told"), _("Only where persons are concerned."))] = (
        Information()
    )
