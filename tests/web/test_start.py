"""From nothing to a town: the first person comes in, and chooses it."""

from datetime import timedelta

import pytest
from django.test import Client

from bocage import registers
from bocage.accounts import people
from bocage.domain.declaration import Key
from bocage.domain.errors import Missing
from bocage.domain.organisation import Organisation
from bocage.domain.territory import Territory
from bocage.registers import official

from .empty import EMAIL, ENTERING, NAME, Empty
from .world import AT, HERE, PASSWORD, World

VAY = {"code": "44214", "slug": "vay"}


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_an_empty_instance_says_how_one_comes_in(empty: Empty) -> None:
    assert "par le lien que le service a écrit au démarrage" in text(Client(HTTP_HOST="localhost").get("/"))


def test_the_first_person_comes_in_by_the_link_and_lands_on_the_choice_of_a_town(empty: Empty) -> None:
    empty.entered()
    (person,) = people.listed()
    assert (person.name, person.email, person.administrator) == (NAME, EMAIL, True)


def test_the_link_serves_once_and_none_is_drawn_where_somebody_has_an_account(empty: Empty) -> None:
    secret = empty.parts.first.drawn(AT)
    assert Client(HTTP_HOST="localhost").post(f"/first/{secret}", ENTERING).status_code == 302
    other = Client(HTTP_HOST="localhost").post(f"/first/{secret}", {**ENTERING, "email": "x@y.example"})
    assert other.status_code == 404
    assert empty.parts.first.drawn(AT) == ""
    assert len(people.listed()) == 1


def test_a_link_is_useless_once_another_was_drawn_or_three_days_have_passed(empty: Empty) -> None:
    former, secret = empty.parts.first.drawn(AT), empty.parts.first.drawn(AT)
    browser = Client(HTTP_HOST="localhost")
    assert [browser.get(f"/first/{one}").status_code for one in (former, "made-up", secret)] == [404, 404, 200]
    with pytest.raises(Missing):
        empty.parts.first.opens(secret, AT + timedelta(days=4))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"again": "autre chose encore"}, "diffèrent"),
        ({"password": "court", "again": "court"}, "12 caractères"),
        ({"email": "personne"}, "adresse"),
        ({"name": " "}, "nom"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_opened(empty: Empty, wrong: dict[str, str], said: str) -> None:
    browser = Client(HTTP_HOST="localhost")
    answer = browser.post(f"/first/{empty.parts.first.drawn(AT)}", {**ENTERING, **wrong})
    assert answer.status_code == 400
    assert said in text(answer)
    assert people.listed() == []


def test_a_password_does_not_travel_in_clear_through_a_network(empty: Empty) -> None:
    browser = Client(HTTP_HOST="testserver")
    assert browser.post(f"/first/{empty.parts.first.drawn(AT)}", ENTERING).status_code == 400
    assert people.listed() == []


@pytest.mark.parametrize("asked", ["vay", "44170", "44214", "VAY 44"])
def test_a_town_is_found_by_name_postcode_or_code(empty: Empty, asked: str) -> None:
    page = text(empty.entered().get("/start", {"q": asked}))
    assert "44214" in page
    assert "Loire-Atlantique" in page


def test_homonyms_are_shown_with_their_department_and_population(empty: Empty) -> None:
    page = text(empty.entered().get("/start", {"q": "saint-denis"}))
    assert "La Réunion" in page
    assert "Seine-Saint-Denis" in page
    assert 'name="slug"' not in page  # none is chosen for her


def test_nothing_found_says_what_to_try(empty: Empty) -> None:
    assert "Essayez le code postal" in text(empty.entered().get("/start", {"q": "qqqqq"}))


def test_what_the_files_say_is_shown_before_anything_is_made(empty: Empty) -> None:
    page = text(empty.entered().get("/start", {"code": "44214"}))
    for said in ("Vay", "2\u202f120", "Loire-Atlantique (44)", "Europe/Paris", official.siren("44214")):
        assert said in page
    assert 'value="vay"' in page
    assert registers.territories() == []


def test_a_town_begins_with_what_the_command_would_write(empty: Empty) -> None:
    answer = empty.entered().post("/start/make", VAY)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/vay/desk/")
    town = registers.find(Key(territory="vay", kind="territory", slug="vay"))
    own = registers.find(Key(territory="vay", kind="organisation", slug="vay"))
    assert town is not None
    assert own is not None
    assert isinstance(own.body, Organisation)
    assert town.body == official.territory("44214")
    assert own.body.siren == official.siren("44214")
    assert registers.count("vay")["hosting-site"] == 1


def test_a_group_of_towns_begins_likewise(empty: Empty) -> None:
    assert empty.entered().post("/start/make", {"code": "200072726", "slug": "derval"}).status_code == 302
    town = registers.find(Key(territory="derval", kind="territory", slug="derval"))
    assert town is not None
    assert isinstance(town.body, Territory)
    assert town.body.title.fr == "CC Châteaubriant-Derval"


@pytest.mark.parametrize(("slug", "said"), [("Vay !", "minuscules"), ("start", "réservé"), ("", "minuscules")])
def test_a_short_name_that_cannot_serve_is_said(empty: Empty, slug: str, said: str) -> None:
    answer = empty.entered().post("/start/make", {**VAY, "slug": slug})
    assert answer.status_code == 422
    assert said in text(answer)
    assert registers.territories() == []


def test_a_short_name_that_is_taken_is_said_and_another_one_is_proposed(empty: Empty) -> None:
    browser = empty.entered()
    browser.post("/start/make", VAY)
    assert "pris" in text(browser.post("/start/make", VAY))
    assert 'value="vay-44"' in text(browser.get("/start", {"code": "44214"}))


def test_a_town_just_made_can_be_taken_back_and_made_again(empty: Empty) -> None:
    browser = empty.entered()
    browser.post("/start/make", VAY)
    browser.post("/start/withdraw", {"slug": "vay"})
    assert registers.territories() == []
    assert browser.post("/start/make", VAY).status_code == 302
    assert registers.territories() == ["vay"]


def test_a_territory_in_which_something_stands_is_not_taken_back(world: World) -> None:
    person = people.create("chef@ville.example", "Chef", AT)
    people.make_administrator(person.account)
    people.redeem(people.one_time_link(person.account, AT), PASSWORD, AT)
    browser = Client(HTTP_HOST="localhost")
    browser.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert browser.post("/start/withdraw", {"slug": HERE}).status_code == 409
    assert registers.territories() == [HERE]


def test_only_who_administers_the_instance_makes_a_territory(world: World) -> None:
    for browser in (world.sign_in(), Client(HTTP_HOST="localhost")):  # administrator of one territory; anyone
        for path in ("/start", "/start/make", "/start/withdraw"):
            assert browser.post(path, {**VAY, "slug": HERE}).status_code in {302, 403}
    assert registers.territories() == [HERE]


def test_an_agent_makes_no_territory(empty: Empty) -> None:
    assert empty.another().post("/start/make", VAY).status_code == 403
    assert registers.territories() == []


def test_signed_in_again_the_administrator_of_an_empty_instance_lands_on_the_choice(empty: Empty) -> None:
    empty.entered()
    browser = Client(HTTP_HOST="localhost")
    answer = browser.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert answer["Location"] == "/start"


def test_a_syndicate_begins_as_somebody_says_it_is_and_a_wrong_siren_is_told(empty: Empty) -> None:
    browser = empty.entered()
    asked = {"syndicate": "1", "name": "Syndicat d’énergie", "siren": "123456789", "department": "44"}
    refused = browser.post("/start/make", asked)
    assert refused.status_code == 422
    assert "les neuf chiffres d’un SIREN" in text(refused)
    answer = browser.post("/start/make", {**asked, "siren": "732829320"})
    assert answer["Location"] == "/syndicat-d-energie/desk/first"
    entry = registers.find(Key(territory="syndicat-d-energie", kind="territory", slug="syndicat-d-energie"))
    assert entry is not None
    assert isinstance(entry.body, Territory)
    assert (entry.body.level.value, entry.body.code, entry.body.gathers) == ("syndicate", "732829320", True)
    assert empty.another().post("/start/make", {**asked, "siren": "732829320", "name": "Autre"}).status_code == 403
