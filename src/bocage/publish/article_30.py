"""The register of processing activities as one document: what article 30 asks of a controller, and what is not said."""

from collections.abc import Callable, Iterable
from typing import Any

from bocage.domain.text import Text
from bocage.publish.processing import Processing

Say = Callable[[str], str]
"""Translates an English message."""


def document(found: Iterable[Processing], lang: str, say: Say) -> list[dict[str, Any]]:
    """Every processing activity that concerns persons, or of which nobody has said whether it does.

    Keys follow article 30(1): (a) controller, joint controllers, officer, (b) purpose, (c) persons and data, (d)
    recipients, (e) transfers, (f) retention, (g) security. What is not declared is null, never a guess.
    """
    return [_entry(one, lang, say) for one in found if one.purpose.personal is not False]


def _entry(item: Processing, lang: str, say: Say) -> dict[str, Any]:
    told, purpose = item.purpose.information, item.purpose
    return {
        "name": item.slug,
        "purpose": said(purpose.title, lang),
        "controller": said(item.controller[1], lang) if item.controller else None,
        "joint_controllers": [
            {"agreement": said(agreement[1], lang), "parties": [said(party[1], lang) for party in parties]}
            for agreement, parties in item.joint
        ],
        "legal_basis": say(purpose.legal_basis.label) if purpose.legal_basis else None,
        "persons": said(told.persons, lang),
        "data": said(told.data, lang),
        "measured": [said(title, lang) for _slug, title in item.measured],
        "sources": [said(title, lang) for _slug, title in item.sources],
        "datasets": [said(title, lang) for _slug, title in item.datasets],
        "recipients": [said(title, lang) for _slug, title in item.recipients],
        "processors": [
            {
                "name": said(one.body[1], lang),
                "under": said(one.under[2], lang) if one.under else None,
                "hosts": one.hosts,
            }
            for one in item.processors
        ],
        "transfers": transfers(item, lang),
        "retention_months": purpose.retention_months,
        "fate": say(purpose.fate.label) if purpose.fate else None,
        "security": said(told.security, lang),
        "not_said": list(item.lacks),
    }


def transfers(item: Processing, lang: str) -> list[dict[str, Any]]:
    """Where data go outside the European Union or are reached from there, with the guarantees that are declared."""
    told = item.purpose.information
    return [
        {"to": said(site.title, lang), "country": site.country, "guarantees": said(told.guarantees, lang)}
        for _slug, site in item.outside_eu
    ]


def said(text: Text | None, lang: str) -> str | None:
    """The text in that language, or in French; None when nobody said it."""
    return text.read(lang)[0] if text else None
