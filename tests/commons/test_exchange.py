"""Adopting, giving and finding: what travels between territories, and what never does."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bocage import commons
from bocage.commitments.facts import TerritoryFacts
from bocage.commons import Card, Choice, Library, Offer, Pack, Shared, Shelf, Wanted
from bocage.commons.adopting import adoptable, parts
from bocage.domain.challenge import Challenge
from bocage.domain.clause import Clause, ClauseSubject
from bocage.domain.declaration import Declaration
from bocage.domain.errors import BocageError, Invalid, Missing
from bocage.domain.experiment import Experiment, ExperimentForm, Outcome, Protocol, Result, Verdict
from bocage.domain.measure import Aggregate, Measure
from bocage.domain.rule import Comparison, Constant, Rule
from bocage.domain.sensing import Datastream, ObservedProperty, Unit
from bocage.domain.territory import Territory
from bocage.domain.text import Text

DAY = date(2026, 5, 2)
OFFER = Offer(licence="etalab-2.0", author="Service des écoles")
RULE = Rule(
    title=Text(fr="Air lourd"),
    called=Text(fr="L'air chez Mme Durand"),
    service="ecoles",
    condition=Comparison(
        measure=Measure(datastreams=("co2-chez-madame-durand",), aggregate=Aggregate.MEAN), than=Constant(value=1500.0)
    ),
)
DONE = Outcome(
    closed=DAY, verdict=Verdict.REACHED, results=(Result(value=22.0),), cost=900.0, lessons=Text(fr="Pailler")
)


def shared(kind: str, slug: str, body: Declaration, territory: str = "ailleurs", **card: object) -> Shared:
    given = {"author": "Régie", "licence": "etalab-2.0", "date": DAY, **card}
    return Shared(kind=kind, slug=slug, card=Card(territory=territory, **given), body=body)


def facts(**declared: dict[str, Declaration]) -> TerritoryFacts:
    kinds = {kind.replace("_", "-"): bodies for kind, bodies in declared.items()}
    return TerritoryFacts(
        slug="bourg", today=DAY, declared={"territory": {"bourg": Territory(title=Text(fr="B"))}, **kinds}
    )


def trial(title: str, use_case: str = "", **fields: object) -> Experiment:
    given = {"frozen": DAY, "outcome": DONE, **fields}
    return Experiment(title=Text(fr=title), use_case=use_case, **given)


def test_a_rule_travels_without_the_names_of_series_and_comes_back_switched_off_on_others() -> None:
    stream = Datastream(
        title=Text(fr="x"), thing="t", observed_property="co2", unit=Unit(symbol="ppm"), source="s", dataset="d"
    )
    here = facts(
        rule={"air": RULE},
        datastream={"co2-chez-madame-durand": stream},
        observed_property={"co2": ObservedProperty(title=Text(fr="CO2"), definition="https://x.example/co2")},
    )
    given = commons.offered(here, ("rule", "air"), OFFER, Library())
    assert "durand" not in commons.resource.text(given).casefold()
    assert given.card.series == (Wanted(name="series-1", title=Text(fr="CO2"), unit="ppm"),)
    asked = commons.needs([given])
    assert asked.service
    with pytest.raises(Invalid) as lacking:
        commons.adopted([given], Choice(service="classes"))
    assert lacking.value.values["field"] == "series.series-1"
    (taken,) = commons.adopted([given], Choice(service="classes", series={"series-1": "co2-salle-2"}))
    assert isinstance(taken.body, Rule)
    assert taken.body.condition.measure.datastreams == ("co2-salle-2",)
    assert (taken.body.service, taken.body.active, taken.body.origin) == ("classes", False, "rule/bourg/air (1)")


def test_an_experiment_is_taken_up_as_a_light_one_with_where_it_comes_from() -> None:
    one = shared("experiment", "paillage", trial("Pailler", protocol=Protocol(starts=DAY, cost=5.0, ends=DAY)))
    (taken,) = commons.adopted([one], Choice())
    body = taken.body
    assert isinstance(body, Experiment)
    assert (body.form, body.frozen, body.outcome, body.protocol.cost) == (ExperimentForm.LIGHT, None, None, None)
    assert body.learns_from is not None
    assert "experiment/ailleurs/paillage" in body.learns_from.fr
    assert commons.origin(body) == "experiment/ailleurs/paillage"


def test_a_pack_is_adopted_whole_and_not_at_all_when_something_of_it_lacks() -> None:
    pack = shared("pack", "air", Pack(title=Text(fr="Air"), holds=("clause/ailleurs/donnees", "rule/ailleurs/air")))
    clause = shared("clause", "donnees", Clause(title=Text(fr="Données"), subject=ClauseSubject.DATA))
    rule = shared("rule", "air", RULE)
    whole, part = Library(shared=(clause, pack, rule)), Library(shared=(clause, pack))
    assert adoptable(whole, pack)
    assert not adoptable(part, pack)
    choice = Choice(service="ecoles", series={"co2-chez-madame-durand": "co2"})
    assert [one.kind for one in commons.adopted(parts(whole, pack), choice)] == ["clause", "rule"]
    with pytest.raises(Missing):
        parts(part, pack)


def test_two_rules_of_a_pack_that_call_different_series_the_same_are_each_told_theirs() -> None:
    measures = {"air": ("CO2", "ppm"), "bruit": ("Bruit", "dB")}
    condition = msgspec.structs.replace(
        RULE.condition, measure=Measure(datastreams=("series-1",), aggregate=Aggregate.MEAN)
    )
    body = msgspec.structs.replace(RULE, condition=condition)
    found = [
        shared("rule", slug, body, series=(Wanted(name="series-1", title=Text(fr=title), unit=unit),))
        for slug, (title, unit) in measures.items()
    ]
    asked = [wanted.name for wanted in commons.needs(found).series]
    assert asked == ["ailleurs.air.series-1", "ailleurs.bruit.series-1"]
    choice = Choice(service="ecoles", series=dict(zip(asked, ("co2-salle-2", "sonometre"), strict=True)))
    taken = [one.body.condition.measure.datastreams for one in commons.adopted(found, choice)]  # type: ignore[attr-defined]
    assert taken == [("co2-salle-2",), ("sonometre",)]
    again = [shared("rule", name, found[0].body, series=found[0].card.series) for name in ("un", "deux")]
    assert [wanted.name for wanted in commons.needs(again).series] == ["series-1"]


def test_what_may_be_given_and_under_which_licence() -> None:
    adopted = Clause(title=Text(fr="Données"), subject=ClauseSubject.DATA, origin="clause/ailleurs/donnees (3)")
    here = facts(clause={"donnees": adopted}, experiment={"idee": Experiment(title=Text(fr="Idée"))})
    source = shared("clause", "donnees", adopted, licence="CC-BY-SA-4.0")
    library = Library(shared=(source,))
    for place, offer in (
        (("clause", "donnees"), OFFER),  # its source is under another licence
        (("clause", "donnees"), Offer(licence="mine", author="Service")),
        (("clause", "donnees"), Offer(licence="CC-BY-SA-4.0", author="")),
        (("clause", "donnees"), Offer(licence="CC-BY-SA-4.0", author="Service", link="javascript:alert(1)")),
        (("experiment", "idee"), OFFER),  # nothing was fixed
        (("role", "maire"), OFFER),
        (("clause", "absente"), OFFER),
    ):
        with pytest.raises(BocageError):
            commons.offered(here, place, offer, library)
    given = commons.offered(here, ("clause", "donnees"), Offer(licence="CC-BY-SA-4.0", author="Service"), library)
    assert given.name == "clause/bourg/donnees"


def test_giving_again_makes_a_new_version_only_where_something_changed() -> None:
    body = Clause(title=Text(fr="Données"), subject=ClauseSubject.DATA)
    first = commons.offered(facts(clause={"d": body}), ("clause", "d"), OFFER, Library())
    same = commons.offered(facts(clause={"d": body}), ("clause", "d"), OFFER, Library(shared=(first,)))
    other = msgspec.structs.replace(body, text=Text(fr="Le titulaire livre."))
    again = commons.offered(facts(clause={"d": other}), ("clause", "d"), OFFER, Library(shared=(first,)))
    assert (first.card.version, same.card.version, again.card.version) == (1, 1, 2)


def test_french_words_are_found_without_accents_and_what_resembles_an_experiment_by_use_then_words() -> None:
    library = Library(
        shared=(
            shared("challenge", "ombre", Challenge(title=Text(fr="De l'ombre dans les écoles"))),
            shared("experiment", "bancs", trial("Des bancs connectés")),
            shared("experiment", "paillage", trial("Pailler les massifs pour économiser l'eau", "ENV1")),
            shared("experiment", "vannes", trial("Vannes connectées et humidité du sol des massifs")),
        )
    )
    assert list(commons.found(library, "ecole ombrè", "fr").kinds) == ["challenge"]
    begun = Experiment(title=Text(fr="Arroser les massifs selon l'humidité du sol"), use_case="ENV1")
    likes = commons.similar(library, begun)
    assert [(one.shared.slug, one.same_use) for one in likes] == [("paillage", True), ("vannes", False)]


def test_a_success_is_documented_only_with_all_that_shows_it_and_invented_ones_count_in_demonstrations_only() -> None:
    whole = shared("experiment", "a", trial("A", "BA3"))
    invented = shared("experiment", "b", trial("B", "BA3"), invented=True)
    light = shared("experiment", "c", trial("C", "BA3", form=ExperimentForm.LIGHT))
    silent = shared("experiment", "d", trial("D", "BA3", outcome=msgspec.structs.replace(DONE, lessons=None)))
    missed = shared("experiment", "e", trial("E", "BA3", outcome=msgspec.structs.replace(DONE, verdict=Verdict.MISSED)))
    library = Library(shared=(whole, invented, light, silent, missed))
    assert library.successes("BA3") == (whole,)
    assert library.successes("BA3", invented=True) == (whole, invented)
    assert library.successes("") == ()


def test_a_shelf_looks_now_and_then_and_at_once_when_asked(tmp_path: Path) -> None:
    shelf, at = Shelf(tmp_path), datetime(2026, 5, 2, tzinfo=UTC)
    assert shelf.look(at).shared == ()
    commons.put(tmp_path, shared("clause", "d", Clause(title=Text(fr="D"), subject=ClauseSubject.DATA)))
    assert shelf.look(at).shared == ()
    assert len(shelf.look(at, now=True).shared) == 1
    assert shelf.look(at, now=True) is shelf.library
    commons.take_out(tmp_path, shelf.library.shared[0])
    assert shelf.look(at + timedelta(minutes=1)).shared == ()
    assert Shelf().look(at).shared == ()
