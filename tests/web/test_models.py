"""Models at the desk: a starting set chosen line by line, a model given to communes by a file, and their answers."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bocage import evidence, registers
from bocage.accounts import OPERATOR, people
from bocage.domain.checklist import Checklist
from bocage.domain.declaration import Key
from bocage.domain.role import Role, RoleName
from bocage.domain.territory import Level, Territory
from bocage.domain.text import Text

from .world import AT, HERE, PASSWORD

STARTING = f"/{HERE}/desk/starting"
MODELS = f"/{HERE}/desk/models"
MODEL = f"{MODELS}/base"
FILE = "insee;nom;purpose/fuites-d-eau.retention_months;refuses;refused_by;refused_why\n44001;Abbaretz;12;;;\n"
FILE += "44002;Aigrefeuille;;all;conseil municipal;nous avons notre outil\n99999;Nulle-Part;;;;\n"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def held(territory: str, kind: str) -> set[str]:
    return {entry.key.slug for entry in registers.current(territory, kind)}


@pytest.fixture
def syndicate(world: Any, desk: Client) -> Client:
    """The desk of a syndicate, with a model, seen by the administrator of the instance."""
    body = Territory(title=Text(fr="Syndicat d’essai"), level=Level.SYNDICATE, population=5000, agents=60)
    world.put("territory", HERE, body, expected=1)
    people.make_administrator(next(one.account for one in people.listed() if one.email == "agent@ville.example"))
    assert desk.post(MODELS, {"title": "Base", "set": "village"})["Location"] == MODEL
    return desk


def given(desk: Client, file: str = FILE) -> str:
    """The page once a file was handed over and the model given."""
    sheet = SimpleUploadedFile("communes.csv", file.encode(), "text/csv")
    text(desk.post(MODEL, {"action": "file", "file": sheet}))
    return text(desk.post(MODEL, {"action": "give"}, follow=True))


def somebody(territory: str, role: RoleName = RoleName.DECIDER) -> Client:
    """The browser of somebody of a commune."""
    person = people.create(f"{role.value}@commune.example", "Mairie", AT - timedelta(days=1), territory=territory)
    people.redeem(people.one_time_link(person.account, AT), PASSWORD, AT)
    body = Role(title=Text(fr="Maire"), role=role, holder=person.email)
    evidence.change(
        territory,
        OPERATOR,
        [evidence.Put(key=Key(territory=territory, kind="role", slug=f"m-{role.value}"), body=body)],
        AT,
    )
    browser = Client(HTTP_HOST="localhost")
    browser.post("/sign-in", {"email": person.email, "password": PASSWORD})
    return browser


def test_a_starting_set_is_shown_first_declares_what_is_ticked_and_is_taken_back(world: Any, desk: Client) -> None:
    page = text(desk.get(STARTING))
    assert "Petite ville ou petite intercommunalité" in page  # 5,000 inhabitants
    assert re.search(r'value="clause/donnees-livrees" checked', page)
    assert re.search(r'value="public-service/eclairage-public">', page)  # asked, not ticked
    assert "Le territoire a la sienne : elle reste" in page  # its schema
    assert held(HERE, "clause") == set()
    chosen = ["clause/donnees-livrees", "public-service/eclairage-public", "data-schema/sensorthings"]
    answer = desk.post(STARTING, {"size": "small-town", "draft": chosen}, follow=True)
    assert "2 fiches déclarées." in text(answer)
    assert held(HERE, "clause") == {"donnees-livrees"}
    undo = re.search(r'action="(/[^"]*/undo/\d+[^"]*)"', answer.content.decode())
    assert undo
    desk.post(undo[1])
    assert held(HERE, "clause") == set()
    assert held(HERE, "public-service") == {"ecoles"}
    assert held(HERE, "role") >= {"referente"}


def test_nothing_ticked_is_said_and_what_others_declare_cannot_be_ticked(world: Any, desk: Client) -> None:
    answer = desk.post(STARTING, {"size": "village"})
    assert answer.status_code == 422
    assert "cochez au moins une ligne" in text(answer)
    steward = world.sign_in(RoleName.STEWARD, email="service@ville.example")
    assert 'value="clause/donnees-livrees"' not in text(steward.get(STARTING))
    steward.post(STARTING, {"size": "village", "draft": ["clause/donnees-livrees"]})
    assert held(HERE, "clause") == set()
    assert world.sign_in(RoleName.AGENT, email="lecteur@ville.example").get(STARTING).status_code == 403


def test_a_file_offers_a_model_and_each_commune_gets_its_own_or_says_why_not(syndicate: Client) -> None:
    page = given(syndicate)
    assert "Commencé avec le modèle" in page
    assert "Refusé par le territoire" in page
    assert "Aucun fichier de l’État ne connaît ce code" not in page  # said when the file was read
    assert held("abbaretz", "purpose") == {"energie-des-batiments", "fuites-d-eau", "eclairage-de-la-nuit"}
    assert registers.find(Key(territory="abbaretz", kind="purpose", slug="fuites-d-eau")).body.retention_months == 12  # type: ignore[union-attr]
    lines = syndicate.get(f"{MODEL}/results.csv").content.decode().splitlines()
    assert [line.split(",")[3] for line in lines[1:]] == ["begun", "refused"]
    assert "conseil municipal" in lines[2]
    offer = text(syndicate.get(f"{MODEL}/44002"))
    assert "nous avons notre outil" in offer
    syndicate.post(f"{MODEL}/44002", {"action": "reconsider", "place": "*"})
    syndicate.post(f"{MODEL}/44002", {"action": "give"})
    assert held("aigrefeuille-sur-maine", "purpose")


def test_a_wrong_line_and_a_wrong_column_are_told(syndicate: Client) -> None:
    sheet = SimpleUploadedFile("c.csv", FILE.encode(), "text/csv")
    assert "Aucun fichier de l’État ne connaît ce code" in text(
        syndicate.post(MODEL, {"action": "file", "file": sheet})
    )
    wrong = SimpleUploadedFile("c.csv", b"insee;purpose/nulle-part.title.fr\n44001;x\n", "text/csv")
    answer = syndicate.post(MODEL, {"action": "file", "file": wrong})
    assert answer.status_code == 422
    assert "une colonne qui nomme une fiche du modèle" in text(answer)


@pytest.mark.parametrize("text", [f"x = {'[' * 200}{']' * 200}", f"x{'.x' * 19_000} = 1", "title = "])
def test_a_draft_that_is_no_text_of_a_declaration_is_refused_and_the_page_stays(syndicate: Client, text: str) -> None:
    sent = {"action": "write", "place": "purpose/fuites-d-eau", "text": text}
    assert syndicate.post(MODEL, sent).status_code == 422
    assert syndicate.get(MODEL).status_code == 200


def test_a_commune_with_people_answers_for_itself(syndicate: Client) -> None:
    given(syndicate)
    mayor = somebody("abbaretz")
    tree = 'owner = "{slug}"\nretention_months = 36\ntitle = { fr = "Trouver les fuites" }\n'
    syndicate.post(MODEL, {"action": "write", "place": "purpose/fuites-d-eau", "text": tree})
    assert "Attend sa réponse" in text(syndicate.post(MODEL, {"action": "give"}, follow=True))
    overview = text(mayor.get("/abbaretz/desk/"))
    assert "1 proposition d’un autre territoire attend une réponse" in overview
    page = mayor.get("/abbaretz/desk/proposed")
    assert "Syndicat d’essai" in text(page)
    asked = {"owner": HERE, "model": "base", "by": "maire", "seen": "0"}
    assert "Vos rôles ne déclarent pas tout : Finalités" in text(page)
    beyond = mayor.post("/abbaretz/desk/proposed/answer", {**asked, "action": "agree"})
    assert (beyond.status_code, "dont les rôles déclarent le tout" in text(beyond)) == (422, True)
    also = Role(title=Text(fr="Données"), role=RoleName.DATA_ADMINISTRATOR, holder="decider@commune.example")
    key = Key(territory="abbaretz", kind="role", slug="n")
    evidence.change("abbaretz", OPERATOR, [evidence.Put(key=key, body=also)], AT)
    assert mayor.post("/abbaretz/desk/proposed/answer", {**asked, "action": "agree"}).status_code == 422
    seen = re.search(r'name="seen" value="(\w+)"', mayor.get("/abbaretz/desk/proposed").content.decode())
    assert seen
    asked["seen"] = seen[1]
    mayor.post("/abbaretz/desk/proposed/answer", {**asked, "action": "agree"})
    body: Any = registers.find(Key(territory="abbaretz", kind="purpose", slug="fuites-d-eau")).body  # type: ignore[union-attr]
    assert (body.title.fr, body.retention_months) == ("Trouver les fuites", 12)
    mayor.post("/abbaretz/desk/proposed/answer", {**asked, "action": "back"})
    body = registers.find(Key(territory="abbaretz", kind="purpose", slug="fuites-d-eau")).body  # type: ignore[union-attr]
    assert body.title.fr != "Trouver les fuites"
    refused = {**asked, "action": "refuse", "place": "purpose/fuites-d-eau", "why": ""}
    assert mayor.post("/abbaretz/desk/proposed/answer", refused).status_code == 422
    mayor.post("/abbaretz/desk/proposed/answer", {**refused, "why": "l’eau n’est pas à nous"})
    assert "l’eau n’est pas à nous" in text(syndicate.get(f"{MODEL}/44001"))
    syndicate.post(f"{MODEL}/44001", {"action": "refuse", "place": "purpose/fuites-d-eau", "by": "moi", "why": "x"})
    lifted = syndicate.post(f"{MODEL}/44001", {"action": "reconsider", "place": "purpose/fuites-d-eau"})
    assert "le territoire lève lui-même les autres" in text(lifted)
    assert "l’eau n’est pas à nous" in text(syndicate.get(f"{MODEL}/44001"))


def test_who_may_not(world: Any, syndicate: Client) -> None:
    given(syndicate)
    mayor = somebody("abbaretz", RoleName.DATA_ADMINISTRATOR)
    assert mayor.get(MODELS).status_code == 403  # another territory's desk
    assert mayor.get(MODEL).status_code == 403
    assert "Seul un territoire qui en réunit d’autres" in text(mayor.get("/abbaretz/desk/models"))
    assert mayor.post("/abbaretz/desk/models", {"title": "x", "set": "village"}).status_code == 200
    assert mayor.get("/abbaretz/desk/models/base").status_code == 404
    syndicate.post(f"{MODEL}/44001", {"action": "back"})  # where somebody is, only they take it back
    assert held("abbaretz", "purpose")
    decider = world.sign_in(RoleName.DECIDER, email="elue@ville.example")
    assert decider.get(MODELS).status_code == 403
    reader = world.sign_in(RoleName.AGENT, email="lecteur@ville.example")
    assert reader.get(f"/{HERE}/desk/proposed").status_code == 200
    assert reader.post(f"/{HERE}/desk/proposed/answer", {"action": "agree"}).status_code == 403


def test_the_data_administrator_of_a_syndicate_begins_no_territory(world: Any, syndicate: Client) -> None:
    own = world.sign_in(RoleName.DATA_ADMINISTRATOR, email="donnee@ville.example")
    assert "Seul l’administrateur de l’instance le peut" in given(own)
    assert "abbaretz" not in registers.territories()


def test_a_model_drawn_from_ones_own_registers_names_neither_the_territory_nor_anybody(syndicate: Client) -> None:
    syndicate.post(MODELS, {"title": "Comme ici", "kind": ["purpose", "organisation", "dataset", "role"]})
    page = text(syndicate.get(f"{MODELS}/comme-ici"))
    assert "purpose/aerer" in page
    assert "dataset/air" in page
    assert "role/" not in page
    assert "hosting-site/mairie" in page  # named by the dataset, and not in the model
    syndicate.post(f"{MODELS}/comme-ici", {"action": "drop", "place": "dataset/air"})
    assert "révision 2" in text(syndicate.get(f"{MODELS}/comme-ici"))


def test_what_is_offered_to_a_closed_register_is_told_to_whom_may_read_it_only(world: Any, syndicate: Client) -> None:
    secret = Checklist(title=Text(fr="Serrures à changer"))
    world.put("checklist", "serrures", secret)
    syndicate.post(MODEL, {"action": "add", "place": "checklist/serrures"})
    given(syndicate)
    for role, told in ((RoleName.AGENT, False), (RoleName.DATA_ADMINISTRATOR, True)):
        page = text(somebody("abbaretz", role).get("/abbaretz/desk/proposed"))
        assert ("Serrures à changer" in page, "Dans un registre qui vous est fermé" in page) == (told, not told)
