"""Words are found whatever their accents, case and number, and marked where they stand."""

import pytest

from bocage.words.folding import asked, folded, marked, meets, singular, words_of


@pytest.mark.parametrize(
    ("written", "plain"), [("École", "ecole"), ("CŒUR", "coeur"), ("Noël", "noel"), ("ÇA", "ca"), ("Straße", "strasse")]
)
def test_accents_case_and_ligatures_do_not_matter(written: str, plain: str) -> None:
    assert folded(written) == plain


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("capteurs", "capteur"), ("eaux", "eau"), ("reseaux", "reseau"), ("journaux", "journal"), ("noyaux", "noyal"),
        ("batteries", "battery"), ("gaz", "gaz"), ("bus", "bus"), ("eau", "eau"),
    ],
)  # fmt: skip
def test_a_plural_leads_to_its_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


@pytest.mark.parametrize(
    ("word", "wanted", "met"),
    [
        ("compteur", "compteurs", True), ("compteurs", "compteur", True), ("compteurs", "compt", True),
        ("journal", "journaux", True), ("temperature", "temps", False), ("temperature", "temp", True),
        ("a", "a", True), ("air", "a", False), ("eau", "eaux", True), ("ecole", "mairie", False),
    ],
)  # fmt: skip
def test_the_beginning_of_a_word_is_enough_and_number_does_not_matter(word: str, wanted: str, met: bool) -> None:
    assert meets(word, wanted) is met


def test_words_that_say_nothing_are_left_out_unless_there_is_nothing_else() -> None:
    assert asked("les capteurs de l'école") == ["capteurs", "ecole"]
    assert asked("de la") == ["de", "la"]
    assert asked("  ?! ") == []
    assert len(asked(" ".join(f"mot{n}" for n in range(30)))) == 8
    assert asked("eau eau Eau") == ["eau"]


def test_what_was_found_is_marked_as_it_is_written() -> None:
    pieces = list(marked("Les Écoles, l'école et l'Église.", ["ecole"]))
    assert [text for text, found in pieces if found] == ["Écoles", "école"]
    assert "".join(text for text, _ in pieces) == "Les Écoles, l'école et l'Église."


def test_every_word_of_a_text_is_there_in_order() -> None:
    assert words_of("CO2 : 640 ppm, l'après-midi") == ["co2", "640", "ppm", "l", "apres", "midi"]
