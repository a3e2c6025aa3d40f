"""Looking for words over what is public: found by kind, marked, and nothing closed among it."""

import re

import pytest
from django.test import Client

from .test_pages import Read


def told(client: Client, question: str, territory: str = "val-de-loire", more: str = "") -> str:
    answer = client.get(f"/{territory}/search?q={question}{more}")
    assert answer.status_code == 200, question
    return re.sub(r"[\s\u00a0\u202f]+", " ", answer.content.decode())


def links(text: str) -> list[str]:
    main = text[text.index("<main") : text.index("</main>")]
    return [link for link in Read(main).links if not link.startswith("?")]


@pytest.mark.parametrize(
    ("question", "link"),
    [
        ("meteo", "/val-de-loire/data/meteo"),
        ("MÉTÉO", "/val-de-loire/data/meteo"),
        ("temper", "/val-de-loire/sensors/station-meteo"),
        ("velos", "/val-de-loire/data/comptages-loire"),
        ("compteurs%20mauves", "/val-de-loire/sensors/mauves"),
        ("finalité%20déclarée", "/val-de-loire/promises/gdpr_05_purpose"),
        ("mesures%20refusées", "/val-de-loire/refusals"),
        ("cnil", "/val-de-loire/person"),
        ("affichettes", "/val-de-loire/registers/sensor-notice"),
        ("champtoceaux", "/val-de-loire/notices/comptage-bords-de-loire"),
        ("dérogations", "/val-de-loire/registers/exception"),
    ],
)
def test_what_is_public_is_found(client: Client, question: str, link: str) -> None:
    assert link in links(told(client, question))


def test_the_words_found_are_marked_and_results_stand_by_kind(client: Client) -> None:
    text = told(client, "vélo")
    assert re.search(r"<mark>[Vv]élos?</mark>", text)
    assert len(re.findall(r'<h2 id="kind-', text)) > 2
    assert re.search(r"\d+ résultats pour : vélo", text)


def test_every_result_leads_somewhere(client: Client) -> None:
    for link in links(told(client, "mesures")):
        assert client.get(link).status_code == 200, link


def test_what_nobody_is_told_of_is_not_found(client: Client) -> None:
    for question in ("logement%20n°%201", "gaz%20du%20logement", "logement-1"):
        text = told(client, question)
        assert "sensors/logement-1" not in text
        assert "Gaz du logement" not in text


def test_names_of_persons_are_not_found(client: Client) -> None:
    from bocage import registers
    from bocage.domain.role import Role

    holders = {entry.body.holder for entry in registers.current("val-de-loire", "role") if isinstance(entry.body, Role)}
    for holder in filter(None, holders):
        text = told(client, holder.replace(" ", "%20"))
        main = text[text.index("<main") :]
        assert holder not in re.sub(r'value="[^"]*"|pour : [^<]*|ces mots : [^<]*', "", main)


def test_another_territory_finds_its_own(client: Client) -> None:
    assert "/marais/sensors/station-meteo" not in told(client, "meteo", "marais")
    assert all(link.startswith("/marais/") for link in links(told(client, "mesures", "marais")))


def test_words_that_nothing_holds_together_still_help(client: Client) -> None:
    text = told(client, "meteo%20xylophone")
    assert "Rien ne contient tous ces mots ensemble" in text
    assert "/val-de-loire/data/meteo" in links(text)


def test_a_word_written_nearly_right_is_offered(client: Client) -> None:
    text = told(client, "temperatur3")
    assert "Vouliez-vous dire" in text
    assert 'href="?q=temperature"' in text


def test_without_words_and_without_results_the_page_helps(client: Client) -> None:
    for question in ("", "zzzzzz", "%20", "?!"):
        text = told(client, question)
        assert "On peut chercher" in text
        assert "/val-de-loire/person" in links(text)


@pytest.mark.parametrize("question", ["%00", "%3Cscript%3Ealert(1)%3C/script%3E", "é" * 500, "%25s%7B0%7D", "'%22%3E"])
def test_a_strange_question_is_answered_with_a_page(client: Client, question: str) -> None:
    text = told(client, question)
    assert "<script>alert" not in text
    assert text.count("<h1>") == 1


def test_many_results_of_a_kind_are_one_click_away_in_parts(client: Client) -> None:
    text = told(client, "de%20la%20mesure")
    kinds = set(re.findall(r"kind=([\w-]+)", text))
    for kind in kinds:
        only = told(client, "de%20la%20mesure", more=f"&kind={kind}")
        assert len(re.findall(r"<h2", only)) == 1
    assert "Les résultats de toute sorte" not in told(client, "mesure", more="&kind=nothing")


def test_it_is_found_again_once_something_is_declared(client: Client) -> None:
    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.domain.organisation import Organisation
    from bocage.domain.text import Text

    from .conftest import AT

    key = Key(territory="marais", kind="organisation", slug="syndicat-des-haies")
    put = evidence.Put(key=key, body=Organisation(title=Text(fr="Syndicat des haies", en="Hedge board")))
    evidence.change("marais", OPERATOR, [put], AT)
    assert "/marais/registers/organisation/syndicat-des-haies" in links(told(client, "haie", "marais"))
    english = told(client, "hedges", "marais", "&lang=en")
    assert "<mark>Hedge</mark>" in english
    evidence.change("marais", OPERATOR, [evidence.Withdraw(key=key)], AT)
    assert "syndicat-des-haies" not in told(client, "haie", "marais")


def test_every_page_has_the_box(client: Client) -> None:
    for page in ("", "data/meteo", "promises", "search?q=eau"):
        text = client.get(f"/val-de-loire/{page}").content.decode()
        assert '<form class="search" action="/val-de-loire/search" method="get" role="search"' in text
