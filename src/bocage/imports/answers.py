"""What the words of a register of processing answer: retention, legal basis; and what completes a purpose."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from bocage.domain.purpose import LegalBasis, Purpose
from bocage.domain.text import message as _
from bocage.imports.labels import folded

Told = list[tuple[str, str]]

_LENGTH: Final = re.compile(r"^(\d{1,4}) (an|ans|annee|annees|mois)$")
_BASES: Final = (
    (LegalBasis.CONSENT, ("consentement",)),
    (LegalBasis.LEGAL_OBLIGATION, ("obligation legale", "obligations legales")),
    (LegalBasis.VITAL_INTERESTS, ("interets vitaux", "interet vital")),
    (
        LegalBasis.PUBLIC_TASK,
        ("mission d interet public", "mission de service public", "autorite publique", "interet public"),
    ),
    (LegalBasis.LEGITIMATE_INTERESTS, ("interet legitime", "interets legitimes")),
    (LegalBasis.CONTRACT, ("contrat", "execution d un contrat", "mesures precontractuelles")),
)


def retention(durations: Sequence[str]) -> int | None:
    """Months, when every category of data that says a length says the same plain one; None otherwise.

    A length that runs from an event ("2 years after the departure") is no plain one: a person answers.
    """
    lengths = {_months(text) for text in durations if text}
    return lengths.pop() if len(lengths) == 1 else None


def _months(text: str) -> int | None:
    found = _LENGTH.match(folded(text))
    if found is None:
        return None
    months = int(found[1]) * (1 if found[2] == "mois" else 12)
    return months if 1 <= months <= 1200 else None


def legal_basis(text: str) -> tuple[LegalBasis | None, Told]:
    """The one legal basis that some words name; none, and the words, when they name none or several."""
    plain = folded(text)
    found = [basis for basis, names in _BASES if any(name in plain for name in names)]
    if len(found) == 1:
        return found[0], []
    return None, [(_("Legal basis (personal data)"), text)] if text else []


def completed(held: Purpose, read: Purpose) -> Purpose:
    """What is declared, with answers only where it has none."""
    empty = Purpose(title=held.title)
    names = ("owner", "personal", "legal_basis", "recipients", "retention_months")
    return msgspec.structs.replace(
        held, **{name: getattr(read, name) for name in names if getattr(held, name) == getattr(empty, name)}
    )
