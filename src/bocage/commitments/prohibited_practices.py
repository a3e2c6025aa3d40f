"""AI Act article 5, applicable since 2 February 2025, and what the model refuses beyond it."""

from datetime import date

from bocage.commitments.answers import kept, or_kept, refusal, to_mend
from bocage.commitments.behaviour import DEVICE, LINKED, PLATE
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import FLOW, Flow, Sign, Strand
from bocage.commitments.persons import words_of
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import always, required
from bocage.commitments.texts import ai_act, gdpr, study
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import Purpose
from bocage.domain.text import message as _

CODE = "prohibited_practices"
FORBIDDEN_BY_LAW = ("scoring", "biometrics", "profiling", "manipulation")
REFUSED_BY_MODEL = ("tracking", "consumerism")
POLICE_WORDS = frozenset({"police", "gendarmerie"})
"""Words of the name of an organisation that does not say whether it looks for offences."""
QUESTIONS = (*FORBIDDEN_BY_LAW, *REFUSED_BY_MODEL)


def answered_yes(purpose: Purpose) -> tuple[str, ...]:
    """The questions that the purpose answers by yes."""
    return tuple(question for question in QUESTIONS if getattr(purpose.questions, question) is True)


def unanswered(purpose: Purpose) -> tuple[str, ...]:
    """The questions that the purpose does not answer; silence is not a no."""
    return tuple(question for question in QUESTIONS if getattr(purpose.questions, question) is None)


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A purpose that answers yes to one of the six questions is not even written."""
    if not isinstance(change.after, Purpose):
        return ()
    return tuple(_yes(change.slug, question) for question in answered_yes(change.after))


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """A yes, a question without an answer, or values that show plates, devices or identifiers that come back."""
    return (*_by_words(flow), *_by_behaviour(flow))


def _by_words(flow: Flow) -> tuple[Refusal, ...]:
    if flow.course.purpose is None:
        return ()
    open_questions = unanswered(flow.course.purpose)
    found = tuple(_yes(flow.course.purpose_slug, question) for question in answered_yes(flow.course.purpose))
    if not open_questions:
        return found
    way_out = WayOut(kind="purpose", slug=flow.course.purpose_slug, field=f"questions.{open_questions[0]}")
    values: dict[str, str | int | float] = {"purpose": flow.course.purpose_slug, "count": len(open_questions)}
    return (*found, refusal(CODE, "unanswered", way_out, overridable=False, **values))


def _by_behaviour(flow: Flow) -> tuple[Refusal, ...]:
    counts = {sign.pattern: sign.count for sign in flow.strand.signs}
    hidden = flow.course.source is not None and flow.course.source.pseudonyms  # what was seen came before
    codes = {LINKED: "linked"} if hidden else {PLATE: "plates", DEVICE: "devices", LINKED: "linked"}
    way_out = WayOut(kind="source", slug=flow.course.source_slug)
    return tuple(
        refusal(CODE, code, way_out, overridable=False, series=flow.series, count=counts[pattern])
        for pattern, code in codes.items()
        if counts.get(pattern)
    )


def _yes(purpose: str, question: str) -> Refusal:
    way_out = WayOut(kind="purpose", slug=purpose, field=f"questions.{question}")
    return refusal(CODE, question, way_out, overridable=False, purpose=purpose)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Purposes whose questions wait for an answer, and series whose values show what nobody may do."""
    found = []
    purposes = facts.all(Purpose)
    for slug, body in sorted(purposes.items()):
        waiting = unanswered(body)
        if waiting:
            way_out = WayOut(kind="purpose", slug=slug, field=f"questions.{waiting[0]}")
            values: dict[str, str | int | float] = {"purpose": slug, "count": len(waiting)}
            found.append(to_mend(CODE, "questions-waiting", way_out, Evidence.MEASURED, **values))
    for course, strands in facts.courses():
        for strand in strands.those(_showing):
            for seen in _by_behaviour(Flow(course, strand)):
                found.append(to_mend(CODE, seen.code, seen.way_out, Evidence.MEASURED, **seen.values))
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(purposes)))


def examine_recipients(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Police bodies among the recipients of purposes, save those of which it is said that nobody is concerned."""
    police = {slug for slug, one in facts.all(Organisation).items() if _looks_for_offences(one)}
    return tuple(
        to_mend(
            CODE,
            "police-recipient",
            WayOut(kind=Purpose.kind, slug=slug, field="recipients"),
            Evidence.DECLARED,
            purpose=slug,
            organisation=recipient,
        )
        for slug, one in sorted(facts.all(Purpose).items())
        if one.personal is not False
        for recipient in sorted(police & {*one.recipients})
    )


def _looks_for_offences(body: Organisation) -> bool:
    if body.law_enforcement is None:
        return bool(words_of(body.title.fr) & POLICE_WORDS)
    return body.law_enforcement


def _showing(strand: Strand) -> bool:
    return bool(strand.signs)


def _signs(strand: Strand) -> tuple[Sign, ...]:
    return strand.signs


PROMISE = Promise(
    code=CODE,
    number="AI Act 5",
    title=_("What nobody may do here"),
    text=_(
        "Forbidden by law to any artificial intelligence, save the exceptions the law lists: giving persons a social "
        "score that harms them; sorting them by their body into sensitive groups, gathering images of faces at random, "
        "recognising passers-by for the police in real time; inferring emotions at work or school, or foretelling "
        "offences from a profile alone; steering people by hidden techniques or by their weaknesses. The model refuses "
        "these with any tool, and more: any recognition of persons by their body; following a person, a vehicle or a "
        "device from place to place or from day to day, even hashed; selling data or profiles; letting a machine set "
        "an aim of public service. Each purpose answers six questions; no exception lifts a yes."
    ),
    why=_(
        "Some uses of data harm freedom whatever good they promise. They are refused before they begin, and "
        "nobody here may make an exception."
    ),
    unseen=_(
        "Software sees the answers that were written and the values that pass through it: plates, addresses of "
        "devices, identifiers that come back. It cannot see a camera network or a vendor's cloud outside, nor whether "
        "an answer is true."
    ),
    basis=Basis.LAW,
    references=(ai_act("5(1)(a)-(h)"), gdpr("5, 6"), study("")),
    effect=date(2025, 2, 2),
    codes=(*QUESTIONS, "unanswered", "plates", "devices", "linked", "questions-waiting", "police-recipient", "kept"),
    standing=always(required("everyone")),
    gates={Moment.DECLARE: asked_before_declaring, Moment.INGEST: asked_before_keeping},
    sees=_signs,
    duties=(
        Duty(
            name=_("Purposes with questions left open, values that follow persons"),
            examine=examine,
            reads=FLOW,
            codes=("questions-waiting", "plates", "devices", "linked", "kept"),
        ),
        Duty(
            name=_("Police among those who receive data about persons"),
            examine=examine_recipients,
            reads=(Purpose, Organisation),
            codes=("police-recipient",),
        ),
    ),
    liftable=False,
)
