"""Whatever changes, in whatever order: what moves with each change is what is found of everything gathered anew."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.commitments.territory_given import TODAY, body, facts, in_order

from bocage import commitments
from bocage.commitments.facts import Place, TerritoryFacts
from bocage.commitments.flow import Sign
from bocage.commitments.promise import Moment
from bocage.domain.dataset import Dataset
from bocage.domain.decision import Refusal
from bocage.domain.declaration import Declaration
from bocage.evidence.looking import Looking
from bocage.ingest.compiled import compiled

CONTRACT = {"title": {"fr": "Marché"}, "number": "2026-1", "starts": "2026-01-01", "months": 48}
EXCEPTION = {"title": {"fr": "Essai"}, "starts": "2026-11-01", "ends": "2026-12-31", "reason": {"fr": "Essai"}}
SERIES = {"title": {"fr": "Série"}, "thing": "ecole", "observed_property": "co2"}
SOURCE = {"title": {"fr": "Capteurs"}, "purpose": "air"}
TECHNOLOGY = {"title": {"fr": "Réseau"}, "family": "network"}
VARIANTS: dict[str, list[dict[str, object]]] = {
    "territory/bourg": [{"population": 9}, {"vendor_ceiling": 0.9}],
    "organisation/exploitant": [{"sector": "public"}, {"title": {"fr": "Autre"}}],
    "hosting-site/mairie": [{"country": "US"}, {"operator": "exploitant"}],
    "purpose/air": [{"personal": True}, {"cadence_seconds": 60}, {"cadence_seconds": 7200}, {"retention_months": 3}],
    "purpose/eau": [{"title": {"fr": "Eau"}, "personal": False}, {"title": {"fr": "Eau"}}],
    "source/capteurs": [{"purpose": "eau"}, {"operator": "exploitant"}, {"pseudonyms": True}, {"hosting": "mairie"}],
    "source/autres": [SOURCE, {**SOURCE, "purpose": "eau", "running_since": "2020-01-01"}],
    "dataset/air": [{"sensitivity": "personal"}, {"hosting": ""}, {"openness": "closed"}],
    "dataset/eau": [{"title": {"fr": "Eau"}}, {"title": {"fr": "Eau"}, "openness": "open", "sensitivity": "public"}],
    "thing/ecole": [{"public_space": True}, {"title": {"fr": "Logement"}, "properties": {"adresse": "ici"}}],
    "thing/rue": [{"title": {"fr": "Rue"}, "public_space": True}, {"title": {"fr": "Rue"}}],
    "observed-property/co2": [{"title": {"fr": "Badge"}}, {"definition": ""}],
    "sensor-notice/ecole": [{"title": {"fr": "Panneau"}, "things": ["ecole"]}, {"title": {"fr": "Panneau"}}],
    "exception/essai": [
        {**EXCEPTION, "promise": "r19_hosting", "source": "capteurs"},
        {**EXCEPTION, "promise": "gdpr_05_retention", "dataset": "eau"},
    ],
    "clause/donnees": [
        {"title": {"fr": "Données"}, "subject": "data"},
        {"title": {"fr": "Prix"}, "subject": "economics"},
    ],
    "contract/marche": [
        {**CONTRACT, "sources": ["capteurs"]},
        {**CONTRACT, "sources": ["autres"], "clauses": [{"clause": "donnees", "version": 1}]},
    ],
    "experiment/essai": [
        {"title": {"fr": "Essai"}, "sources": ["capteurs"]},
        {"title": {"fr": "Essai"}, "sources": ["autres"], "frozen": "2026-01-01"},
    ],
    "technology/lora": [{**TECHNOLOGY, "supplier": "exploitant", "sources": ["capteurs"]}],
    "technology/wifi": [{**TECHNOLOGY, "supplier": "bourg"}],
    **{
        f"datastream/{slug}": [
            {"source": "capteurs", "key": "classe-1", "cadence_seconds": 300},
            {"source": "capteurs", "dataset": "eau", "unit": {"name": "mètre cube", "symbol": "m3", "ucum": "m3"}},
            {"source": "autres", "dataset": "air", "title": {"fr": "Badge"}},
            {"source": "autres", "dataset": "air", "thing": "rue"},
            {"dataset": "air"},
        ]
        for slug in ("co2-ecole", "aval", "zenith")
    },
}
"""What may be declared of each thing, beside what it says in the territory in order; or it is taken away."""


def _bodies(name: str) -> list[Declaration | None]:
    held = in_order().get(name, SERIES if name.startswith("datastream/") else {})
    said = [body(name, {**held, **fields}) for fields in VARIANTS[name]]
    first = [body(name, held)] if name in in_order() else []
    return [*first, *said, *([] if name == "territory/bourg" else [None])]


BODIES: dict[Place, list[Declaration | None]] = {
    (kind, slug): _bodies(f"{kind}/{slug}") for kind, slug in (name.split("/", 1) for name in VARIANTS)
}
WHOLE = st.fixed_dictionaries({place: st.sampled_from(some) for place, some in BODIES.items()})
ONE = st.sampled_from(sorted(BODIES)).flatmap(lambda place: st.tuples(st.just(place), st.sampled_from(BODIES[place])))
STEP = st.lists(ONE, min_size=1, max_size=3).map(dict)
Step = dict[Place, Declaration | None]


def _anew(now: TerritoryFacts) -> TerritoryFacts:
    """The same declarations, in the order of their names, with nothing worked out of them."""
    declared = {kind: dict(sorted(bodies.items())) for kind, bodies in now.declared.items()}
    return TerritoryFacts(slug=now.slug, today=now.today, declared=declared, signs=now.signs)


def _decided(now: TerritoryFacts) -> None:
    """The gate, which decides once for series that show the same, decides each as it would alone."""
    for source in ("capteurs", "autres"):
        by = compiled(now, source, (1, 1))
        alone = [commitments.decide(Moment.INGEST, flow) for flow in by.flows]
        refused = [tuple(one for one in each if isinstance(one, Refusal)) for each in alone]
        assert [by.reasons(place) for place in by.keys.values()] == refused
        assert by.permitted.tolist() == [not each for each in refused]
        marks = [tuple(mark for one in each if not isinstance(one, Refusal) for mark in one.marks) for each in alone]
        assert [by.marks(place) for place in by.keys.values()] == marks


@settings(max_examples=60, deadline=None)
@given(WHOLE, st.lists(STEP, min_size=1, max_size=6), st.booleans(), st.booleans())
def test_what_moves_with_each_change_is_what_is_found_anew(
    whole: Step, steps: list[Step], each: bool, shown: bool
) -> None:
    signs = {"aval": (Sign(pattern="e-mail", count=2),), "co2-ecole": (Sign(pattern="number-plate"),)} if shown else {}
    now = msgspec.structs.replace(facts(in_order(), today=TODAY).moved(whole), signs=signs)
    looking = Looking()
    looking.look(now.beside())
    for step in steps:
        now = now.moved(step)
        if not each and step is not steps[-1]:
            continue  # several changes before anybody asks
        anew = _anew(now)
        assert looking.look(now.beside()) == commitments.examine(anew)
        assert now.flows() == anew.flows()
        assert now.claims == anew.claims
        assert all(now.release(name) == anew.release(name) for name in now.all(Dataset))
        _decided(now)


def test_every_kind_of_declaration_that_a_flow_is_drawn_from_is_among_those_that_change() -> None:
    from bocage.commitments.flow import FLOW

    assert {kind.kind for kind in FLOW} <= {name.split("/")[0] for name in VARIANTS}


@pytest.mark.parametrize(
    ("beside", "signs"),
    [
        ({"thing": "rue"}, {}),
        ({"title": {"fr": "Badge"}}, {}),
        ({}, {"aval": (Sign(pattern="e-mail"),)}),
        ({}, {"aval": (Sign(pattern="number-plate"),)}),
    ],
)
def test_of_two_series_that_share_everything_the_one_that_shows_something_is_decided_otherwise(
    beside: dict[str, object], signs: dict[str, tuple[Sign, ...]]
) -> None:
    other = {**in_order()["datastream/co2-ecole"], "key": "classe-2", **beside}
    street = {"title": {"fr": "Rue"}, "public_space": True}
    tables = {**in_order(), "datastream/aval": other, "thing/rue": street}
    now = msgspec.structs.replace(facts(tables, today=TODAY), signs=signs)
    assert compiled(now, "capteurs", (1, 1)).permitted.tolist() == [False, True]
    _decided(now)
