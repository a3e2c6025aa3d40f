"""Numbers, dates and sentences as people here write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec
import pytest

from bocage import words
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.declaration import fields
from bocage.domain.kinds import KINDS
from bocage.domain.label import Labelled
from bocage.domain.sensing import ENTITIES
from bocage.domain.themes import THEMES
from bocage.web.forms.field import UNSEEN
from bocage.web.forms.shape import shape
from bocage.words import check
from bocage.words.catalogue import compiled, merge
from bocage.words.typography import typeset

N, F = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("x", "unit", "french", "english"),
    [
        (1234.5, "kWh", f"1{N}234,5{N}kWh", f"1,234.5{N}kWh"),
        (21, "°C", f"21{N}°C", f"21{N}°C"),
        (12.3456, "%", f"12,35{N}%", "12.35%"),
        (0.00012, "", "0,00012", "0.00012"),
        (-3.0, "", "-3", "-3"),
        (1_234_567.891, "", f"1{N}234{N}567,9", "1,234,567.9"),
        (float("nan"), "kWh", "—", "—"),
        (None, "", "—", "—"),
    ],
)
def test_a_figure_is_written_as_its_reader_writes_it(x: float | None, unit: str, french: str, english: str) -> None:
    assert words.number(x, "fr", unit) == french
    assert words.number(x, "en", unit) == english


def test_every_field_of_every_register_says_itself_in_french() -> None:
    known = {str(entry) for entry in check.entries("fr")}
    said = {text for kind in (*KINDS.values(), *ENTITIES) for text in _said(kind)}
    said |= {text for theme in THEMES for text in (theme.title, theme.about)}
    assert said - known - {"", "€", "%", "s", "h", "min", "W", "kWh", "kg CO2e"} == set()


def _said(kind: type[msgspec.Struct]) -> Iterator[str]:
    """Names, sentences, labels, help and closed lists of a kind, those of its groups and rows too."""
    yield from (getattr(kind, name, "") for name in ("label", "plural", "about"))
    for note in fields(kind):
        if note.name in UNSEEN:
            continue
        yield from (note.label, note.help, note.unit)
        inner = shape(note.type).of
        if isinstance(inner, type) and issubclass(inner, Labelled):
            yield from (one.label for one in inner)
        elif isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            yield from _said(inner)


def test_decimals_are_kept_when_they_are_asked_for() -> None:
    assert words.number(2, "fr", decimals=2) == "2,00"


def test_a_moment_is_told_at_the_clocks_of_the_place() -> None:
    at = datetime(2026, 11, 23, 13, 5, 9, tzinfo=UTC)
    assert words.moment(at, "Europe/Paris", "fr") == f"23 novembre 2026, 14{F}h{F}05"
    assert words.moment(at, "Europe/Paris", "en") == "23 November 2026, 14:05"
    assert words.moment(at, "Indian/Mayotte", "fr", seconds=True) == f"23 novembre 2026, 16{F}h{F}05{F}min{F}09{F}s"
    assert words.moment(1_795_439_109_000, "Pacific/Marquesas", "fr") == f"23 novembre 2026, 3{F}h{F}35"


def test_the_first_day_of_a_month_is_ordinal_in_french() -> None:
    assert words.day(date(2026, 1, 1), "fr") == "1er janvier 2026"
    assert words.day(date(2026, 1, 11), "fr") == "11 janvier 2026"
    assert words.day(date(2026, 1, 1), "en") == "1 January 2026"


@pytest.mark.parametrize(
    ("seconds", "french"),
    [
        (0, f"0{N}seconde"),
        (1, f"1{N}seconde"),
        (900, f"15{N}minutes"),
        (9_000, f"2{N}heures 30{N}minutes"),
        (86_400, f"1{N}jour"),
        (86_400 + 60, f"1{N}jour"),
        (2 * 86_400 + 3_600, f"2{N}jours 1{N}heure"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(seconds: int, french: str) -> None:
    assert words.duration(seconds, "fr") == french


def test_sizes_are_told_in_powers_of_a_thousand() -> None:
    assert words.size(12, "fr") == f"12{N}octets"
    assert words.size(1_234_567, "fr") == f"1,2{N}Mo"
    assert words.size(1_234_567, "en") == f"1.2{N}MB"


def test_french_text_gets_its_no_break_spaces_and_english_none() -> None:
    assert typeset("Voici : « oui » ; non ?", "fr") == f"Voici{F}: «{N}oui{N}»{N}; non{N}?"
    assert typeset("l'école d'ici, aujourd'hui : l'« air »", "fr") == f"l’école d’ici, aujourd’hui{F}: l’«{N}air{N}»"
    assert typeset("It's here", "en") == "It's here"
    assert typeset("Here : %(count)s", "en") == "Here : %(count)s"
    assert typeset("taux de %(share)s, ou {x} %", "fr") == f"taux de %(share)s, ou {{x}}{N}%"


def test_a_refusal_is_told_in_four_lines_with_the_titles_of_what_it_names() -> None:
    refusal = Refusal(
        promise="gdpr_05_purpose",
        code="purpose-missing",
        way_out=WayOut(kind="source", slug="ecoles", field="purpose"),
        values={"series": "co2-ecole", "source": "ecoles"},
    )
    said = words.sentence(refusal, "fr", names={"co2-ecole": "Compteur de l'école", "ecoles": "Capteurs des écoles"})
    assert said.what == f"Mesures refusées{F}: «{N}Compteur de l'école{N}»."
    assert said.why == "Personne n’a encore dit à quoi servent ces mesures."
    assert said.rule == "finalité déterminée (RGPD, article 5, paragraphe 1, point b)"
    assert "Capteurs des écoles" in said.way_out
    titled = words.sentence(refusal, "fr", names={"co2-ecole": "Aérer les classes."})
    assert titled.what == f"Mesures refusées{F}: «{N}Aérer les classes{N}»."


def test_of_two_declarations_of_one_slug_a_sentence_names_the_one_of_its_kind() -> None:
    refusal = Refusal(
        promise="r17_data_clause",
        code="clause-missing",
        way_out=WayOut(kind="contract", slug="air", field="clauses"),
        values={"series": "co2", "contract": "air"},
    )
    names = {"air": "Projet de l'air", "project/air": "Projet de l'air", "contract/air": "Marché de l'air"}
    said = words.sentence(refusal, "fr", names=names)
    assert "Marché de l'air" in said.why
    assert "Projet de l'air" not in said.why


def test_days_and_kinds_among_the_values_are_told_in_words() -> None:
    finding = Finding(
        promise="openness",
        code="review-due",
        kept=False,
        evidence=Evidence.MEASURED,
        values={"dataset": "plans", "review_day": "2026-11-01"},
    )
    assert words.sentence(finding, "fr").what.endswith("depuis le 1er novembre 2026.")
    refusal = Refusal(
        promise="coherence",
        code="reference-missing",
        way_out=WayOut(kind="purpose"),
        values={"kind": "sensor-notice", "slug": "air", "field": "things", "reference": "ecole"},
    )
    assert "Affichette du capteur" in words.sentence(refusal, "fr").what


def test_a_message_without_translation_is_shown_as_it_is() -> None:
    assert words.translate("Nobody ever wrote this", "fr") == "Nobody ever wrote this"
    assert words.translate("", "fr") == ""


def test_the_compiled_catalogue_is_what_the_sources_say() -> None:
    assert merge("fr")
    if compiled("fr").exists():
        assert compiled("fr").name == "bocage.mo"
