"""Recommendation 45 of the study of October 2021: no more public money for prototypes of mature technology."""

from datetime import date, timedelta

from bocage.commitments.answers import faulty, kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import with_commons
from bocage.commitments.texts import study
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.experiment import Experiment, ExperimentForm
from bocage.domain.text import message as _

CODE = "r45_mature_technology"
# The model's choice: one success may be luck; and what is tested all the same costs little and ends soon.
LEAST_SUCCESSES = 2
MOST_PERCENT = 30.0
LONGEST = timedelta(days=184)


def successes(facts: TerritoryFacts, use_case: str) -> int:
    """How many successes of that use the commons document, by others than this territory too."""
    return sum(one.kind == "experiment" and one.reached and one.use_case == use_case for one in facts.commons)


def limited(body: Experiment) -> bool:
    """Whether little public money and little time go into it."""
    protocol = body.protocol
    known = protocol.public_percent is not None and protocol.starts is not None and protocol.ends is not None
    if not known or protocol.starts is None or protocol.ends is None:
        return False
    return (protocol.public_percent or 0.0) <= MOST_PERCENT and protocol.ends - protocol.starts <= LONGEST


def mature(facts: TerritoryFacts, body: Experiment) -> int:
    """The successes that make a full experiment one too many; 0 when it is not."""
    if body.form is ExperimentForm.LIGHT or not body.use_case or limited(body):
        return 0
    count = successes(facts, body.use_case)
    return count if count >= LEAST_SUCCESSES else 0


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A protocol is not fixed for what others have shown to work: deploy it, or test it with limits."""
    before, after = change.before, change.after
    fixed = isinstance(before, Experiment) and before.frozen is not None
    if not isinstance(after, Experiment) or after.frozen is None or fixed:
        return ()
    count = mature(change.facts, after)
    return faulty(CODE, change, ("mature",) if count else (), "frozen", count=count, use_case=after.use_case)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Experiments that run although the commons document successes of the same use."""
    run = {slug: one for slug, one in sorted(facts.all(Experiment).items()) if one.closed is None}
    found = tuple(
        to_mend(
            CODE,
            "tested-again",
            WayOut(kind=Experiment.kind, slug=slug, field="form"),
            Evidence.MEASURED,
            experiment=slug,
            count=mature(facts, one),
        )
        for slug, one in run.items()
        if mature(facts, one)
    )
    return found or ((kept(CODE, Evidence.MEASURED, count=len(run)),) if run and facts.commons else ())


PROMISE = Promise(
    code=CODE,
    number="R45",
    title=_("No public money to prove again what already works"),
    text=_(
        "When an experiment opens, the successes that the commons document for the same use are counted. From two "
        "on the technology is mature: deploy it, do not test it again, or only with a limited share of money and "
        "time."
    ),
    why=_(
        "One more prototype of a proven sensor teaches nothing. The money goes further in putting to use what "
        "others have proved."
    ),
    unseen=_("Software cannot see successes that nobody documented."),
    basis=Basis.MODEL,
    references=(study("R45"),),
    effect=date(2021, 10, 1),
    codes=("mature", "tested-again", "kept"),
    standing=with_commons(Experiment.kind),
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(
        Duty(
            name=_("Experiments of what others have shown to work"), examine=examine, reads=(Experiment,), measured=True
        ),
    ),
)
