"""The published entry of each rule: written, changed and withdrawn with it, in the same change, never by hand.

What the rule makes of its entry always comes from the rule (`FROM_THE_RULE`), whatever a hand or a file says: so a
rule may be edited alone in a folder that holds its older entry, and the list never says anything else than what runs.
What people wrote beside it (why, who to ask, the human way, the texts) stays.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.algorithm import FROM_THE_RULE, Algorithm
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Key
from bocage.domain.public_service import PublicService
from bocage.domain.purpose import Purpose
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream, Entity, ObservedProperty, Thing
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.evidence import facts as gathered
from bocage.evidence.asked import Asked, PutEntity
from bocage.publish.sight import sight
from bocage.registers import ANY, Put, Withdraw
from bocage.registers.files import Filed
from bocage.words.naming import Names, named
from bocage.words.rules import used_sentence, whole_sentence

_BEHIND = frozenset(
    kind.kind
    for kind in (Rule, Algorithm, Dataset, Datastream, ObservedProperty, Thing, Source, Purpose, PublicService)
)
"""What an entry says comes from declarations of these kinds."""


def followed(present: TerritoryFacts, changes: Sequence[Asked]) -> tuple[Asked, ...]:
    """The changes, with the entries of rules as they follow from them."""
    if not any(gathered.place(one)[0] in _BEHIND for one in changes):
        return tuple(changes)
    future = gathered.after(present, changes)
    if not (future.all(Rule) or present.all(Rule)):
        return tuple(changes)
    made = _made(present, future)
    asked = {gathered.place(one) for one in changes}
    return (
        *(_settled(one, made) for one in changes),
        *(one for one in _due(present, future, made) if gathered.place(one) not in asked),
    )


def settled(present: TerritoryFacts, filed: Sequence[Filed]) -> tuple[Filed, ...]:
    """The files of a folder, those of entries saying what their rules make of them."""
    changes = [_stated(present.slug, one) for one in filed]
    if not any(one.kind == Algorithm.kind for one in filed):
        return tuple(filed)
    bodies = {
        one.key.slug: one.body
        for one in followed(present, changes)
        if isinstance(one, Put) and one.key.kind == Algorithm.kind
    }
    return tuple(
        msgspec.structs.replace(one, body=bodies[one.slug]) if one.kind == Algorithm.kind else one for one in filed
    )


def _stated(territory: str, one: Filed) -> Asked:
    if isinstance(one.body, Entity):
        return PutEntity(slug=one.slug, entity=one.body)
    return Put(key=Key(territory=territory, kind=one.kind, slug=one.slug), body=one.body, expected=ANY)


def _made(present: TerritoryFacts, future: TerritoryFacts) -> dict[str, Algorithm]:
    """The entry of every rule that stands after the changes. An entry written by hand under the name of a new rule
    is left: the gate says so."""
    shown = sight(future, frozenset()).seen
    withheld = frozenset(slug for slug, stream in future.all(Datastream).items() if stream.thing not in shown)
    found = {}
    for slug, rule in future.all(Rule).items():
        held = present.one(Algorithm, slug)
        if held is None or held.rule == slug or present.one(Rule, slug) is not None:
            names = named(future.declared, rule, withheld=withheld)
            closed = not withheld.isdisjoint(rule.condition.measure.datastreams)
            told = (
                msgspec.structs.replace(rule, called=None) if closed else rule
            )  # words for agents may tell whose it is
            found[slug] = _entry(future, slug, told, names, (held, future.one(Algorithm, slug)))
    return found


def _entry(
    future: TerritoryFacts,
    slug: str,
    rule: Rule,
    names: Names,
    before: tuple[Algorithm | None, Algorithm | None],
) -> Algorithm:
    """`before`: the entry that holds, and the one that is stated now."""
    held, stated = before
    dates = (rule.since, held.since if held else None, stated.since if stated else None, future.today)
    made = Algorithm(
        title=rule.title,
        rule=slug,
        service=rule.service,
        decides=_both(lambda lang: whole_sentence(rule, names, lang)),
        used=_both(lambda lang: used_sentence(names, lang)),
        purposes=tuple(sorted(set(_purposes(future, rule)))),
        since=next(day for day in dates if day is not None),
        in_force=rule.active,
    )
    if stated is None:
        return made
    return msgspec.structs.replace(stated, **{name: getattr(made, name) for name in FROM_THE_RULE})


def _both(say: Callable[[str], str]) -> Text:
    return Text(fr=say("fr"), en=say("en"))


def _purposes(future: TerritoryFacts, rule: Rule) -> Iterator[str]:
    for slug in rule.condition.measure.datastreams:
        stream = future.one(Datastream, slug)
        source = future.one(Source, stream.source) if stream else None
        if source and source.purpose:
            yield source.purpose


def _settled(change: Asked, made: Mapping[str, Algorithm]) -> Asked:
    if isinstance(change, Put) and change.key.kind == Algorithm.kind and change.key.slug in made:
        return msgspec.structs.replace(change, body=made[change.key.slug])
    return change


def _due(present: TerritoryFacts, future: TerritoryFacts, made: Mapping[str, Algorithm]) -> Iterator[Asked]:
    """Entries that are not as their rules make them, and those whose rule goes."""
    for slug, entry in sorted(made.items()):
        if entry != future.one(Algorithm, slug):
            yield Put(key=_key(present, slug), body=entry, expected=ANY)
    for slug, entry in sorted(present.all(Algorithm).items()):
        if entry.rule and future.one(Rule, entry.rule) is None:
            yield Withdraw(key=_key(present, slug), expected=ANY)


def _key(present: TerritoryFacts, slug: str) -> Key:
    return Key(territory=present.slug, kind=Algorithm.kind, slug=slug)
