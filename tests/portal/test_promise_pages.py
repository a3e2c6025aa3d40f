"""What is promised, in plain words: since when, how one knows, what is lifted until when, who to ask."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from .conftest import AT

PAGE = "/val-de-loire/promises"


def told(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"[\s\u00a0\u202f]+", " ", answer.content.decode())


def test_each_promise_says_what_it_means_here_and_since_when(client: Client) -> None:
    text = told(client)
    assert "séries sont mesurées : chacune sert l’une des" in text
    assert "À corriger depuis le 23 novembre 2026" in text
    assert "Tenu depuis le 23 novembre 2026" in text
    assert text.index("À corriger") < text.index('<h2 id="kept">Tenu</h2>')


def test_what_does_not_bind_the_territory_is_grey_and_never_a_fault(client: Client) -> None:
    text = told(client)
    held = text[text.index('<h2 id="unconcerned">Non concerné</h2>') : text.index("Engagements levés")]
    assert "state-unconcerned" in held
    assert "state-watch" not in held
    assert "state-refused" not in held


def test_a_promise_has_its_findings_with_their_day_what_is_unseen_and_who_to_ask(client: Client) -> None:
    text = told(client, f"{PAGE}/publication")
    assert "Constaté depuis le 23 novembre 2026" in text
    assert "Ce que le logiciel ne peut pas voir" in text
    assert "/val-de-loire/person" in text


def test_every_promise_has_a_sentence_for_a_territory(client: Client) -> None:
    from bocage.commitments import all_promises

    page = told(client)
    for promise in all_promises():
        text = told(client, f"{PAGE}/{promise.code}")
        bound = f'/promises/{promise.code}"' in page[: page.find('<h2 id="unchecked">Pas encore vérifiable</h2>')]
        assert ('class="here"' in text) == bound, promise.code


@pytest.fixture
def lifted(pages: None) -> Iterator[None]:
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.act import Act
    from bocage.domain.declaration import Key
    from bocage.domain.exception import ReasonedException
    from bocage.registers import shape

    act = next(slug for slug in (entry.key.slug for entry in registers.current("val-de-loire", Act.kind)))
    key = Key(territory="val-de-loire", kind=ReasonedException.kind, slug="essai")
    body = shape.from_plain(
        ReasonedException,
        {
            "title": {"fr": "Une affichette attendue"}, "promise": "r38_notice", "source": "station-meteo",
            "starts": (AT.date() + timedelta(days=1)).isoformat(), "ends": (AT.date() + timedelta(days=90)).isoformat(),
            "reason": {"fr": "L'affichette est chez l'imprimeur."}, "act": act, "signed_by": "Le maire",
        },
    )  # fmt: skip
    evidence.change("val-de-loire", OPERATOR, [evidence.Put(key=key, body=body)], AT)
    yield
    evidence.change("val-de-loire", OPERATOR, [evidence.Withdraw(key=key)], AT)


def test_a_promise_that_is_lifted_later_is_not_told_as_lifted_today(client: Client, lifted: None) -> None:
    assert "Aucun n’est levé aujourd’hui." in told(client)


def test_an_exception_that_runs_is_told_with_its_end_and_its_reason(client: Client) -> None:
    text = told(client, "/marais/promises")
    held = text[text.index("Engagements levés pour un temps") :]
    assert re.search(r"Jusqu’au \d", held)
    assert "/marais/registers/exception/" in held
    assert "1 dérogation est en cours" in told(client, "/marais/")


def test_french_and_english_say_the_same(client: Client) -> None:
    english = told(client, f"{PAGE}?lang=en")
    assert "To mend since 23 November 2026" in english


def test_the_recommendations_of_the_study_are_asked_for_alone_each_with_its_number_and_its_line_in_time(
    client: Client,
) -> None:
    text = told(client, f"{PAGE}?of=study")
    listed = text[: text.index("Engagements levés")]
    assert listed.count('<h3><a href="/val-de-loire/promises/') == 21
    assert listed.count('class="lanes"') == 21
    assert "recommandation 38" in listed
    assert "RGPD 30" not in listed
    assert "RGPD 30" in told(client, f"{PAGE}?of=law")
    assert "Recommandation 6 de l’étude" in told(client, f"{PAGE}/r06_experiments")


def test_a_vacant_seat_of_residents_is_counted_among_vacant_places(client: Client) -> None:
    assert "1 place est vacante." in told(client)
