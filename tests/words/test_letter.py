"""The frame of mails: plain and HTML say the same, and nothing people wrote becomes markup or a header."""

import re
from html import unescape

import pytest

from bocage.words.letter import Action, Said, letter

ADDRESS = "https://donnees.ville.example/ville/desk/alerts/12"
SAID = Said(
    subject="L’école consomme la nuit",
    lines=("L’électricité de l’école a dépassé de 31 % sa valeur habituelle, deux nuits de suite.", "Deuxième ligne."),
    facts=(("Nuit du 21 au 22", "48,2 kWh"), ("D’habitude", "36,8 kWh")),
    action=Action(words="Voir l’alerte", address=ADDRESS),
    why="Vous recevez ce message parce que vous suivez le service bâtiments.",
    sender="Ville d’essai",
)


def words_of(html: str) -> str:
    body = html.partition("<body")[2].partition(">")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_plain_and_html_say_the_same(lang: str) -> None:
    made = letter(SAID, "agent@ville.example", lang)
    plain, shown = " ".join(made.text.split()), words_of(made.html)
    for said in (SAID.subject, *SAID.lines, ADDRESS, SAID.why, SAID.sender, "48,2 kWh", "D’habitude"):
        assert said in plain
        assert said in shown
    assert f'lang="{lang}"' in made.html


def test_a_mail_says_that_nobody_reads_answers() -> None:
    assert "ce message a été envoyé automatiquement" in letter(SAID, "agent@ville.example", "fr").text.lower()


def test_lines_are_short_and_addresses_whole() -> None:
    long = Said(subject="x", lines=("mot " * 60,), action=Action(words="Voir", address=ADDRESS + "a" * 90))
    lines = letter(long, "agent@ville.example", "fr").text.splitlines()
    assert max(len(line) for line in lines if not line.startswith("http")) <= 72
    assert ADDRESS + "a" * 90 in lines


def test_what_people_wrote_is_shown_and_is_no_markup() -> None:
    said = Said(subject="<b>&", lines=("<script>alert(1)</script>",), facts=(("<i>", '"><img>'),), sender="<u>")
    html = letter(said, "agent@ville.example", "fr").html
    for tag in ("<script", "<b>", "<i>", "<img", "<u>"):
        assert tag not in html
    assert "&lt;script&gt;" in html


def test_a_title_on_two_lines_stays_in_its_header() -> None:
    said = Said(subject="École\r\nBcc: tous@ville.example", lines=(), sender="Ville\nX: y")
    made = letter(said, "agent@ville.example", "fr")
    assert made.subject == "École Bcc: tous@ville.example"
    assert made.sender == "Ville X: y"


def test_a_mail_asks_for_nothing_from_elsewhere() -> None:
    html = letter(SAID, "agent@ville.example", "fr").html
    assert not re.search(r"<(img|link|script|iframe|style)\b", html)
    assert re.findall(r'(?:src|href)="([^"]+)"', html) == [ADDRESS]
