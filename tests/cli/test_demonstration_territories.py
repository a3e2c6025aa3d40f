"""The invented territories of the demonstration state what the story needs, and only real open series are replayed."""

import gzip
import importlib
import tomllib
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from tests.store.batches import batch

import bocage
from bocage.cli.demonstration import badges
from bocage.commitments import all_promises, borne_out, decide, examine, standing
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.measured import Resource
from bocage.commitments.promise import Moment
from bocage.domain.decision import Permit, Refusal, Standing
from bocage.domain.declaration import Declaration, references
from bocage.domain.instant import DAY
from bocage.domain.plugin import Arrival, Plugin
from bocage.domain.reading import Decoded
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.evidence import since
from bocage.ingest.replay import SHIPPED
from bocage.publish.processed_for import processed_for
from bocage.registers import files
from bocage.steer.rules import tried
from bocage.store.memory import MemoryStore

DEMONSTRATION = Path(bocage.__file__).parent / "cli" / "demonstration"
TERRITORIES = ("val-de-loire", "marais")
TODAY = date(2026, 11, 23)


def declared(territory: str) -> dict[str, dict[str, Declaration]]:
    folder = files.read(DEMONSTRATION / territory)
    assert not folder.errors
    found: dict[str, dict[str, Declaration]] = {}
    for one in folder.filed:
        found.setdefault(one.kind, {})[one.slug] = one.body
    return found


def facts(territory: str) -> TerritoryFacts:
    return TerritoryFacts(slug=territory, today=TODAY, declared=declared(territory))


def replayed(territory: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads((DEMONSTRATION / territory / "manifest.toml").read_text("utf-8"))[
        "series"
    ]
    return found


def played(file: str) -> Path:
    """A file of the demonstration, or one that any instance may replay."""
    own = DEMONSTRATION / file
    return own if own.exists() else SHIPPED / file


def decoded(source: Source, file: Path) -> Decoded:
    raw = file.read_bytes()
    text = gzip.decompress(raw) if file.suffix == ".gz" else raw
    module = importlib.import_module(f"bocage.sources.{source.plugin.replace('-', '_')}")
    plugin: Plugin = module.PLUGIN
    return plugin.decode(text, source.mapping, Arrival(file=file.name.split(".")[0]))


@pytest.mark.parametrize("territory", TERRITORIES)
def test_a_demonstration_territory_says_that_it_is_invented(territory: str) -> None:
    itself = facts(territory).territory
    assert isinstance(itself, Territory)
    assert itself.demonstration
    assert "inventé" in itself.title.fr
    assert itself.code == ""


@pytest.mark.parametrize("territory", TERRITORIES)
def test_no_organisation_of_the_demonstration_is_a_real_one(territory: str) -> None:
    for organisation in facts(territory).declared["organisation"].values():
        assert "inventé" in organisation.title.fr  # type: ignore[attr-defined]
        assert organisation.siren == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("territory", TERRITORIES)
def test_every_reference_of_the_demonstration_exists(territory: str) -> None:
    found = declared(territory)
    for bodies in found.values():
        for slug, body in bodies.items():
            for field, kind, other in references(type(body), body):
                assert kind.startswith("dtpr:") or other in found[kind], f"{slug}.{field} names {kind} {other}"


@pytest.mark.parametrize("territory", TERRITORIES)
def test_every_replayed_file_is_read_without_a_row_error(territory: str) -> None:
    sources = declared(territory)["source"]
    for series in replayed(territory):
        source = sources[series["source"]]
        assert isinstance(source, Source)
        assert source.replayed
        assert source.licence
        assert source.attribution
        found = decoded(source, played(series["file"]))
        assert not found.errors
        assert len(found.readings)


def test_what_is_sent_is_declared_except_the_gusts_of_wind() -> None:
    undeclared = set()
    for territory in TERRITORIES:
        known = facts(territory).keys
        for series in replayed(territory):
            source = declared(territory)["source"][series["source"]]
            assert isinstance(source, Source)
            keys = decoded(source, played(series["file"])).readings.keys
            undeclared |= {key for key in keys if (series["source"], key) not in known}
    assert undeclared == {"rafale"}


def test_everything_declared_may_flow_except_the_counter_that_has_no_notice() -> None:
    refused = []
    for territory in TERRITORIES:
        for flow in facts(territory).flows():
            refused += [
                (flow.strand.slug, answer.promise, answer.code)
                for answer in decide(Moment.INGEST, flow)
                if isinstance(answer, Refusal)
            ]
    assert refused == [("velo-quai-augagneur-par-mois", "r38_notice", "notice-missing")]


def test_car_counters_run_under_a_dated_regularisation() -> None:
    flows = [flow for flow in facts("marais").flows() if flow.course.source_slug == "compteurs-voiture"]
    answers = [decide(Moment.INGEST, flow) for flow in flows]
    assert len(answers) == 3
    for answer in answers:
        assert answer == (Permit(under="affichettes-des-voitures", until=date(2027, 9, 14), cadence_seconds=2_419_200),)


def test_the_readings_of_a_dwelling_are_kept_and_never_published() -> None:
    answers = decide(Moment.PUBLISH, facts("val-de-loire").release("energie-des-logements"))
    assert {answer.promise for answer in answers if isinstance(answer, Refusal)} == {"publication"}
    for dataset in ("comptages-loire", "meteo"):
        assert isinstance(decide(Moment.PUBLISH, facts("val-de-loire").release(dataset))[0], Permit)


@pytest.mark.parametrize("territory", TERRITORIES)
def test_every_thing_of_the_demonstration_stands_somewhere(territory: str) -> None:
    assert all(thing.location for thing in declared(territory)["thing"].values())  # type: ignore[attr-defined]


def test_every_rule_of_the_demonstration_sees_something_in_the_real_series_of_the_last_weeks() -> None:
    found = facts("val-de-loire")
    numbered = {
        slug: msgspec.structs.replace(stream, id=number)
        for number, (slug, stream) in enumerate(sorted(found.all(Datastream).items()), 1)
    }
    store = MemoryStore()
    for series in replayed("val-de-loire"):
        source = found.all(Source)[series["source"]]
        readings = decoded(source, played(series["file"])).readings
        streams = [numbered.get(found.keys.get((series["source"], key), "")) for key in readings.keys]
        number = np.array([stream.id if stream else 0 for stream in streams])[readings.key]
        kept = np.flatnonzero((number > 0) & (readings.start >= readings.start.max() - 100 * DAY))
        store.append(batch(number[kept], readings.start[kept], readings.number[kept], end=readings.end[kept])).result()
    declared = {**found.declared, Datastream.kind: dict(numbered)}
    rules = found.all(Rule)
    assert rules
    for slug, rule in rules.items():
        numbers = [numbered[one].id for one in rule.condition.measure.datastreams]
        last = max(extent.last for extent in store.extent(numbers))
        trial = tried(store, msgspec.structs.replace(found, declared=declared), rule, last - 45 * DAY, last + 1)
        assert trial.hits, slug
        assert sum(trial.outcomes.values()) > 3 * sum(hit.periods for hit in trial.hits), f"{slug} is not always so"


def test_the_badges_are_of_one_day_and_enter_as_pseudonyms_under_promises_that_are_kept() -> None:
    noon = datetime(2026, 11, 23, 12, 1, tzinfo=ZoneInfo("Europe/Paris"))
    sent = list(badges.entries(noon))
    assert {one["time"][:10] for one in sent} == {"2026-11-23"}
    assert len(sent) == 8
    assert list(badges.entries(noon.replace(hour=7))) == []
    together = declared("val-de-loire")
    for one in files.read(DEMONSTRATION / badges.FOLDER).filed:
        together.setdefault(one.kind, {})[one.slug] = one.body
    with_badges = TerritoryFacts(slug="val-de-loire", today=TODAY, declared=together)
    assert decide(Moment.INGEST, with_badges.flow(badges.SOURCE, badges.SERIES)) == (Permit(),)
    source = together["source"][badges.SOURCE]
    assert isinstance(source, Source)
    assert source.pseudonyms
    assert [one.controller[0] for one in processed_for(with_badges)] == ["marais-du-couchant"]


@pytest.mark.parametrize("territory", TERRITORIES)
@pytest.mark.parametrize("commons", [(), (Resource(kind="experiment", territory="ailleurs", slug="air"),)])
def test_no_promise_reads_kept_without_a_gate_and_without_anything_that_was_looked_at(
    territory: str, commons: tuple[Resource, ...]
) -> None:
    now = facts(territory).beside(commons=commons)
    found = examine(now)
    stands = borne_out({promise.code: standing(promise, now) for promise in all_promises()}, found)
    said = since.outcomes(found, {code: one.standing for code, one in stands.items()})
    gated = {promise.code for promise in all_promises() if promise.gates}
    kept = {code for (code, key), outcome in said.items() if not key and outcome == since.KEPT}
    assert kept - gated - {one.promise for one in found} == set()
    assert all(stands[code].standing is not Standing.UNCHECKED for code in {one.promise for one in found})
