"""The declarations by which a person takes roles, several at once: in a small town one person holds most of them."""

from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol

from bocage.domain.declaration import Key
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text
from bocage.registers import Put

_FRENCH: Final = {
    RoleName.AGENT: "Agent",
    RoleName.STEWARD: "Référent de la donnée",
    RoleName.DATA_ADMINISTRATOR: "Administrateur des données",
    RoleName.DPO: "Délégué à la protection des données",
    RoleName.SECURITY_OFFICER: "Responsable de la sécurité",
    RoleName.ACCESS_OFFICER: "Personne responsable de l'accès aux documents administratifs",
    RoleName.DECIDER: "Décideur",
    RoleName.CONTRACTOR: "Prestataire",
    RoleName.ADMINISTRATOR: "Administrateur",
}


class Holder(Protocol):
    """Whoever takes roles: an account by its pseudonym and its address."""

    @property
    def account(self) -> str:
        """The pseudonym."""

    @property
    def email(self) -> str:
        """The address one signs in with."""


def taken(territory: str, holder: Holder, roles: Iterable[RoleName], since: date) -> list[Put]:
    """One declaration for each role the person holds from that day on; none of them may exist yet."""
    return [
        Put(
            key=Key(territory=territory, kind=Role.kind, slug=f"{role.value}-{holder.account[-6:]}"),
            body=Role(title=Text(fr=_FRENCH[role], en=role.label), role=role, holder=holder.email, since=since),
            expected=None,
        )
        for role in roles
    ]
