"""A rule is a sentence with blanks: proposed, tried before it is recorded, published, switched off, taken back."""

import re
from datetime import timedelta

import msgspec
import pytest
from django.test import Client

from bocage import evidence, registers, sensing
from bocage.accounts import OPERATOR
from bocage.domain.algorithm import Algorithm
from bocage.domain.dataset import Ground, Openness
from bocage.domain.declaration import Key
from bocage.domain.instant import DAY
from bocage.domain.measure import Aggregate, Period, Window
from bocage.domain.nature import Nature
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.role import Role, RoleName
from bocage.domain.rule import Constant, Operator, Rule, Usual
from bocage.domain.sensing import Datastream, Unit
from bocage.domain.text import Text
from bocage.evidence.asked import PutEntity

from .world import AT, HERE, World, dataset

RULES = f"/{HERE}/desk/rules"
NEW = f"{RULES}/new"


def number(slug: str = "passages") -> int:
    placed = sensing.find(HERE, "datastream", slug)
    assert placed is not None
    return placed.id


def rule_of(slug: str) -> Rule:
    entry = registers.find(Key(territory=HERE, kind="rule", slug=slug))
    assert entry is not None
    assert isinstance(entry.body, Rule)
    return entry.body


def algorithm_of(slug: str) -> Algorithm | None:
    entry = registers.find(Key(territory=HERE, kind="algorithm", slug=slug))
    return entry.body if entry and isinstance(entry.body, Algorithm) else None


@pytest.fixture
def counted(world: World) -> World:
    """A counter read once a day for sixty days, twice as much on two of the last days."""
    body = Datastream(
        title=Text(fr="Passages devant l’école"),
        thing="ecole",
        observed_property="co2",
        unit=Unit(symbol="passages"),
        nature=Nature.AMOUNT,
        source="capteurs",
        key="passages",
        dataset="air",
        cadence_seconds=86_400,
    )
    evidence.change(HERE, OPERATOR, [PutEntity(slug="passages", entity=body)], AT)
    world.keep(number(), [100.0] * 56 + [205.0, 210.0, 100.0, 100.0], until=AT - timedelta(days=1), step=DAY)
    return world


def sent(**more: str | list[str]) -> dict[str, str | list[str]]:
    return {
        "title.fr": "Passages inhabituels",
        "title.en": "",
        "called.fr": "",
        "called.en": "",
        "series.any": "1",
        "series": ["passages"],
        "aggregate": "sum",
        "period": "day",
        "begins": "",
        "ends": "",
        "operator": "above",
        "against": "usual",
        "value": "",
        "percent": "50",
        "weeks": "4",
        "lasting": "2",
        "service": "ecoles",
        "since": "",
        "do": "record",
        **more,
    }


def undo_of(page: str) -> str:
    return re.findall(rf'action="(/{HERE}/desk/undo/[^"]+)"', page)[-1].replace("&amp;", "&")


def plain(page: str) -> str:
    return page.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").replace("’", "'")


def test_a_rule_is_proposed_from_the_past_of_a_series_with_what_it_would_have_said(counted: World) -> None:
    page = plain(counted.sign_in().get(f"{NEW}?series=passages").content.decode())
    assert 'name="percent"' in page
    assert "dépasse sa valeur habituelle de" in page
    assert re.search(r"Cette règle vous aurait prévenu 1 fois depuis le ", page)
    assert "210 passages, d'habitude 100 passages" in page
    assert 'class="level threshold"' in page
    assert registers.current(HERE, "rule") == []


def test_what_it_would_have_said_is_shown_before_anything_is_recorded(counted: World) -> None:
    answer = counted.sign_in().post(NEW, sent(do="try", percent="150"))
    page = plain(answer.content.decode())
    assert answer.status_code == 200
    assert "Cette règle ne vous aurait rien signalé depuis le" in page
    assert 'value="150"' in page
    assert registers.current(HERE, "rule") == []


def test_recording_it_publishes_it_and_it_is_taken_back_whole(counted: World) -> None:
    desk = counted.sign_in()
    page = desk.post(NEW, sent(), follow=True).content.decode()
    rule = rule_of("passages-inhabituels")
    assert rule.condition.than == Usual(percent=50.0)
    assert (rule.condition.measure.aggregate, rule.condition.lasting) == (Aggregate.SUM, 2)
    published = algorithm_of("passages-inhabituels")
    assert published is not None
    assert published.decides is not None
    assert "dépasse sa valeur habituelle de 50" in plain(published.decides.fr)
    assert desk.post(undo_of(page))["Location"] == RULES
    assert registers.current(HERE, "rule") == []
    assert algorithm_of("passages-inhabituels") is None


def test_a_night_a_fixed_threshold_and_other_services_are_written_too(counted: World) -> None:
    water = PublicService(title=Text(fr="Eau"), competence=Competence.WATER)
    counted.put("public-service", "eau", water)
    more = {"against": "constant", "value": "12,5", "begins": "22:00", "ends": "06:00", "operator": "below"}
    others = {"tells.any": "1", "tells": ["eau", "ecoles"], "called.fr": "l’affluence", "since": "2026-01-15"}
    assert counted.sign_in().post(NEW, sent(**more, **others)).status_code == 302
    rule = rule_of("passages-inhabituels")
    assert rule.condition.than == Constant(value=12.5)
    assert rule.condition.operator is Operator.BELOW
    assert rule.condition.measure.window == Window(start="22:00", end="06:00")
    assert rule.told == ("ecoles", "eau")
    assert rule.since is not None
    assert rule.since.isoformat() == "2026-01-15"


@pytest.mark.parametrize(
    ("more", "blank", "told"),
    [
        ({"title.fr": ""}, "title", "obligatoire"),
        ({"series": []}, "series", "Choisissez"),
        ({"series": ["elsewhere"]}, "series", "parmi les séries"),
        ({"percent": ""}, "percent", "obligatoire"),
        ({"percent": "beaucoup"}, "percent", "pas un nombre"),
        ({"against": "constant"}, "value", "obligatoire"),
        ({"begins": "22:00"}, "ends", "quand cela finit"),
        ({"begins": "22:00", "ends": "06:00", "period": "hour"}, "begins", "va avec des jours"),
        ({"series": ["co2-salle-1"], "aggregate": "sum"}, "aggregate", "ne veut rien dire"),
        ({"lasting": "0"}, "lasting", "valeur permise est"),
        ({"service": ""}, "service", "obligatoire"),
    ],
)
def test_what_is_wrong_is_said_beside_its_blank_and_nothing_is_recorded(
    counted: World, more: dict[str, str | list[str]], blank: str, told: str
) -> None:
    answer = counted.sign_in().post(NEW, sent(**more))
    page = plain(answer.content.decode())
    assert answer.status_code == 422
    assert f'href="#f-{blank}"' in page
    assert f'id="f-{blank}' in page
    assert told in page
    assert registers.current(HERE, "rule") == []


def test_what_a_gate_refuses_is_shown_with_its_reason_beside_its_blank(counted: World) -> None:
    answer = counted.sign_in().post(NEW, sent(period="month"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="refusal"' in page
    assert 'href="#f-period"' in page


def test_a_share_of_the_time_is_written_and_read_in_percent(counted: World) -> None:
    door = Datastream(
        title=Text(fr="Porte"), thing="ecole", observed_property="co2", nature=Nature.STATE, source="capteurs", key="p"
    )
    evidence.change(HERE, OPERATOR, [PutEntity(slug="porte", entity=door)], AT)
    desk = counted.sign_in()
    body = sent(series=["porte"], aggregate="mean", against="constant", value="40", **{"title.fr": "Porte ouverte"})
    assert desk.post(NEW, body).status_code == 302
    assert rule_of("porte-ouverte").condition.than == Constant(value=0.4)
    assert 'value="40"' in desk.get(f"{RULES}/porte-ouverte/edit").content.decode()


def test_a_rule_is_changed_and_its_former_sentence_comes_back(counted: World) -> None:
    desk = counted.sign_in()
    desk.post(NEW, sent())
    before = algorithm_of("passages-inhabituels")
    page = desk.post(
        f"{RULES}/passages-inhabituels/edit", sent(percent="80", expected="1"), follow=True
    ).content.decode()
    assert rule_of("passages-inhabituels").condition.than == Usual(percent=80.0)
    assert algorithm_of("passages-inhabituels") != before
    desk.post(undo_of(page))
    assert rule_of("passages-inhabituels").condition.than == Usual(percent=50.0)
    assert algorithm_of("passages-inhabituels") == before


def test_somebody_elses_change_is_shown_beside_yours_before_it_is_overwritten(counted: World) -> None:
    desk = counted.sign_in()
    desk.post(NEW, sent())
    desk.post(f"{RULES}/passages-inhabituels/edit", sent(percent="80", expected="1"))
    answer = desk.post(f"{RULES}/passages-inhabituels/edit", sent(percent="90", expected="1"))
    page = plain(answer.content.decode())
    assert answer.status_code == 409
    assert "dépasse sa valeur habituelle de 80 %" in page
    assert "dépasse sa valeur habituelle de 90 %" in page
    assert rule_of("passages-inhabituels").condition.than == Usual(percent=80.0)
    again = dict(re.findall(r'type="hidden" name="([\w.]+)" value="([^"]*)"', answer.content.decode()))
    assert desk.post(f"{RULES}/passages-inhabituels/edit", again).status_code == 302
    assert rule_of("passages-inhabituels").condition.than == Usual(percent=90.0)


def test_the_page_of_a_rule_says_all_of_it(counted: World) -> None:
    desk = counted.sign_in()
    desk.post(NEW, sent())
    page = plain(desk.get(f"{RULES}/passages-inhabituels").content.decode())
    assert "dépasse sa valeur habituelle de 50 % pendant 2 jours" in page
    assert "en vigueur" in page
    assert "médiane" in page
    assert "Cette règle vous aurait prévenu 1 fois" in page
    assert f"/{HERE}/desk/registers/rule/passages-inhabituels/history" in page
    assert "Elle ne dit pas encore à qui s'adresser" in page
    assert "Passages inhabituels" in plain(desk.get(RULES).content.decode())


def test_it_is_switched_off_and_on_and_the_published_list_says_so_at_once(counted: World) -> None:
    desk = counted.sign_in()
    desk.post(NEW, sent())
    here = f"{RULES}/passages-inhabituels"
    desk.post(f"{here}/switch", {"expected": "1"})
    published = algorithm_of("passages-inhabituels")
    assert not rule_of("passages-inhabituels").active
    assert published is not None
    assert not published.in_force
    assert "Plus en vigueur" in Client().get(f"/{HERE}/rules").content.decode()
    page = desk.post(f"{here}/switch", {"expected": "2"}, follow=True).content.decode()
    assert rule_of("passages-inhabituels").active
    desk.post(undo_of(page))
    assert not rule_of("passages-inhabituels").active


def test_it_is_withdrawn_with_its_entry_and_both_come_back(counted: World) -> None:
    desk = counted.sign_in()
    desk.post(NEW, sent())
    page = desk.post(f"{RULES}/passages-inhabituels/withdraw", {"expected": "1"}, follow=True).content.decode()
    assert registers.current(HERE, "rule") == []
    assert algorithm_of("passages-inhabituels") is None
    assert desk.post(undo_of(page))["Location"] == f"{RULES}/passages-inhabituels"
    assert rule_of("passages-inhabituels").condition.measure.period is Period.DAY
    assert algorithm_of("passages-inhabituels") is not None


def test_the_form_of_the_registers_leads_to_the_sentence(counted: World) -> None:
    assert counted.sign_in().get(f"/{HERE}/desk/registers/rule/new")["Location"] == NEW


def test_the_form_of_a_published_entry_asks_only_what_people_say(counted: World) -> None:
    desk = counted.sign_in()
    desk.post(NEW, sent())
    form = f"/{HERE}/desk/registers/algorithm/passages-inhabituels/edit"
    page = desk.get(form).content.decode()
    assert 'name="contact.fr"' in page
    assert 'name="title.fr"' not in page
    assert "viennent de la règle" in plain(page)
    before = algorithm_of("passages-inhabituels")
    assert before is not None
    answer = desk.post(form, {"contact.fr": "Accueil de la mairie", "title.fr": "Autre chose", "expected": "1"})
    assert answer.status_code == 302
    assert algorithm_of("passages-inhabituels") == msgspec.structs.replace(
        before, contact=Text(fr="Accueil de la mairie")
    )


def test_without_a_series_one_is_chosen_first(counted: World, desk: Client) -> None:
    page = desk.get(NEW).content.decode()
    assert 'name="series" value="passages"' in page
    assert 'name="percent"' not in page


@pytest.mark.parametrize("role", [RoleName.AGENT, RoleName.DPO, RoleName.DECIDER, RoleName.CONTRACTOR])
def test_whoever_may_not_declare_rules_writes_switches_and_withdraws_none(counted: World, role: RoleName) -> None:
    counted.sign_in().post(NEW, sent())
    browser = counted.sign_in(role, email="autre@ville.example")
    here = f"{RULES}/passages-inhabituels"
    assert browser.get(NEW).status_code == 403
    assert browser.post(NEW, sent(**{"title.fr": "Autre"})).status_code == 403
    assert browser.post(f"{here}/edit", sent(percent="80", expected="1")).status_code == 403
    assert browser.post(f"{here}/switch", {"expected": "1"}).status_code == 403
    assert browser.post(f"{here}/withdraw", {"expected": "1"}).status_code == 403
    assert rule_of("passages-inhabituels").active
    assert browser.get(here).status_code == (403 if role is RoleName.CONTRACTOR else 200)  # this one has no source


def test_a_steward_writes_the_rules_of_their_service_only(counted: World) -> None:
    water = PublicService(title=Text(fr="Eau"), competence=Competence.WATER)
    counted.put("public-service", "eau", water)
    role = Role(title=Text(fr="Référent"), role=RoleName.STEWARD, holder="ref@ville.example", services=("ecoles",))
    browser = counted.sign_in(RoleName.DPO, email="ref@ville.example")
    counted.put("role", "ref", role)
    refused = browser.post(NEW, sent(service="eau"))
    assert refused.status_code == 422
    assert "atteignent pas les règles de ce service" in plain(refused.content.decode())
    assert browser.post(NEW, sent()).status_code == 302


def test_figures_of_series_one_may_not_read_are_not_shown(counted: World) -> None:
    counted.sign_in().post(NEW, sent())
    browser = counted.sign_in(RoleName.SECURITY_OFFICER, email="rssi@ville.example")
    page = plain(browser.get(f"{RULES}/passages-inhabituels").content.decode())
    assert "leurs mesures ne sont pas montrées" in page
    assert "210" not in page


def test_everyone_reads_the_rules_and_nothing_of_closed_data(counted: World) -> None:
    closed = msgspec.structs.replace(
        dataset(), openness=Openness.CLOSED, ground=Ground.PUBLIC_SECURITY, reason=Text(fr="Accès"), review=AT.date()
    )
    desk = counted.sign_in()
    desk.post(NEW, sent())
    page = plain(Client().get(f"/{HERE}/rules").content.decode())
    assert "dépasse sa valeur habituelle de 50 %" in page
    assert "Prévient seulement : une personne regarde et décide" in page
    assert f"/{HERE}/sensors/ecole" in page
    assert f"/{HERE}/data/air" in page
    counted.put("dataset", "air", closed, expected=1)
    page = plain(Client().get(f"/{HERE}/rules").content.decode())
    assert "leurs valeurs ne sont pas montrées ici" in page
    assert f"/{HERE}/data/air" not in page
    assert "210" not in page


def test_the_empty_lists_say_what_is_to_come(world: World, desk: Client) -> None:
    assert "Aucune règle n'agit à partir des mesures" in plain(Client().get(f"/{HERE}/rules").content.decode())
    assert "Aucune règle n'est encore écrite" in plain(desk.get(RULES).content.decode())


def test_another_language_says_the_same(counted: World) -> None:
    desk = counted.sign_in()
    desk.post(NEW, sent())
    page = plain(desk.get(f"{RULES}/passages-inhabituels?lang=en").content.decode())
    assert "exceeds its usual value by 50% for 2 days" in page
    assert "This rule would have told you 1 time since" in page
