"""All that is held of one person in a territory, for a request of access: what a copy is made of (GDPR 15)."""

import re
from datetime import datetime

import msgspec

from bocage import civic, orders
from bocage.accounts import people, sessions, wishes
from bocage.accounts.people import Person
from bocage.domain.text import message as _
from bocage.registers import persons
from bocage.steer.alerts import noted_by

Row = dict[str, object]
LEAST = 3
"""Characters of what is looked for: fewer would show half the register of persons."""
_LOOKED_INTO = {"declarations": ("value",), "requests": ("name", "reach")}
"""Parts that are found by a text, and the fields it is looked for in; the others are those of an account."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One place where something is held. `title`: an English message; `name`: the same for machines."""

    name: str
    title: str
    rows: tuple[Row, ...]


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked for, when, and what was found; places where nothing is are left out."""

    territory: str
    asked: str
    at: datetime
    parts: tuple[Part, ...] = ()


def own(territory: str, address: str, at: datetime) -> Held:
    """The same for whoever has an account: what holds their very address, and nothing of those whose address ends or
    begins alike."""
    found = held(territory, address, at)
    very = re.compile(rf"(?<![\w.%+'-]){re.escape(found.asked)}(?![\w-]|\.\w)", re.IGNORECASE)
    kept = []
    for part in found.parts:
        fields = _LOOKED_INTO.get(part.name)
        rows = [
            row for row in part.rows if not fields or very.search("\n".join(str(row.get(one, "")) for one in fields))
        ]
        kept.append(msgspec.structs.replace(part, rows=tuple(rows)))
    return msgspec.structs.replace(found, parts=tuple(part for part in kept if part.rows))


def held(territory: str, asked: str, at: datetime) -> Held:
    """Look for an e-mail address or a name in all that this territory holds.

    The account is the one of that very address, where it belongs to the territory; its pseudonym finds what it did.
    """
    wanted = asked.strip()
    if len(wanted) < LEAST:
        return Held(territory=territory, asked=wanted, at=at)
    found = people.of_address(wanted)
    person = found if found and territory in found.territories else None
    parts = [
        Part(
            name="declarations", title=_("Declarations that name them"), rows=tuple(persons.naming(territory, wanted))
        ),
        Part(name="requests", title=_("Requests about their data"), rows=_requests(territory, wanted)),
        *(_of_account(territory, person, at) if person else ()),
    ]
    return Held(territory=territory, asked=wanted, at=at, parts=tuple(part for part in parts if part.rows))


def _requests(territory: str, wanted: str) -> tuple[Row, ...]:
    texts = ("name", "reach", "words", "reason", "reply")
    return tuple(
        {
            "number": one.number,
            "right": one.right.value,
            "received": one.received,
            "answered": one.answered,
            "outcome": one.outcome.value if one.outcome else None,
            **{name: getattr(one, name) for name in texts if getattr(one, name)},
        }
        for one in civic.naming(territory, wanted)
    )


def _of_account(territory: str, person: Person, at: datetime) -> list[Part]:
    wish = wishes.wish(person.account, territory)
    account: Row = {
        "name": person.name,
        "email": person.email,
        "account": person.account,
        "made_at": person.made_at,
        "last_sign_in": person.last_sign_in,
        "active": person.active,
        "mails": wish.mails,
        "language": wish.lang,
    }
    opened: list[Row] = [
        {"began": one.began, "used": one.used, "expires": one.expires, "browser": one.agent, "network": one.network}
        for one in sessions.listed(at, person.account)
    ]
    written = persons.written(territory, person.account)
    return [
        Part(name="account", title=_("Their account"), rows=(account,)),
        Part(name="sessions", title=_("Their open sessions"), rows=tuple(opened)),
        Part(name="written", title=_("What they declared"), rows=tuple(written)),
        Part(name="opinions", title=_("Opinions they gave"), rows=tuple(persons.opinions(territory, person.account))),
        Part(name="alerts", title=_("What they did with alerts"), rows=tuple(noted_by(territory, person.account))),
        Part(
            name="orders",
            title=_("What they did with orders to equipment"),
            rows=tuple(orders.done_by(territory, person.account)),
        ),
    ]
