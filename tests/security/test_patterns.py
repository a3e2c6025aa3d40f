"""Looking for persons in texts takes no longer than reading them, whatever they hold."""

import time

import pytest

from bocage.commitments.behaviour import personal_patterns

LONG = 200_000
TEXTS = ["a" * LONG, "a" * LONG + "@", "a@" * LONG, "@" + "a." * LONG, "0" * LONG, "06 " * LONG, "+33" * LONG,
         "AB-123" * LONG, "1 84 " * LONG, "a.b-c_d" * LONG, " " * LONG, "aa:" * LONG, "1840175" * LONG]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=[text[:8] for text in TEXTS])
def test_a_long_text_is_looked_through_at_once(text: str) -> None:
    begin = time.perf_counter()
    personal_patterns([text])
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize("text", ["écrire à a.b+c@mairie.example", "x@y-z.fr", "A@B.FR"])
def test_an_address_is_still_known(text: str) -> None:
    assert [sign.pattern for sign in personal_patterns([text])] == ["e-mail"]


@pytest.mark.parametrize("text", ["@mairie", "5 @ 3", "a@b", "ouvert"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert personal_patterns([text]) == ()
