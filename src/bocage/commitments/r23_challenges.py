"""Recommendation 23 of the study of October 2021: groups of territories work on common challenges."""

from datetime import date

from bocage.commitments.answers import kept, or_kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import with_commons
from bocage.commitments.texts import study
from bocage.domain.challenge import Challenge, ChallengeState
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.text import message as _

CODE = "r23_challenges"
_OVER = frozenset({ChallengeState.SOLVED, ChallengeState.LEFT})


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Challenges one works on alone, that are over without a result, or that the commons do not hold; otherwise how
    many are shared, or how many the commons hold where none is declared here."""
    challenges = facts.all(Challenge)
    named = {one.name for one in facts.commons if one.kind == Challenge.kind}
    found = []
    for slug, one in sorted(challenges.items()):
        joined = one.commons.partition(" ")[0] in named
        if named and not joined and f"{Challenge.kind}/{facts.slug}/{slug}" not in named:
            way_out = WayOut(kind=Challenge.kind, slug=slug, field="commons")
            found.append(to_mend(CODE, "unshared", way_out, Evidence.MEASURED, challenge=slug))
        if len(one.members) < 2 and not joined:
            way_out = WayOut(kind=Challenge.kind, slug=slug, field="members")
            found.append(to_mend(CODE, "alone", way_out, Evidence.DECLARED, challenge=slug))
        if one.state in _OVER and one.results is None:
            way_out = WayOut(kind=Challenge.kind, slug=slug, field="results")
            found.append(to_mend(CODE, "result-missing", way_out, Evidence.DECLARED, challenge=slug))
    if challenges:
        return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(challenges)))
    return or_kept((), kept(CODE, Evidence.MEASURED, code="none-here", count=len(named)))


PROMISE = Promise(
    code=CODE,
    number="R23",
    title=_("Territories work on common challenges together"),
    text=_(
        "Challenges are shared through the commons: who takes part, how large they are, how far they have come, "
        "with which results."
    ),
    why=_(
        "Thirty towns with the same problem can afford one good answer, not thirty poor ones. Alone, each pays for "
        "the same mistakes."
    ),
    unseen=_("Software cannot see what territories do together outside the commons."),
    basis=Basis.MODEL,
    references=(study("R23"),),
    effect=date(2021, 10, 1),
    codes=("alone", "result-missing", "unshared", "none-here", "kept"),
    standing=with_commons(Challenge.kind, Challenge),
    duties=(
        Duty(
            name=_("Challenges one works on alone, or without their result"),
            examine=examine,
            reads=(Challenge,),
            measured=True,
        ),
    ),
    liftable=False,
)
