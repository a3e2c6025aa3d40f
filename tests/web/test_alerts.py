"""Alerts at the desk: who reads them, what can be done with them, and what stands first."""

import re
from datetime import timedelta

import msgspec
import pytest
from django.test import Client

from bocage import evidence, registers, sensing
from bocage.accounts import OPERATOR, wishes
from bocage.accounts.tables import Account
from bocage.accounts.wishes import Wish
from bocage.domain.declaration import Key
from bocage.domain.instant import DAY, to_ms
from bocage.domain.measure import Aggregate, Measure
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.role import Role, RoleName
from bocage.domain.rule import Comparison, Constant, Rule
from bocage.domain.text import Text
from bocage.steer.alerts import Action, AlertState, Sighting, act, alert
from bocage.steer.raising import Identity, keep

from .world import AT, HERE, World

ALERTS = f"/{HERE}/desk/alerts"
NOON = to_ms(AT.replace(hour=12, minute=0, second=0))


@pytest.fixture
def air(world: World) -> World:
    """A rule on the air of the school, of the service of schools."""
    measure = Measure(datastreams=("co2-salle-1",), aggregate=Aggregate.MAXIMUM)
    body = Rule(
        title=Text(fr="Air de la salle 1", en="Air of room 1"),
        service="ecoles",
        condition=Comparison(measure=measure, than=Constant(value=1000.0)),
    )
    world.put("rule", "air", body)
    placed = sensing.find(HERE, "datastream", "co2-salle-1")
    assert placed is not None
    world.keep(placed.id, [640.0] * 60 + [1400.0], until=AT - timedelta(days=1), step=DAY)
    return world


def rung(days_ago: int = 1, **more: object) -> int:
    start = NOON - days_ago * DAY - DAY // 2
    seen = Sighting(
        version=1,
        service="ecoles",
        tells=("ecoles",),
        first_start=start,
        first_end=start + DAY,
        last_start=start,
        last_end=start + DAY,
        periods=1,
        raised=start + DAY,
        worst=start,
        worst_end=start + DAY,
        value=1400.0,
        bound=1000.0,
        count=1,
        expected=24,
    )
    seen = msgspec.structs.replace(seen, **more)
    return keep(Identity(territory=HERE, rule="air", datastream="co2-salle-1", first=start), seen)


def plain(page: str) -> str:
    return page.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").replace("’", "'")


def agent(world: World, *roles: RoleName) -> Client:
    return world.sign_in(*(roles or (RoleName.AGENT,)), email="ecole@ville.example")


def test_open_alerts_stand_first_on_the_overview_and_in_the_menu(air: World) -> None:
    rung()
    page = plain(agent(air).get(f"/{HERE}/desk/").content.decode())
    assert "Alertes ouvertes" in page
    assert "Air de la salle 1" in page
    assert '<span class="count">1 nouvelle</span>' in page


def test_what_is_seen_comes_before_all_else_on_its_page(air: World) -> None:
    number = rung()
    page = plain(agent(air).get(f"{ALERTS}/{number}").content.decode())
    assert "1 400 ppm ; seuil 1 000 ppm" in page
    assert "École Jules-Verne" in page
    assert 'href="geo:47.200000,-1.550000"' in page
    assert page.index("seuil 1 000") < page.index('name="text"') < page.index("Les mesures autour")
    assert 'class="level threshold"' in page
    assert "quand la plus grande valeur" in page.lower()


def test_an_agent_takes_it_in_hand_says_what_was_done_and_closes_it(air: World) -> None:
    number = rung()
    browser = agent(air)
    here = f"{ALERTS}/{number}"
    assert browser.post(f"{here}/act", {"action": "acknowledge", "text": ""})["Location"] == here
    assert alert(HERE, number).state is AlertState.ACKNOWLEDGED
    browser.post(f"{here}/act", {"action": "comment", "text": "Fenêtres fermées."})
    browser.post(f"{here}/act", {"action": "resolve", "text": "Aéré, consigne rappelée."})
    page = plain(browser.get(here).content.decode())
    assert alert(HERE, number).state is AlertState.RESOLVED
    assert "Aéré, consigne rappelée." in page
    assert "Agent d'essai" in page
    assert "Aucune alerte ouverte" in plain(browser.get(ALERTS).content.decode())
    assert "Air de la salle 1" in plain(browser.get(f"{ALERTS}?state=resolved").content.decode())


def test_what_was_done_is_taken_back_from_the_sentence_that_tells_of_it(air: World) -> None:
    number = rung()
    browser = agent(air)
    done = browser.post(f"{ALERTS}/{number}/act", {"action": "resolve", "text": ""}, follow=True).content.decode()
    undo = re.findall(rf'action="({ALERTS}/{number}/act\?action=reopen)"', done)[-1]
    browser.post(undo)
    assert alert(HERE, number).state is AlertState.NEW
    assert [note.action for note in alert(HERE, number).notes] == [Action.RESOLVE, Action.REOPEN]


@pytest.mark.parametrize("action", ["false", "comment"])
def test_a_false_alert_and_a_comment_need_words_and_what_was_typed_stays(air: World, action: str) -> None:
    number = rung()
    answer = agent(air).post(f"{ALERTS}/{number}/act", {"action": action, "text": "  "})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert alert(HERE, number).state is AlertState.NEW


def test_two_hands_at_once_do_not_do_it_twice(air: World) -> None:
    number = rung()
    act(HERE, number, Action.RESOLVE, "", "p-2", AT)
    answer = agent(air).post(f"{ALERTS}/{number}/act", {"action": "acknowledge", "text": ""})
    assert answer.status_code == 422
    assert "occupé entre-temps" in plain(answer.content.decode())


def test_something_nobody_can_do_is_refused(air: World) -> None:
    number = rung()
    assert agent(air).post(f"{ALERTS}/{number}/act", {"action": "delete"}).status_code == 400


def test_filters_stand_in_the_address(air: World) -> None:
    water = PublicService(title=Text(fr="Eau"), competence=Competence.WATER)
    air.put("public-service", "eau", water)
    old = rung(3)
    act(HERE, old, Action.FALSE, "Capteur déplacé", "p-2", AT)
    new = rung(1)
    browser = agent(air)

    def told(query: str) -> list[str]:
        page = browser.get(f"{ALERTS}{query}").content.decode()
        return re.findall(rf'class="name"><a href="{ALERTS}/(\d+)"', page)

    assert told("") == [str(new)]
    assert told("?state=false") == [str(old)]
    assert told("?state=all") == [str(new), str(old)]
    assert told("?state=all&service=eau") == []
    assert told("?state=all&rule=air&service=ecoles") == [str(new), str(old)]
    assert told("?state=nonsense") == [str(new)]


def test_the_words_of_an_alert_are_those_of_the_rule_when_it_rang(air: World) -> None:
    number = rung()
    entry = registers.find(Key(territory=HERE, kind="rule", slug="air"))
    assert entry is not None
    assert isinstance(entry.body, Rule)
    air.put("rule", "air", msgspec.structs.replace(entry.body, title=Text(fr="Nouveau nom")), expected=1)
    browser = agent(air)
    assert "Air de la salle 1" in plain(browser.get(f"{ALERTS}/{number}").content.decode())
    evidence.change(HERE, OPERATOR, [registers.Withdraw(key=entry.key, expected=2)], AT)
    page = plain(browser.get(f"{ALERTS}/{number}").content.decode())
    assert "Air de la salle 1" in page
    assert "Cette règle a été retirée depuis" in page


@pytest.mark.parametrize("role", [RoleName.DPO, RoleName.DECIDER, RoleName.DATA_ADMINISTRATOR])
def test_those_who_only_read_handle_nothing(air: World, role: RoleName) -> None:
    number = rung()
    browser = agent(air, role)
    page = plain(browser.get(f"{ALERTS}/{number}").content.decode())
    assert "pas la traiter" in page
    assert 'name="text"' not in page
    assert browser.post(f"{ALERTS}/{number}/act", {"action": "acknowledge"}).status_code == 403
    assert alert(HERE, number).state is AlertState.NEW


@pytest.mark.parametrize("role", [RoleName.SECURITY_OFFICER, RoleName.ADMINISTRATOR])
def test_those_whom_alerts_do_not_concern_do_not_see_them(air: World, role: RoleName) -> None:
    number = rung()
    browser = agent(air, role)
    assert browser.get(ALERTS).status_code == 403
    assert browser.get(f"{ALERTS}/{number}").status_code == 403
    home = plain(browser.get(f"/{HERE}/desk/").content.decode())
    assert f"{ALERTS}/{number}" not in home
    assert "1 400 ppm" not in home


def test_an_agent_of_another_service_reads_what_tells_them_and_nothing_else(air: World) -> None:
    air.put("public-service", "eau", PublicService(title=Text(fr="Eau"), competence=Competence.WATER))
    mine, told = rung(3), rung(1, tells=("ecoles", "eau"))
    browser = air.sign_in(RoleName.SECURITY_OFFICER, email="eau@ville.example")
    role = Role(title=Text(fr="Eau"), role=RoleName.AGENT, holder="eau@ville.example", services=("eau",))
    air.put("role", "eau-agent", role)
    assert browser.get(f"{ALERTS}/{mine}").status_code == 404
    assert browser.post(f"{ALERTS}/{mine}/act", {"action": "acknowledge"}).status_code == 404
    page = plain(browser.get(f"{ALERTS}/{told}").content.decode())
    assert "1 400 ppm" in page
    assert "n'ouvrent pas ces mesures" in page  # the values around it are not theirs to read
    assert browser.post(f"{ALERTS}/{told}/act", {"action": "acknowledge", "text": ""}).status_code == 302


def test_a_contractor_reads_alerts_of_its_own_sources_and_handles_none(air: World) -> None:
    number = rung()
    for source, status in (("capteurs", 200), ("autre", 404)):
        email = f"{source}@entreprise.example"
        browser = air.sign_in(RoleName.SECURITY_OFFICER, email=email)
        role = Role(title=Text(fr="Exploitant"), role=RoleName.CONTRACTOR, holder=email, sources=(source,))
        if source == "autre":
            given = registers.find(Key(territory=HERE, kind="source", slug="capteurs"))
            assert given is not None
            air.put("source", "autre", given.body)
        air.put("role", f"exploitant-{source}", role)
        assert browser.get(f"{ALERTS}/{number}").status_code == status
        assert browser.post(f"{ALERTS}/{number}/act", {"action": "acknowledge"}).status_code == 403


def test_another_territory_has_no_alert_of_this_one(air: World) -> None:
    rung()
    assert alert(HERE, 1).number == 1
    with pytest.raises(Exception, match="alert"):
        alert("ailleurs", 1)


def test_a_person_says_that_no_mail_is_wanted_and_in_which_language_others_come(air: World) -> None:
    browser = agent(air)
    account = Account.objects.get(email="ecole@ville.example").id
    assert "Messages d'alerte" in plain(browser.get("/account").content.decode())
    browser.post("/account/mails", {"territory": HERE, "mails": "on", "lang": "en"})
    assert wishes.wish(account, HERE) == Wish(mails=True, lang="en")
    browser.post("/account/mails", {"territory": HERE, "lang": "xx"})
    assert wishes.wish(account, HERE) == Wish(mails=False, lang="fr")
    assert wishes.readers(HERE, ("ecoles",), AT) == []


def test_nobody_wishes_for_a_territory_whose_alerts_do_not_reach_them(air: World) -> None:
    browser = agent(air, RoleName.DPO)
    assert browser.post("/account/mails", {"territory": HERE, "mails": "on", "lang": "fr"}).status_code == 404
    assert 'action="/account/mails"' not in browser.get("/account").content.decode()
    assert Client().post("/account/mails", {"territory": HERE}).status_code == 302
