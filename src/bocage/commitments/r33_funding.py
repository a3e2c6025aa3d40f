"""Recommendation 33 of the study of October 2021: public funding depends on open data and algorithmic transparency."""

from datetime import date

from bocage.commitments.answers import codes, faulty, kept, or_kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.application import Application, ApplicationState
from bocage.domain.call_for_projects import CallForProjects
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.text import message as _

CODE = "r33_funding"


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """Nothing is funded without a certificate that was checked."""
    before, after = change.before, change.after
    funded = isinstance(before, Application) and before.state is ApplicationState.FUNDED
    if not isinstance(after, Application) or after.state is not ApplicationState.FUNDED or funded:
        return ()
    unproved = ("certificate-unproved",) if _unproved(change, after) else ()
    ends = after.certificate_ends
    ended = ("certificate-ended",) if ends is not None and ends < change.today else ()
    return faulty(CODE, change, lacking(change.facts, after) or ended or unproved, "certificate")


def _unproved(change: Change, application: Application) -> bool:
    """Whether a day stands there that no check of this machine bears out."""
    asked = _asks(change.facts, application) and change.checked is not None
    return asked and application.certificate_digest not in (change.checked or ())


def _asks(facts: TerritoryFacts, application: Application) -> bool:
    """Whether a certificate is asked for; a call may say that it asks for none."""
    call = facts.one(CallForProjects, application.call)
    return call is None or call.certificate


def lacking(facts: TerritoryFacts, application: Application) -> tuple[str, ...]:
    """What an application lacks to be funded."""
    if not _asks(facts, application):
        return ()
    faults = {
        "certificate-missing": not application.certificate,
        "certificate-unchecked": bool(application.certificate) and application.certificate_checked is None,
    }
    return codes(faults)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """What was funded without a certificate in order; otherwise how much was funded with one."""
    funded = {slug: one for slug, one in sorted(facts.all(Application).items()) if one.state is ApplicationState.FUNDED}
    found = tuple(
        to_mend(CODE, "funded-unchecked", WayOut(kind=Application.kind, slug=slug), Evidence.DECLARED, application=slug)
        for slug, one in funded.items()
        if lacking(facts, one)
    )
    proved = all(one.certificate_digest for one in funded.values())
    level = Evidence.MEASURED if proved else Evidence.DECLARED
    return or_kept(found, kept(CODE, level, count=len(funded)))


PROMISE = Promise(
    code=CODE,
    number="R33",
    title=_("Public money goes to open and transparent projects"),
    text=_(
        "A project is funded only with a certificate that says which promises are kept, at which level of evidence. "
        "Whoever pays can work it out again without trusting whoever sends it."
    ),
    why=_("Money is the lever that promises lack. A funder who can check does not have to believe."),
    unseen=_("Software cannot see the money that does not pass through a declared project."),
    basis=Basis.MODEL,
    references=(study("R33"),),
    effect=date(2021, 10, 1),
    codes=(
        *("certificate-missing", "certificate-unchecked", "certificate-unproved", "certificate-ended"),
        *("funded-unchecked", "kept"),
    ),
    standing=where_declared(Application),
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(
        Duty(name=_("Projects funded without a certificate"), examine=examine, reads=(Application, CallForProjects)),
    ),
)
