"""Whatever changes, in whatever order: what moves with each change is what is found of everything gathered anew."""

import msgspec
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


def _choices() -> list[tuple[Place, Declaration | None]]:
    named = {name: tuple(name.split("/", 1)) for name in VARIANTS}
    return [((kind, slug), said) for name, (kind, slug) in named.items() for said in _bodies(name)]


STEP = st.lists(st.sampled_from(_choices()), min_size=1, max_size=3).map(dict)


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
@given(st.lists(STEP, min_size=1, max_size=6), st.booleans(), st.booleans())
def test_what_moves_with_each_change_is_what_is_found_anew(steps: list[dict], asked: bool, shown: bool) -> None:  # type: ignore[type-arg]
    signs = {"aval": (Sign(pattern="e-mail", count=2),), "co2-ecole": (Sign(pattern="number-plate"),)} if shown else {}
    now, looking = msgspec.structs.replace(facts(in_order(), today=TODAY), signs=signs), Looking()
    looking.look(now.beside())
    for step in steps:
        now = now.moved(step)
        if not asked and step is not steps[-1]:
            continue  # several changes before anybody asks
        whole = _anew(now)
        assert looking.look(now.beside()) == commitments.examine(whole)
        assert now.flows() == whole.flows()
        assert now.claims == whole.claims
        assert all(now.release(name) == whole.release(name) for name in now.all(Dataset))
        _decided(now)


def test_every_kind_of_declaration_that_a_flow_is_drawn_from_is_among_those_that_change() -> None:
    from bocage.commitments.flow import FLOW

    assert {kind.kind for kind in FLOW} <= {name.split("/")[0] for name in VARIANTS}
