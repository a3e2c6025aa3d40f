"""Registers by theme, so that one finds the right one among many: what each theme is about, and its kinds in order."""

from typing import Final

import msgspec

from bocage.domain.text import message as _


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """A group of registers. `name` serves addresses; `title` and `about` are English messages."""

    name: str
    title: str
    about: str
    kinds: tuple[str, ...]


THEMES: Final = (
    Theme(
        name="territory",
        title=_("The territory"),
        about=_("Who is in charge here, of what, and on which acts it rests."),
        kinds=(
            *("territory", "public-service", "organisation", "role", "act"),
            *("data-strategy", "governance-body", "training"),
        ),
    ),
    Theme(
        name="data",
        title=_("Services and data"),
        about=_("What the data are for, where they lie, and who may take them away."),
        kinds=(
            *("purpose", "dataset", "data-schema", "hosting-site", "subscription"),
            *("disposal-rule", "disposal-slip"),
        ),
    ),
    Theme(
        name="measuring",
        title=_("What measures"),
        about=_("From the sensor in the street to the series one looks at."),
        kinds=(
            *("source", "codec", "thing", "datastream", "sensor", "observed-property"),
            *("multi-datastream", "sensor-notice", "sensor-report", "location", "feature-of-interest"),
        ),
    ),
    Theme(
        name="steering",
        title=_("What is decided with it"),
        about=_("The rules and figures one steers by, and the decisions taken."),
        kinds=("rule", "algorithm", "indicator", "decision", "actuator"),
    ),
    Theme(
        name="projects",
        title=_("Projects and experiments"),
        about=_("What is being changed, with which means, and what residents were asked."),
        kinds=("project", "consultation", "experiment", "technology", "challenge"),
    ),
    Theme(
        name="contracts",
        title=_("Contracts and partners"),
        about=_("Who works with whom, and what binds them, from the charter to the contract."),
        kinds=(
            *("actor", "contract", "clause", "charter", "charter-article"),
            *("agreement", "shared-specification"),
        ),
    ),
    Theme(
        name="evaluation",
        title=_("Evaluation, money and footprint"),
        about=_("What projects change, cost and bring, what is funded, and what digital tools cost the planet."),
        kinds=(
            *("evaluation", "economics", "call-for-projects", "application", "label-scheme", "label-award"),
            *("device-fleet", "footprint-budget", "footprint-factor"),
        ),
    ),
    Theme(
        name="protection",
        title=_("Rights and security"),
        about=_("What protects people: assessments, audits, somebody to speak to, and exceptions in public."),
        kinds=(
            *("assessment", "audit", "checklist", "digital-service", "human-channel", "exception"),
            *("violation", "witness", "witnessed"),
        ),
    ),
)
"""Every kind and every sensing entity stands in exactly one of them."""

_PLACES: Final = {kind: theme for theme in THEMES for kind in theme.kinds}


def theme_of(kind: str) -> Theme:
    """The theme of a kind; KeyError for none, so that a new kind fails in its test."""
    return _PLACES[kind]
