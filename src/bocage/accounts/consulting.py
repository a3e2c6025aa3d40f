"""Which registers a person may read at the desk and by the API: the open ones, and closed ones by right."""

from collections.abc import Mapping
from typing import Final

from bocage.accounts.rights import Actor, Right, may
from bocage.domain.declaration import Declaration
from bocage.domain.violation import Violation

OWN_RIGHT: Final[Mapping[str, str]] = {Violation.kind: Right.READ_PROTECTION}
"""Closed registers that not everyone reads who may read closed registers, and the right each of them asks for."""


def may_consult(actor: Actor, territory: str, kind: type[Declaration]) -> bool:
    """Whether a person may know what a register of this territory holds."""
    return kind.public or may(actor, OWN_RIGHT.get(kind.kind, Right.READ_REGISTERS), territory)
