"""What a machine can know already of the declaration that a finding asks for: the words a form opens with."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from bocage import words
from bocage.commitments import crpa_330_access, gdpr_37_officer
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Finding
from bocage.domain.declaration import Declaration, Notes, fields
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text
from bocage.registers.files import WRITTEN

Begun = Mapping[str, Any]
"""Fields of a form, by name, in plain values."""
_VACANT = "-vacant"
_ROLES: Final = {gdpr_37_officer.CODE: RoleName.DPO, crpa_330_access.CODE: RoleName.ACCESS_OFFICER}
"""The one role that a promise is about."""
_OTHERWISE: Final = {"charter-article": "article"}
"""Kinds that findings call by another name."""


def begun(facts: TerritoryFacts, found: Finding) -> dict[str, Any]:
    """What the finding itself says of the declaration it asks for: the role that is vacant, the project it is of."""
    way_out = found.way_out
    struct = WRITTEN.get(way_out.kind) if way_out else None
    if way_out is None or struct is None or way_out.slug:
        return {}
    if struct is Role:
        return _role(found)
    named = {note.name: _named(note, found) for note in fields(struct)}
    said = {name: value for name, value in named.items() if value}
    title = _titled(facts, struct, said)
    return {**said, **({"title": title} if title else {})}


def only(facts: TerritoryFacts, found: Finding) -> dict[str, Any]:
    """The one declaration that the field which lacks can name, where there is only one."""
    way_out = found.way_out
    struct = WRITTEN.get(way_out.kind) if way_out else None
    if way_out is None or struct is None or not way_out.field:
        return {}
    note = next((one for one in fields(struct) if one.name == way_out.field), None)
    if note is None or not note.reference:
        return {}
    fitting = (slug for slug, body in facts.declared.get(note.reference, {}).items() if _fits(note, body))
    known = tuple(islice(fitting, 2))
    return {note.name: known[0]} if len(known) == 1 else {}


def _role(found: Finding) -> dict[str, Any]:
    name = str(_ROLES.get(found.promise, found.code.removesuffix(_VACANT)))
    if name not in set(RoleName):
        return {}
    title = words.both(RoleName.of(name).label)
    return {"role": name, "title": {"fr": title.fr, "en": title.en}}


def _named(note: Notes, found: Finding) -> Any:
    """What the finding says the field is about: it names things by their kind."""
    name = _OTHERWISE.get(note.reference, note.reference.replace("-", "_"))
    said = found.values.get(name) if note.reference else None
    if not said:
        return None
    return [said] if "tuple" in str(note.type) else said


def _titled(facts: TerritoryFacts, struct: type[Declaration], said: Begun) -> dict[str, str]:
    """The kind, and what it is of: "Evaluation: street lighting"."""
    for note in fields(struct):
        slug = said.get(note.name)
        slug = slug[0] if isinstance(slug, list) else slug
        title = getattr(facts.declared.get(note.reference, {}).get(slug or ""), "title", None)
        if isinstance(title, Text):
            label = words.both(struct.label)
            return {"fr": f"{label.fr} : {title.fr}", "en": f"{label.en}: {title.en}" if title.en else ""}
    return {}


def _fits(note: Notes, body: Declaration) -> bool:
    return not isinstance(body, Role) or note.name != "steward" or body.role is RoleName.STEWARD
