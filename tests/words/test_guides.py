"""The guides for people name what stands on the pages, word for word: bold words are messages of the catalogues."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bocage import words
from bocage.words.catalogue import sources

GUIDES = Path(__file__).parents[2] / "docs" / "guide"
PEOPLE = {
    "fr": (
        "espace-des-agents.md",
        "site-public.md",
        "indicateurs-et-conseil.md",
        "premiere-heure.md",
        "registres.md",
        "plusieurs-territoires.md",
    ),
    "en": (
        "desk.md",
        "public-site.md",
        "indicators-and-council.md",
        "first-hour.md",
        "registers.md",
        "several-territories.md",
    ),
}
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
NAMED = re.compile(r"\\\{\w+\\\}|%\\\(\w+\\\)s|%\(\w+\)s")


def plain(text: str) -> str:
    """As one types it: straight apostrophes, plain spaces, no sign at the end."""
    for signs, typed in (("’", "'"), ("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", " ")):
        for sign in signs:
            text = text.replace(sign, typed)
    return re.sub(r"\s+", " ", text).strip().removesuffix(".")


def shown(lang: str) -> list[re.Pattern[str]]:
    """Every message as a page of that language may show it, whatever it names."""
    messages = set()
    for path in sources("fr"):
        with path.open("rb") as file:
            for entry in read_po(file):
                messages.update(entry.id if isinstance(entry.id, tuple) else [str(entry.id)])
    texts = {plain(words.translate(message, lang)) for message in messages if message}
    return [re.compile(NAMED.sub(".+", re.escape(text)), re.IGNORECASE) for text in texts]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_bold_words_of_the_guides_are_those_of_the_pages(lang: str) -> None:
    patterns = shown(lang)
    for name in PEOPLE[lang]:
        bold = [plain(text) for text in BOLD.findall((GUIDES / lang / name).read_text("utf-8"))]
        assert len(bold) > 10
        assert [text for text in bold if not any(one.fullmatch(text) for one in patterns)] == [], name


def test_both_languages_say_as_much() -> None:
    for french, english in zip(PEOPLE["fr"], PEOPLE["en"], strict=True):
        shapes = [
            (text.count("\n## "), text.count("\n| "), text.count("\n- "))
            for text in ((GUIDES / "fr" / french).read_text("utf-8"), (GUIDES / "en" / english).read_text("utf-8"))
        ]
        assert shapes[0] == shapes[1]
