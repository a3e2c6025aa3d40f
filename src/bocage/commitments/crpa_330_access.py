"""CRPA articles R330-2 to R330-4, from decree no. 2005-1755: who asks for a document has a person to ask."""

from datetime import date
from typing import Final

from bocage.commitments.answers import kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import chosen, not_concerned, required, unchecked
from bocage.commitments.texts import crpa
from bocage.domain.decision import Evidence, Finding, Standing, Stands, WayOut
from bocage.domain.role import Role, RoleName
from bocage.domain.territory import Level, Territory
from bocage.domain.text import message as _

CODE = "crpa_330_access"
LEAST_POPULATION: Final = 10_000  # CRPA R330-2: towns and groups of towns
LEAST_AGENTS: Final = 200  # CRPA R330-2: local public establishments, groups of towns and syndicates among them
WHATEVER_SIZE: Final = frozenset({Level.DEPARTMENT, Level.REGION})
ESTABLISHMENTS: Final = frozenset({Level.EPCI, Level.SYNDICATE})


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Nobody is named where the law asks it; where it does not, or cannot be told to, only that somebody is."""
    held = _held(facts)
    if held:
        return (kept(CODE, Evidence.DECLARED, count=held),)
    if standing(facts).standing is not Standing.REQUIRED:
        return ()
    return (to_mend(CODE, "vacant", WayOut(kind=Role.kind), Evidence.DECLARED),)


def standing(facts: TerritoryFacts) -> Stands:
    """Required by level, population or agents; chosen by who is below and names somebody; open where unknown."""
    territory = facts.territory
    limits = {"people": LEAST_POPULATION, "agents": LEAST_AGENTS}
    if territory is None:
        return unchecked("access-unknown", **limits)
    if territory.level in WHATEVER_SIZE:
        return required("access-by-level")
    if _bound(territory):
        return required("access-above", **limits)
    if _unsure(territory):
        return unchecked("access-unknown", **limits)
    return chosen("access-below", **limits) if _held(facts) else not_concerned("access-below", **limits)


def asked(facts: TerritoryFacts) -> bool:
    """Whether the role has its place in the chart: the law asks it here, or somebody holds it."""
    return _held(facts) > 0 or standing(facts).standing is Standing.REQUIRED


def _bound(territory: Territory) -> bool:
    by_people = territory.level is not Level.SYNDICATE and territory.population >= LEAST_POPULATION
    by_agents = territory.level in ESTABLISHMENTS and (territory.agents or 0) >= LEAST_AGENTS
    return by_people or by_agents


def _unsure(territory: Territory) -> bool:
    """A figure lacks; or a syndicate has the people, and only one made of towns alone is bound by them."""
    if territory.population == 0 or (territory.level in ESTABLISHMENTS and territory.agents is None):
        return True
    return territory.level is Level.SYNDICATE and territory.population >= LEAST_POPULATION


def _held(facts: TerritoryFacts) -> int:
    roles = facts.all(Role).values()
    return sum(one.role is RoleName.ACCESS_OFFICER and one.lasts(facts.today) for one in roles)


PROMISE = Promise(
    code=CODE,
    number="CRPA R330-2",
    title=_("Whoever asks for a document has a person to ask"),
    text=_(
        "A person in charge of access to administrative documents (PRADA) receives requests for documents and for "
        "licences of reuse, sees that they are answered, and speaks with the CADA. The law asks one of towns and "
        "groups of towns of 10,000 inhabitants or more, of departments and regions, and of local public "
        "establishments of 200 agents or more."
    ),
    why=_(
        "Everyone may ask what a public body holds. That right is worth little as long as nobody is there to receive "
        "the question."
    ),
    unseen=_(
        "Software cannot see whether the name and the address of that person stand on the territory's own site, nor "
        "whether requests are answered in time."
    ),
    basis=Basis.LAW,
    references=(crpa("R330-2"), crpa("R330-3"), crpa("R330-4")),
    effect=date(2005, 12, 30),
    codes=("vacant", "kept"),
    standing=standing,
    duties=(
        Duty(
            name=_("A person in charge of access to documents who is missing"),
            examine=examine,
            reads=(Role, Territory),
        ),
    ),
    liftable=False,
)
