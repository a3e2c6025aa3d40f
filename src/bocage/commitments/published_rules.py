"""The model's algorithmic transparency, from version 0.2 on: no rule acts unless everyone may read what it does."""

from collections.abc import Iterator
from datetime import date

from bocage.commitments.answers import kept, refusal, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.algorithm import Algorithm
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.measure import Aggregate, Period
from bocage.domain.nature import Nature
from bocage.domain.rule import Comparison, Constant, Operator, Rule, Usual
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _

CODE = "published_rules"
Fault = tuple[str, str, str]
"""Code, field, and the slug of the series it is about."""


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A rule can be judged and could come true; the entry of a rule stands and falls with it."""
    if isinstance(change.after, Rule):
        return tuple(
            _refuse(change, code, field, reference=stream) for code, field, stream in faults(change, change.after)
        )
    if change.kind != Algorithm.kind:
        return ()
    return tuple(_refuse(change, code, field) for code, field in _of_entry(change))


def faults(change: Change, body: Rule) -> Iterator[Fault]:
    """What keeps a rule from being judged; figures that mean nothing for their series are told by `coherence`."""
    condition = body.condition
    streams = {slug: found for slug in condition.measure.datastreams if (found := change.facts.one(Datastream, slug))}
    first = next(iter(streams), "")
    if not _names_rule(change.facts.one(Algorithm, change.slug), change.slug):
        yield "entry-taken", "", change.slug
    for slug, stream in streams.items():
        if stream.nature is Nature.DIRECTION:
            yield "direction", "condition.measure.datastreams", slug
        elif stream.nature is Nature.INDEX and condition.measure.aggregate is Aggregate.LAST:
            yield "index-itself", "condition.measure.aggregate", slug
        elif stream.nature is Nature.INDEX and condition.measure.period is Period.VALUE:
            yield "index-by-value", "condition.measure.period", slug
    if isinstance(condition.than, Usual) and condition.measure.period in (Period.VALUE, Period.MONTH):
        yield "usual-unknown", "condition.measure.period", first
    if isinstance(condition.than, Constant) and len({_unit(one) for one in streams.values()}) > 1:
        yield "bound-of-several-units", "condition.measure.datastreams", first
    yield from _never(condition, streams)


def _never(condition: Comparison, streams: dict[str, Datastream]) -> Iterator[Fault]:
    """Bounds that no plausible value passes."""
    above = condition.operator is Operator.ABOVE
    if isinstance(condition.than, Usual):
        if not above and condition.than.percent >= 100:
            yield "bound-never-passed", "condition.than.percent", next(iter(streams), "")
        return
    for slug, stream in streams.items():
        if condition.measure.aggregate is Aggregate.SUM:
            continue
        plausible = (0.0, 1.0) if stream.nature is Nature.STATE else (stream.minimum, stream.maximum)
        least, most = plausible
        passed = most is None or condition.than.value < most if above else least is None or condition.than.value > least
        if not passed:
            yield "bound-never-passed", "condition.than.value", slug


def _unit(stream: Datastream) -> str:
    return stream.unit.ucum or stream.unit.symbol or stream.unit.name


def _names_rule(entry: Algorithm | None, slug: str) -> bool:
    """Whether the published list has room for the entry of this rule, or holds it already."""
    return entry is None or entry.rule == slug


def _of_entry(change: Change) -> Iterator[tuple[str, str]]:
    before, after = change.before, change.after
    if isinstance(after, Algorithm) and after.rule and after.rule != change.slug:
        yield "entry-elsewhere", "rule"
    gone = after is None and isinstance(before, Algorithm) and before.rule
    if gone and change.facts.one(Rule, str(gone)) is not None:
        yield "entry-of-a-rule", ""


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Published entries that do not tell whom to ask; otherwise how many rules are in force and published."""
    rules = {slug: rule for slug, rule in facts.all(Rule).items() if rule.active}
    mute = [slug for slug, entry in sorted(facts.all(Algorithm).items()) if entry.in_force and not _speaks(entry)]
    if mute:
        return tuple(
            to_mend(
                CODE,
                "nobody-to-ask",
                WayOut(kind=Algorithm.kind, slug=slug, field="contact"),
                Evidence.DECLARED,
                algorithm=slug,
            )
            for slug in mute
        )
    return (kept(CODE, Evidence.MEASURED, count=len(rules)),) if rules else ()


def _speaks(entry: Algorithm) -> bool:
    return entry.contact is not None or entry.human_way is not None


def _refuse(change: Change, code: str, field: str, **values: str | int) -> Refusal:
    way_out = WayOut(kind=change.kind, slug=change.slug, field=field)
    if code.startswith("entry-") and change.kind == Algorithm.kind:
        way_out = WayOut(kind=Rule.kind, slug=change.slug)
    return refusal(CODE, code, way_out, overridable=False, kind=change.kind, slug=change.slug, **values)


PROMISE = Promise(
    code=CODE,
    number="",
    title=_("What machines watch, everyone may read"),
    text=_(
        "Every rule that watches measurements stands in the published list of algorithms while it is in force: what it "
        "does in one sentence, with which measurements, since when, and whom to ask. Writing a rule writes its entry, "
        "changing it changes the entry. A rule only tells people: they look and decide."
    ),
    why=_(
        "A rule nobody can read cannot be contested. Written in one sentence and published before it acts, it "
        "can be understood, corrected, refused."
    ),
    unseen=_("Software cannot see what people decide once a rule has told them, nor rules that run elsewhere."),
    basis=Basis.MODEL,
    references=(study(""),),
    effect=date(2021, 10, 1),
    codes=(
        *("direction", "index-itself", "index-by-value", "usual-unknown", "bound-of-several-units"),
        *("bound-never-passed", "entry-taken", "entry-elsewhere", "entry-of-a-rule", "nobody-to-ask", "kept"),
    ),
    standing=where_declared(Rule, Algorithm),
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(Duty(name=_("Published entries that do not say whom to ask"), examine=examine, reads=(Rule, Algorithm)),),
    liftable=False,
)
