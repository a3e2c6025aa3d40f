"""Which questions are still open before a series may flow; nothing that is known is asked again."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from bocage.accounts.rights import Actor, may_declare
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.domain.dataset import Dataset
from bocage.domain.decision import Refusal
from bocage.domain.declaration import Declaration
from bocage.domain.hosting_site import HostingSite
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.text import message as _
from bocage.web.forms.field import tree_of

ASKED: Mapping[type[Declaration], tuple[str, ...]] = {
    Thing: ("title", "location", "public_space"),
    ObservedProperty: ("title",),
    Datastream: ("title", "unit", "nature", "cadence_seconds"),
    Purpose: (
        "title", "service", "owner", "personal", "legal_basis", "recipients", "retention_months", "fate",
        "cadence_seconds", "questions",
    ),
    Dataset: ("title", "service", "steward", "sensitivity", "openness", "ground", "reason", "review"),
    HostingSite: ("title", "country", "operator", "operator_outside_eu", "certifications"),
    SensorNotice: ("title", "why", "contact"),
}  # fmt: skip
QUESTIONS: Mapping[type[Declaration], str] = {
    Thing: _("What carries the sensor?"),
    ObservedProperty: _("What is measured?"),
    Datastream: _("How is this series to be read?"),
    Purpose: _("What is it for?"),
    Dataset: _("Who answers for these data, and who may see them?"),
    HostingSite: _("Where do these data lie?"),
    SensorNotice: _("What is the public told?"),
}
ORDER = tuple(ASKED)


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `completing` is the slug of what exists and lacks `only`; otherwise one is chosen or made.

    `known` are those one may choose; `may` whether this person may declare it.
    """

    struct: type[Declaration]
    only: tuple[str, ...]
    completing: str = ""
    known: tuple[str, ...] = ()
    may: bool = True

    @property
    def kind(self) -> str:
        """The kind that is declared."""
        return self.struct.kind

    @property
    def question(self) -> str:
        """The question as a message."""
        return QUESTIONS[self.struct]

    def tree(self, facts: TerritoryFacts, typed: Mapping[str, Any]) -> dict[str, Any]:
        """The values the form begins with."""
        body = facts.declared.get(self.kind, {}).get(self.completing)
        return {name: value for name, value in {**tree_of(self.struct, body), **typed}.items() if name in self.only}


def sections(facts: TerritoryFacts, flow: Flow, refusals: Iterable[Refusal], actor: Actor) -> tuple[Section, ...]:
    """The open questions of a flow, in the order one answers them."""
    wanted: dict[type[Declaration], Section] = {}
    for struct in _missing(facts, flow):
        wanted[struct] = Section(struct=struct, only=ASKED[struct], known=_choosable(facts, struct))
    for refusal in refusals:
        _complete(wanted, facts, refusal)
    return tuple(
        msgspec.structs.replace(wanted[struct], may=may_declare(actor, facts.slug, struct.kind))
        for struct in ORDER
        if struct in wanted
    )


def _choosable(facts: TerritoryFacts, struct: type[Declaration]) -> tuple[str, ...]:
    """What already exists and may serve again; a series is always a new one."""
    return () if struct is Datastream else tuple(sorted(facts.all(struct)))


def _missing(facts: TerritoryFacts, flow: Flow) -> list[type[Declaration]]:
    found: list[type[Declaration]] = []
    if flow.course.source is None:
        return found
    if flow.strand.datastream is None:
        found += [Thing, ObservedProperty, Datastream]
    elif flow.strand.thing is None:
        found.append(Thing)
    if flow.course.purpose is None:
        found.append(Purpose)
    if flow.course.dataset is None:
        found.append(Dataset)
    if flow.course.hosting is None and not facts.all(HostingSite):
        found.append(HostingSite)
    return found


def _complete(wanted: dict[type[Declaration], Section], facts: TerritoryFacts, refusal: Refusal) -> None:
    """Add the fields a refusal names of something that exists, or the notice it asks for."""
    way_out = refusal.way_out
    struct = next((one for one in ORDER if one.kind == way_out.kind), None)
    if struct is None:
        return
    if struct is SensorNotice:
        wanted.setdefault(struct, Section(struct=struct, only=ASKED[struct], known=tuple(sorted(facts.all(struct)))))
    if way_out.slug not in facts.declared.get(way_out.kind, {}) or struct in (Datastream, Thing):
        return
    field = way_out.field.partition(".")[0]
    present = wanted.get(struct)
    only = tuple(dict.fromkeys([*(present.only if present else ()), *([field] if field else ASKED[struct])]))
    known_names = {one.name for one in msgspec.structs.fields(struct)}
    kept = tuple(name for name in only if name in known_names)
    if present is None or present.completing:
        wanted[struct] = Section(struct=struct, only=kept, completing=way_out.slug)
