"""What values show of persons, whatever the declaration says."""

import hashlib

import numpy as np
import pytest

from bocage.commitments.behaviour import LINKED, Recurrence, personal_patterns, recurring_identifiers, signs


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("panne signalée par jeanne.martin@exemple.fr", "e-mail"),
        ("rappeler au 06 12 34 56 78", "telephone"),
        ("rappeler au +33 6 12 34 56 78", "telephone"),
        ("AB-123-CD", "number-plate"),
        ("AB123CD", "number-plate"),
        ("00:1b:44:11:3a:b7", "device-address"),
        ("2 55 08 14 168 025 38", "social-security-number"),
    ],
)
def test_a_pattern_of_persons_is_found_in_a_text(text: str, pattern: str) -> None:
    assert [sign.pattern for sign in personal_patterns([text])] == [pattern]


@pytest.mark.parametrize(
    "text", ["ouvert", "porte 12", "erreur E-404", "2026-11-23T09:00:00", "1234567890123", "AB-12-CD"]
)
def test_a_state_an_error_or_a_date_shows_nobody(text: str) -> None:
    assert personal_patterns([text]) == ()


def test_a_social_security_number_whose_key_disagrees_is_only_a_number() -> None:
    assert personal_patterns(["255081416802539"]) == ()


def test_hashed_plates_that_come_back_over_days_are_linked_identifiers() -> None:
    hashed = [hashlib.sha256(f"AB-{n:03}-CD".encode()).hexdigest() for n in range(60)]
    texts = [*hashed, *hashed[:20]]
    days = np.array([1] * 60 + [2] * 20)
    found = recurring_identifiers(texts, days)
    assert found == Recurrence(distinct=60, over_days=20, over_places=0)
    assert found.links
    assert LINKED in {sign.pattern for sign in signs(texts, days)}


def test_identifiers_seen_at_several_places_of_one_day_are_linked_too() -> None:
    texts = [f"badge-{n}" for n in range(40)] * 2
    days = np.ones(80, np.int64)
    places = np.array([1] * 40 + [2] * 40)
    assert recurring_identifiers(texts, days, places).links


def test_states_that_come_back_every_day_follow_nobody() -> None:
    texts = ["ouvert", "fermé", "défaut-3"] * 100
    assert signs(texts, np.arange(300)) == ()


def test_identifiers_that_never_come_back_follow_nobody() -> None:
    texts = [f"ticket-{n}" for n in range(500)]
    assert not recurring_identifiers(texts, np.arange(500) // 50).links
