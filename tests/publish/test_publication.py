"""What everyone may take, what they see, and what they are told."""

from datetime import date
from typing import Any

import msgspec
import pytest

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset, Ground, Openness
from bocage.domain.declaration import Declaration
from bocage.domain.errors import Missing
from bocage.domain.hosting_site import HostingSite
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.text import Text
from bocage.publish import disclosure, dtpr, notice, processing, provenance, publication
from bocage.publish.knowledge import Known
from bocage.publish.publication import State

DWELLING = "logement-1"
PERSONAL = "energie-des-logements"


def changed(facts: TerritoryFacts, kind: str, slug: str, body: Declaration) -> TerritoryFacts:
    declared = {name: dict(bodies) for name, bodies in facts.declared.items()}
    declared[kind][slug] = body
    return msgspec.structs.replace(facts, declared=declared)


def test_a_dataset_that_concerns_no_person_is_open(facts: TerritoryFacts) -> None:
    found = publication.publication(facts, "meteo")
    assert found.state is State.OPEN
    assert found.permit is not None
    assert found.streams


def test_measurements_of_a_dwelling_are_refused_with_the_promise_that_refuses(facts: TerritoryFacts) -> None:
    found = publication.publication(facts, PERSONAL)
    assert found.state is State.REFUSED
    assert "publication" in {refusal.promise for refusal in found.refusals}


def test_a_dataset_closed_with_its_reason_is_not_offered(facts: TerritoryFacts) -> None:
    body = facts.one(Dataset, "meteo")
    assert body is not None
    closed = msgspec.structs.replace(
        body,
        openness=Openness.CLOSED,
        ground=Ground.PUBLIC_SECURITY,
        reason=Text(fr="Essai"),
        review=date(2027, 1, 1),
    )
    told = changed(facts, "dataset", "meteo", closed)
    assert publication.publication(told, "meteo").state is State.CLOSED
    assert not publication.open_numbers(told) & set(publication.publication(facts, "meteo").numbers)


def test_a_dataset_nobody_declared_is_missing(facts: TerritoryFacts) -> None:
    with pytest.raises(Missing):
        publication.publication(facts, "inconnu")


def test_open_datasets_come_first_in_the_catalogue(facts: TerritoryFacts) -> None:
    states = [found.open for found in publication.catalogue(facts)]
    assert states == sorted(states, reverse=True)
    assert True in states
    assert False in states


def test_each_dataset_has_the_series_that_name_it_after_a_change_too(facts: TerritoryFacts) -> None:
    slug, stream = next(iter(sorted(facts.all(Datastream).items())))
    moved = facts.moved({("datastream", slug): msgspec.structs.replace(stream, dataset=PERSONAL)})
    for told in (facts, moved):
        series = sorted(told.all(Datastream).items())
        for found in publication.catalogue(told):
            assert found.streams == tuple(one for one in series if one[1].dataset == found.slug)


def test_the_public_is_not_told_where_a_dwelling_with_a_meter_is(facts: TerritoryFacts) -> None:
    seen = Known(facts=facts).sight
    assert DWELLING not in seen.seen
    assert seen.withheld == 1


def test_what_stands_in_public_space_is_told_even_when_its_values_are_not(facts: TerritoryFacts) -> None:
    thing = facts.one(Thing, DWELLING)
    assert thing is not None
    moved = changed(facts, "thing", DWELLING, msgspec.structs.replace(thing, public_space=True))
    assert Known(facts=moved).sight.seen[DWELLING].shown == frozenset()


def test_purposes_that_concern_persons_come_first_in_the_register_of_processing(facts: TerritoryFacts) -> None:
    found = processing.register(facts)
    personal = [item.purpose.personal is not False for item in found]
    assert personal == sorted(personal, reverse=True)
    assert found[0].purpose.legal_basis is not None
    assert found[0].controller is not None
    assert found[0].series


@pytest.mark.parametrize("elsewhere", [{"operator_outside_eu": True}, {"country": "US"}])
def test_an_operator_under_foreign_law_and_a_place_outside_europe_are_told(
    facts: TerritoryFacts, elsewhere: dict[str, Any]
) -> None:
    slug, site = next(iter(facts.all(HostingSite).items()))
    assert not any(item.outside_eu for item in processing.register(facts))
    told = changed(facts, "hosting-site", slug, msgspec.structs.replace(site, **elsewhere))
    assert any(item.outside_eu for item in processing.register(told))


def test_a_notice_is_filled_from_what_runs(facts: TerritoryFacts) -> None:
    found = notice.notice_of(Known(facts=facts), "station-meteo")
    assert found.declared is not None
    assert [name for name, _ in found.things] == ["station-meteo"]
    assert [item.slug for item in found.purposes] == ["meteo-locale"]
    assert [item.slug for item in found.publications] == ["meteo"]
    assert found.accountable
    assert found.contact is not None
    assert found.measured
    assert found.terms["device__tech"][0].id == "weather_station"


def test_a_thing_without_a_notice_still_says_what_runs(facts: TerritoryFacts) -> None:
    (found,) = notice.notices_for(Known(facts=facts), DWELLING)
    assert found.declared is None
    assert found.purposes


def test_the_source_of_measurements_is_credited_and_said_to_be_replayed(facts: TerritoryFacts) -> None:
    streams = [stream for _, stream in publication.publication(facts, "meteo").streams]
    (found,) = provenance.provenance(facts, streams)
    assert found.replayed
    assert found.attribution
    assert found.licence


def test_every_term_of_a_notice_reads_in_both_languages() -> None:
    categories = ("tech", "data", "purpose", "process", "access", "storage", "retention", "accountable")
    for name in categories:
        assert dtpr.category(f"device__{name}") is not None
        terms = dtpr.elements(f"device__{name}")
        assert terms
        assert all(term.name.fr and term.name.en and term.about.fr and term.about.en for term in terms)
    assert "CC-BY 4.0" in dtpr.attribution()


def test_a_term_is_found_by_its_id_within_its_own_category_only() -> None:
    assert dtpr.element("device__tech", "thermometer") == dtpr.element("device__tech", "tech__thermometer")
    assert dtpr.element("device__data", "thermometer") is None


def test_what_names_a_person_or_opens_an_address_is_told_to_nobody() -> None:
    for kind, fields in {"role": {"holder"}, "organisation": {"contact"}, "source": {"address", "mapping"}}.items():
        found = disclosure.public_kind(kind)
        assert found is not None
        assert not fields & {note.name for note in disclosure.disclosed(found)}
    assert disclosure.hidden("source", "mapping.key")
    assert disclosure.public_kind("thing") is None
