"""Commands on people and machines: accounts, one-time links, tokens."""

from datetime import datetime
from typing import Any

from bocage import evidence, registers
from bocage.accounts import OPERATOR
from bocage.accounts import people as accounts
from bocage.accounts.people import LINK_LASTS, Person
from bocage.assembly.commands.declared import named
from bocage.assembly.instance import Instance
from bocage.domain.declaration import Key
from bocage.domain.errors import Missing
from bocage.domain.role import Role, RoleName
from bocage.domain.source import Source
from bocage.domain.text import message as _


def _create(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    at, email = instance.clock(), values["email"]
    roles = [RoleName.of(role) for role in values["roles"]]
    territory = named(values["territory"]) if registers.territories() else ""
    person = accounts.create(email, values["name"] or email.partition("@")[0], at, territory=territory)
    if RoleName.ADMINISTRATOR in roles:
        accounts.make_administrator(person.account)
    if territory:
        hold(territory, person, roles, at)
    return _linked(instance, person, at)


def hold(territory: str, person: Person, roles: list[RoleName], at: datetime) -> None:
    """Declare the roles this person holds from today on; her rights follow from the register."""
    if roles:
        today = evidence.facts.today(territory, at)
        evidence.change(territory, OPERATOR, evidence.taken(territory, person, roles, today), at)


def _linked(instance: Instance, person: Person, at: datetime) -> dict[str, Any]:
    settings = instance.loaded.settings
    address = instance.chosen.now.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    secret = accounts.one_time_link(person.account, at)
    until = (at + LINK_LASTS).isoformat(timespec="minutes")
    return {"email": person.email, "account": person.account, "link": f"{address}/welcome/{secret}", "until": until}


def _person(email: str) -> Person:
    for person in accounts.listed():
        if person.email == email.strip().casefold():
            return person
    raise Missing(_("an account of this address"), email)


def _link(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    return _linked(instance, _person(values["email"]), instance.clock())


def _list(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    held: dict[str, list[str]] = {}
    for territory in registers.territories():
        for entry in registers.current(territory, Role.kind):
            if isinstance(entry.body, Role):
                held.setdefault(entry.body.holder.casefold(), []).append(f"{entry.body.role.value}@{territory}")
    return {
        "accounts": [
            {
                "email": person.email,
                "name": person.name,
                "roles": held.get(person.email, []),
                "seen": person.last_sign_in.isoformat(timespec="minutes") if person.last_sign_in else "-",
                "state": "open" if person.active else "closed",
            }
            for person in accounts.listed()
        ]
    }


def _deactivate(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    accounts.deactivate(_person(values["email"]).account)
    return {}


def _issue(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    territory, source = named(values["territory"]), values["source"]
    if registers.find(Key(territory=territory, kind=Source.kind, slug=source)) is None:
        raise Missing(_("a declared source"), f"{source}, {territory}", _("declare it first: bocage apply FOLDER"))
    secret = instance.tokens.issue(territory, OPERATOR.account, instance.clock(), source=source)
    return {"secret": secret, "territory": territory}


def _revoke(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    for territory in registers.territories():
        if any(issued.token == values["number"] for issued in instance.tokens.listed(territory)):
            instance.tokens.revoke(territory, values["number"], instance.clock())
            return {}
    raise Missing(_("a token in use here"), str(values["number"]))


def _tokens(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    asked = [named(values["territory"])] if values["territory"] else registers.territories()
    return {
        "tokens": [
            {
                "number": issued.token,
                "territory": territory,
                "opens": issued.source or ", ".join(issued.datasets),
                "seen": issued.last_used.isoformat(timespec="minutes") if issued.last_used else "-",
                "state": "revoked" if issued.revoked_at else "open",
            }
            for territory in asked
            for issued in instance.tokens.listed(territory)
        ]
    }


COMMANDS = {
    "account-create": _create,
    "account-link": _link,
    "account-list": _list,
    "account-deactivate": _deactivate,
    "token-issue": _issue,
    "token-revoke": _revoke,
    "token-list": _tokens,
}
