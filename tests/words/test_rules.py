"""Every rule is one readable sentence, in French and in English."""

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.registers.strategies import struct

from bocage.domain.measure import Aggregate, Measure, Period, Window
from bocage.domain.nature import Nature
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.rule import Comparison, Constant, Operator, Rule, Usual
from bocage.domain.sensing import Datastream, ObservedProperty, Thing, Unit
from bocage.domain.text import Text
from bocage.words.naming import Called, Names, named
from bocage.words.rules import sentence, usual_sentence, whole_sentence

NIGHT = Window(start="22:00", end="06:00")
NIGHTS = Comparison(
    measure=Measure(datastreams=("ecole",), aggregate=Aggregate.SUM, window=NIGHT),
    than=Usual(percent=30),
    lasting=2,
)
SCHOOL = Rule(
    title=Text(fr="Nuits de l'école"),
    called=Text(fr="l'électricité de l'école", en="the electricity of the school"),
    service="batiments",
    condition=NIGHTS,
)
DECLARED = {
    "public-service": {
        "batiments": PublicService(title=Text(fr="Bâtiments", en="Buildings"), competence=Competence.BUILDINGS),
        "technique": PublicService(title=Text(fr="Services techniques"), competence=Competence.OTHER),
    },
    "observed-property": {"elec": ObservedProperty(title=Text(fr="Électricité", en="Electricity"))},
    "thing": {name: Thing(title=Text(fr=f"Lieu {name}", en=f"Place {name}")) for name in ("ecole", "mairie", "stade")},
    "datastream": {
        name: Datastream(
            title=Text(fr=name), thing=name, observed_property="elec", unit=Unit(symbol="kWh"), nature=Nature.AMOUNT
        )
        for name in ("ecole", "mairie", "stade")
    },
}


def said(rule: Rule, lang: str) -> str:
    told = sentence(rule, named(DECLARED, rule), lang)
    return re.sub(r"[\u00a0\u202f]", " ", told).replace("’", "'")


def of(condition: Comparison, **more: object) -> Rule:
    return msgspec.structs.replace(SCHOOL, condition=condition, **{"called": None, **more})


def test_a_rule_reads_as_the_sentence_one_would_say() -> None:
    assert said(SCHOOL, "fr") == (
        "quand l'électricité de l'école entre 22 h et 6 h dépasse sa valeur habituelle de 30 % pendant 2 nuits, "
        "prévenir le service Bâtiments"
    )
    assert said(SCHOOL, "en") == (
        "when the electricity of the school between 22:00 and 06:00 exceeds its usual value by 30% for 2 nights, "
        "tell the Buildings service"
    )
    assert whole_sentence(SCHOOL, named(DECLARED, SCHOOL), "en").startswith("When the electricity")


@pytest.mark.parametrize(
    ("rule", "fr", "en"),
    [
        (
            of(NIGHTS),
            "quand « Électricité » de « Lieu ecole » entre 22 h et 6 h dépasse sa valeur habituelle de 30 % pendant "
            "2 nuits, prévenir le service Bâtiments",
            "when “Electricity” of “Place ecole” between 22:00 and 06:00 exceeds its usual value by 30% for 2 nights, "
            "tell the Buildings service",
        ),
        (
            of(
                Comparison(
                    measure=Measure(datastreams=("ecole",), aggregate=Aggregate.LAST, period=Period.VALUE),
                    than=Constant(value=1234.5),
                    operator=Operator.BELOW,
                ),
                tells=("batiments", "technique"),
            ),
            "quand « Électricité » de « Lieu ecole » passe sous 1 234,5 kWh, prévenir le service Bâtiments et le "
            "services techniques",
            "when “Electricity” of “Place ecole” falls below 1,234.5 kWh, tell the Buildings service and the "
            "services techniques",
        ),
        (
            of(
                Comparison(
                    measure=Measure(
                        datastreams=("ecole", "mairie"), aggregate=Aggregate.SUM, period=Period.WEEK, together=True
                    ),
                    than=Usual(percent=0),
                    operator=Operator.BELOW,
                )
            ),
            "quand le total de « Électricité » de « Lieu ecole » et « Électricité » de « Lieu mairie » passe sous sa "
            "valeur habituelle pendant une semaine, prévenir le service Bâtiments",
            "when the total of “Electricity” of “Place ecole” and “Electricity” of “Place mairie” falls below its "
            "usual value for one week, tell the Buildings service",
        ),
        (
            of(
                Comparison(
                    measure=Measure(datastreams=("ecole", "mairie", "stade", "gare"), aggregate=Aggregate.MEAN),
                    than=Constant(value=3),
                )
            ),
            "quand la moyenne de l'une des 4 séries « Électricité » et « gare » dépasse 3 kWh pendant un jour, "
            "prévenir le service Bâtiments",
            "when the mean of one of 4 series “Electricity” and “gare” exceeds 3 kWh for one day, "
            "tell the Buildings service",
        ),
    ],
)
def test_what_has_no_words_of_its_own_is_called_by_its_names(rule: Rule, fr: str, en: str) -> None:
    assert said(rule, "fr") == fr
    assert said(rule, "en") == en


def test_french_contracts_what_follows_of() -> None:
    mean = msgspec.structs.replace(
        SCHOOL,
        called=Text(fr="le débit de la Loire", en="the flow of the Loire"),
        condition=Comparison(measure=Measure(datastreams=("ecole",), aggregate=Aggregate.MEAN), than=Constant(value=1)),
    )
    assert said(mean, "fr").startswith("quand la moyenne du débit de la Loire dépasse")


def test_a_state_is_told_as_a_share_of_the_time() -> None:
    open_door = of(Comparison(measure=Measure(datastreams=("p",), aggregate=Aggregate.MEAN), than=Constant(value=0.5)))
    names = Names(
        series=(Called(observed=Text(fr="Porte ouverte", en="Open door"), thing=None, nature=Nature.STATE),),
        services=(Text(fr="Bâtiments"),),
    )
    assert "the share of the time of “Open door” of a place that is not shown exceeds 50%" in sentence(
        open_door, names, "en"
    )


def test_what_usual_means_is_said_too() -> None:
    assert "4 weeks before, when at least 3 of them" in usual_sentence(Usual(), "en")
    assert "3 d" in usual_sentence(Usual(), "fr")


texts = st.builds(Text, fr=st.text(min_size=1, max_size=12).filter(lambda t: bool(t.strip())), en=st.text(max_size=12))


@settings(max_examples=200, deadline=None)
@given(
    rule=struct(Rule),
    called=st.lists(
        st.builds(Called, observed=texts, thing=st.none() | texts, nature=st.sampled_from(list(Nature))),
        min_size=5,
        max_size=5,
    ),
    services=st.lists(texts, min_size=1, max_size=3),
    lang=st.sampled_from(["fr", "en"]),
)
def test_every_tree_has_a_sentence_without_a_gap(
    rule: Rule, called: list[Called], services: list[Text], lang: str
) -> None:
    names = Names(series=tuple(called[: len(rule.condition.measure.datastreams)]), services=tuple(services))
    told = sentence(rule, names, lang)
    typed = "".join(
        text.read(lang)[0] for text in [*(c.observed for c in called), *(c.thing for c in called if c.thing), *services]
    ) + (rule.called.read(lang)[0] if rule.called else "")
    if "%(" not in typed:
        assert "%(" not in told
    assert told.startswith("quand " if lang == "fr" else "when ")
    assert (", prévenir " if lang == "fr" else ", tell ") in told
