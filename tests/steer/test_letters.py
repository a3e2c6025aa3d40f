"""The mail of an alert: what was seen, what to do, why one receives it, in the language of who reads."""

from datetime import UTC, datetime

import msgspec
import pytest

from bocage.accounts.wishes import Reader
from bocage.domain.instant import HOUR, to_ms
from bocage.domain.measure import Aggregate, Measure, Period, Window
from bocage.domain.nature import Nature
from bocage.domain.rule import Comparison, Constant, Rule, Usual
from bocage.domain.text import Text
from bocage.steer.alerts import Alert, AlertState, Ending, Sighting
from bocage.steer.letters import Event, Sender, composed
from bocage.steer.spoken import About
from bocage.words.naming import Called, Names

NIGHT = to_ms(datetime(2026, 11, 21, 21, tzinfo=UTC))  # 22:00 in Paris
RULE = Rule(
    title=Text(fr="L’électricité de l’école, la nuit", en="Electricity of the school at night"),
    service="batiments",
    condition=Comparison(
        measure=Measure(
            datastreams=("ecole",),
            aggregate=Aggregate.SUM,
            period=Period.DAY,
            window=Window(start="22:00", end="06:00"),
        ),
        than=Usual(percent=30.0),
        lasting=2,
    ),
)
NAMES = Names(
    series=(
        Called(observed=Text(fr="Électricité"), thing=Text(fr="École du bourg"), unit="kWh", nature=Nature.AMOUNT),
    ),
    services=(Text(fr="Bâtiments", en="Buildings"),),
)
ABOUT = About(rule=RULE, names=NAMES, zone="Europe/Paris")
SEEN = Sighting(
    version=1,
    service="batiments",
    tells=("batiments",),
    first_start=NIGHT - 24 * HOUR,
    first_end=NIGHT - 16 * HOUR,
    last_start=NIGHT,
    last_end=NIGHT + 8 * HOUR,
    periods=2,
    raised=NIGHT + 8 * HOUR,
    worst=NIGHT,
    worst_end=NIGHT + 8 * HOUR,
    value=45.0,
    bound=39.0,
    usual=30.0,
)
ALERT = Alert(territory="bourg", number=12, rule="nuits", datastream="ecole", seen=SEEN, state=AlertState.NEW)
SENDER = Sender(territory="bourg", title=Text(fr="Le Bourg"), public_url="https://bocage.bourg.fr/")
TO = Reader(account="p-1", name="Agathe", email="agathe@bourg.fr", lang="fr")
OVER = msgspec.structs.replace(SEEN, ended=NIGHT + 32 * HOUR, ending=Ending.NORMAL)


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_mail_says_what_was_seen_what_to_do_and_why_one_receives_it() -> None:
    letter = composed(ALERT, Event.RAISED, ABOUT, SENDER, TO)
    text = plain(letter.text)
    assert plain(letter.subject) == "Alerte : L’électricité de l’école, la nuit"
    assert "La nuit du 21 au 22 novembre 2026 : 45 kWh ; d’habitude 30 kWh, seuil 39 kWh." in text
    assert "Hors du seuil depuis 2 nuits, à partir du 20 novembre 2026, 22 h 00" in text
    assert "aller voir" in text
    assert "dépasse sa valeur habituelle de 30 % pendant 2 nuits" in text
    assert "https://bocage.bourg.fr/bourg/desk/alerts/12" in text
    assert "que cette règle prévient : Bâtiments" in text
    assert "Pour ne plus en recevoir : https://bocage.bourg.fr/account, Messages d’alerte et d’ordre." in text
    assert (letter.to, letter.lang, letter.sender) == ("agathe@bourg.fr", "fr", "Le Bourg")
    assert 'href="https://bocage.bourg.fr/bourg/desk/alerts/12"' in letter.html
    assert "<script" not in letter.html


def test_it_speaks_english_to_whoever_chose_it() -> None:
    letter = composed(ALERT, Event.RAISED, ABOUT, SENDER, msgspec.structs.replace(TO, lang="en"))
    assert letter.subject == "Alert: Electricity of the school at night"
    assert "usually 30" in plain(letter.text)
    assert 'lang="en"' in letter.html


def test_the_end_of_an_alert_says_so() -> None:
    over = msgspec.structs.replace(ALERT, seen=OVER)
    letter = composed(over, Event.ENDED, ABOUT, SENDER, TO)
    assert letter.subject.startswith("Retour à la normale")
    assert "terminé depuis le 23 novembre 2026, 6 h 00" in plain(letter.text)
    assert "revenues à la normale" in plain(letter.text)


def test_a_bound_that_is_always_the_same_has_no_usual_value() -> None:
    fixed = msgspec.structs.replace(RULE, condition=msgspec.structs.replace(RULE.condition, than=Constant(value=39.0)))
    about = msgspec.structs.replace(ABOUT, rule=fixed)
    seen = msgspec.structs.replace(SEEN, usual=None)
    text = plain(composed(msgspec.structs.replace(ALERT, seen=seen), Event.RAISED, about, SENDER, TO).text)
    assert "45 kWh ; seuil 39 kWh." in text
    assert "habitude" not in text


def test_a_share_of_the_time_is_said_in_percent_and_a_series_among_several_by_its_name() -> None:
    measure = Measure(datastreams=("porte", "portail"), aggregate=Aggregate.MEAN)
    rule = Rule(title=Text(fr="Portes"), service="x", condition=Comparison(measure=measure, than=Constant(value=0.5)))
    doors = tuple(
        Called(observed=Text(fr="Ouverture"), thing=Text(fr=name), nature=Nature.STATE) for name in ("Porte", "Portail")
    )
    about = About(rule=rule, names=Names(series=doors, services=(Text(fr="X"),)), zone="UTC")
    seen = msgspec.structs.replace(SEEN, value=0.75, bound=0.5, usual=None)
    one = msgspec.structs.replace(ALERT, datastream="portail", seen=seen)
    letter = composed(one, Event.RAISED, about, SENDER, TO)
    assert plain(letter.subject) == "Alerte : Portes : Ouverture, Portail"
    assert "75 % ; seuil 50 %" in plain(letter.text)


@pytest.mark.parametrize("title", ["Deux\nlignes", "Bcc: tous@exemple.fr\r\nX: y"])
def test_no_title_breaks_the_head_of_the_mail(title: str) -> None:
    rule = msgspec.structs.replace(RULE, title=Text(fr=title))
    letter = composed(ALERT, Event.RAISED, msgspec.structs.replace(ABOUT, rule=rule), SENDER, TO)
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


def test_what_people_wrote_is_no_markup_in_the_mail() -> None:
    rule = msgspec.structs.replace(RULE, title=Text(fr="<script>alert(1)</script>"))
    letter = composed(ALERT, Event.RAISED, msgspec.structs.replace(ABOUT, rule=rule), SENDER, TO)
    assert "<script>" not in letter.html


def test_without_a_public_address_it_leads_nowhere_wrong() -> None:
    letter = composed(ALERT, Event.RAISED, ABOUT, msgspec.structs.replace(SENDER, public_url=""), TO)
    assert "/bourg/desk" not in letter.text
    assert "href" not in letter.html
    assert "Pour ne plus en recevoir : Votre compte, Messages d’alerte et d’ordre." in plain(letter.text)


def test_two_series_that_observe_the_same_of_one_thing_go_by_their_own_names() -> None:
    lanes = tuple(
        Called(observed=Text(fr="Passages"), thing=Text(fr="Pont"), title=Text(fr=name))
        for name in ("Voie 1", "Voie 2")
    )
    measure = Measure(datastreams=("a", "b"), aggregate=Aggregate.SUM)
    rule = Rule(title=Text(fr="Pont"), service="x", condition=Comparison(measure=measure, than=Constant(value=1)))
    about = About(rule=rule, names=Names(series=lanes, services=()), zone="UTC")
    assert about.names_of("b", "fr") == ["Voie 2"]
    assert about.names_of("", "fr") == ["Voie 1", "Voie 2"]
