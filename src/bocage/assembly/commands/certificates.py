"""Commands on certificates: issue, show, withdraw, another key. Checking one needs no instance, so it is not here."""

from datetime import date, timedelta
from typing import Any

import msgspec

from bocage import evidence, relational
from bocage.accounts import OPERATOR
from bocage.assembly.commands.declared import named
from bocage.assembly.instance import Instance
from bocage.assembly.letters import means
from bocage.domain.certificate import LONGEST_DAYS
from bocage.domain.errors import Invalid
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.evidence import certifying, facts
from bocage.publish.certificate.ring import Ring


def _issue(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    territory, at = named(values["territory"]), instance.clock()
    until = _day(values["until"]) or facts.today(territory, at) + timedelta(days=LONGEST_DAYS - 1)
    issued = evidence.certify(territory, until, OPERATOR.account, means(instance), at)
    return {**_line(issued), "body": issued.body.decode()}


def _show(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    territory = named(values["territory"])
    if not values["number"]:
        listed = evidence.certificates(territory)
        return {"certificates": [_line(evidence.certificate(territory, one.number)) for one in listed]}
    found = evidence.certificate(territory, values["number"])
    if values["opened"]:
        return {"body": msgspec.json.format(msgspec.json.encode(certifying.opened(found))).decode()}
    return {"body": found.body.decode()}


def _withdraw(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    reason = Text(fr=values["reason"])
    return _line(evidence.withdraw_certificate(named(values["territory"]), values["number"], reason, instance.clock()))


def _turn(instance: Instance, values: dict[str, Any], tell: Any) -> dict[str, Any]:
    with relational.transaction():  # no certificate is made meanwhile
        made = Ring(instance.places.keys).turn(instance.clock())
    return {"id": made.id, "after": made.after}


def _line(one: evidence.Issued) -> dict[str, Any]:
    said = one.certificate
    return {
        "number": said.number,
        "territory": said.territory,
        "issued": said.issued.isoformat(timespec="minutes"),
        "ends": said.ends.isoformat(),
        "withdrawn": one.withdrawn.isoformat(timespec="minutes") if one.withdrawn else "",
        "digest": one.paper.digest,
        "address": f"{said.address}/certificates/{said.number}",
    }


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Invalid(_("a day (2027-11-26)"), said) from error


COMMANDS = {
    "certificate-issue": _issue,
    "certificate-show": _show,
    "certificate-withdraw": _withdraw,
    "certificate-turn": _turn,
}
