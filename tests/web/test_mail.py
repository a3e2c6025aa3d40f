"""Mail set on the screen, tried, stopped; invitations and forgotten passwords that leave by it."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from django.test import Client
from tests.outbox.post_office import PASSWORD as RELAY
from tests.outbox.post_office import USER, PostOffice, post_office

from bocage import outbox
from bocage.accounts import letters, people
from bocage.assembly.letters import carriers
from bocage.domain.instance_settings import InstanceSettings, MailSecurity
from bocage.domain.role import RoleName
from bocage.outbox import Deliverer, State

from .world import AT, HERE, PASSWORD, World

PAGE = f"/{HERE}/desk/settings"
PUBLIC = "https://donnees.ville.example"


class Instance(msgspec.Struct):
    """The little that carriers take of an instance."""

    mailer: object
    chosen: object

    @staticmethod
    def clock() -> object:
        return AT


def administering(world: World) -> Client:
    desk = world.sign_in(RoleName.ADMINISTRATOR, email="instance@ville.example")
    people.make_administrator(people.of_address("instance@ville.example").account)  # type: ignore[union-attr]
    return desk


def typed(office: PostOffice, **changed: str) -> dict[str, str]:
    return {
        "do": "keep",
        "mail.host": "127.0.0.1",
        "mail.port": str(office.port),
        "mail.security": "none",
        "mail.user": USER,
        "mail.sender": "bocage@ville.example",
        "mail_password": RELAY,
    } | changed


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with post_office(MailSecurity.NONE, tmp_path) as found:
        yield found


def set_up(world: World, office: PostOffice) -> None:
    """Public address and mail, without the page."""
    mail = office.mail(MailSecurity.NONE, user="")
    world.parts.chosen.choose(InstanceSettings(public_url=PUBLIC, mail=mail))


def delivered(world: World) -> None:
    instance = Instance(mailer=world.parts.mailer, chosen=world.parts.chosen)
    Deliverer(carriers(instance), lambda: AT).run(AT)  # type: ignore[arg-type]


def text_of(answer: object) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", answer.content.decode())  # type: ignore[attr-defined]


def plain(office: PostOffice) -> str:
    (taken,) = office.taken
    return str(taken.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_mail_is_set_tried_and_stopped_on_the_screen(world: World, office: PostOffice) -> None:
    desk = administering(world)
    assert "aucun courriel ne part" in text_of(desk.get(PAGE))
    assert "Le serveur de messagerie est réglé" in text_of(desk.post(f"{PAGE}/mail", typed(office), follow=True))
    tried = text_of(desk.post(f"{PAGE}/mail", {"do": "try"}))
    assert "Le serveur a accepté le courriel d’essai pour instance@ville.example" in tried
    assert office.taken[0]["To"] == "instance@ville.example"
    assert "Plus aucun courriel ne part" in text_of(desk.post(f"{PAGE}/mail", {"do": "stop"}, follow=True))
    assert world.parts.chosen.now.mail is None
    assert world.parts.chosen.secret("mail") == ""


def test_a_test_mail_that_is_refused_shows_the_servers_own_answer(world: World, office: PostOffice) -> None:
    desk = administering(world)
    desk.post(f"{PAGE}/mail", typed(office, mail_password="un-autre-secret"))
    page = text_of(desk.post(f"{PAGE}/mail", {"do": "try"}))
    assert "535 5.7.8 Wrong user or password" in page
    assert "Vérifiez ci-dessous" in page
    assert "un-autre-secret" not in page


def test_the_password_is_shown_nowhere_and_an_empty_one_keeps_it(world: World, office: PostOffice) -> None:
    desk = administering(world)
    desk.post(f"{PAGE}/mail", typed(office))
    assert RELAY not in text_of(desk.get(PAGE))
    desk.post(f"{PAGE}/mail", typed(office, mail_password=""))
    assert world.parts.chosen.secret("mail") == RELAY


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"mail.host": ""}, "obligatoire"),
        ({"mail.port": "70000"}, "65535"),
        ({"mail.sender": "Ville <a@b>, c@d"}, "adresse électronique"),
        ({"mail.host": "mail.ville.example"}, "choisissez STARTTLS"),
        ({"mail.host": "a b"}, "sans espace"),
    ],
)
def test_what_cannot_work_is_not_kept(world: World, office: PostOffice, changed: dict[str, str], told: str) -> None:
    answer = administering(world).post(f"{PAGE}/mail", typed(office, **changed))
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert world.parts.chosen.now.mail is None


def test_only_the_administrator_of_the_instance_sets_mail(world: World, office: PostOffice) -> None:
    for role in (RoleName.ADMINISTRATOR, RoleName.DATA_ADMINISTRATOR, RoleName.DPO):
        desk = world.sign_in(role, email=f"{role.value}@ville.example")
        assert desk.post(f"{PAGE}/mail", typed(office)).status_code == 403
    assert world.parts.chosen.now.mail is None


def test_an_invitation_leaves_by_mail_and_its_link_is_shown_once_too(world: World, office: PostOffice) -> None:
    set_up(world, office)
    desk = world.sign_in()
    page = text_of(desk.post(f"/{HERE}/desk/accounts/invite", {"email": "neuf@ville.example", "name": "Zoé Neuf"}))
    (link,) = re.findall(rf"{PUBLIC}/welcome/[\w-]+", page)
    assert "part aussi par courriel" in page
    delivered(world)
    assert link in plain(office)
    assert "Bonjour Zoé Neuf" in plain(office)
    assert Client(HTTP_HOST="localhost").get(link.removeprefix(PUBLIC)).status_code == 200


def test_without_mail_nothing_is_put_in_the_outbox(world: World) -> None:
    page = text_of(
        world.sign_in().post(f"/{HERE}/desk/accounts/invite", {"email": "neuf@ville.example", "name": "Zoé"})
    )
    assert "par courriel" not in page
    assert outbox.parcels() == []


def test_a_forgotten_password_is_chosen_again_by_a_link(world: World, office: PostOffice) -> None:
    set_up(world, office)
    world.sign_in(email="agent@ville.example")
    stranger = Client(HTTP_HOST="localhost")
    assert "Mot de passe oublié" in text_of(stranger.get("/sign-in"))
    stranger.post("/forgotten", {"email": "Agent@Ville.example"})
    delivered(world)
    (link,) = re.findall(rf"{PUBLIC}(/welcome/[\w-]+)", plain(office))
    other = "encore une phrase que nul ne devine"
    assert stranger.post(link, {"password": other, "again": other}).status_code == 302
    assert people.authenticate("agent@ville.example", PASSWORD, address="", at=AT) == people.Denied()


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(world: World, office: PostOffice) -> None:
    set_up(world, office)
    world.sign_in(email="agent@ville.example")
    people.deactivate(people.create("parti@ville.example", "Parti", AT, territory=HERE).account)
    stranger, pages = Client(HTTP_HOST="localhost"), []
    for email in ("agent@ville.example", "parti@ville.example", "inconnu@ville.example"):
        answer = stranger.post("/forgotten", {"email": email})
        assert answer.status_code == 200
        pages.append(re.sub(r'value="[^"]*"', "", text_of(answer).replace(email, "X")))
    assert pages[0] == pages[1] == pages[2]
    assert len(outbox.parcels(kind=letters.FORGOTTEN)) == 3
    delivered(world)
    assert [taken["To"] for taken in office.taken] == ["agent@ville.example"]
    assert outbox.counted()[State.DELIVERED] == 3


@pytest.mark.parametrize("email", ["agent@ville.example", "inconnu@ville.example"])
def test_asking_again_and_again_waits(world: World, office: PostOffice, email: str) -> None:
    set_up(world, office)
    world.sign_in(email="agent@ville.example")
    stranger = Client(HTTP_HOST="localhost")
    codes = [stranger.post("/forgotten", {"email": email}).status_code for _ in range(5)]
    assert codes == [200, 200, 429, 429, 429]
    assert len(outbox.parcels(kind=letters.FORGOTTEN)) == 2


def test_the_page_is_only_there_where_mails_leave(world: World) -> None:
    stranger = Client(HTTP_HOST="localhost")
    assert stranger.get("/forgotten").status_code == 404
    assert "/forgotten" not in text_of(stranger.get("/sign-in"))
    assert stranger.post("/forgotten", {"email": "agent@ville.example"}).status_code == 404


def test_what_is_no_address_is_said_so(world: World, office: PostOffice) -> None:
    set_up(world, office)
    answer = Client(HTTP_HOST="localhost").post("/forgotten", {"email": "a@b, c@d"})
    assert answer.status_code == 422
    assert outbox.parcels() == []
