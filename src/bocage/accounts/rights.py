"""Who may do what: the table of rights, and the questions asked of it; what has no line is denied.

The same table stands in docs/rights.md; a test compares them (`python scripts/write_rights.py` rewrites it).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import msgspec

from bocage.accounts.routes import ROUTES
from bocage.domain.errors import Missing
from bocage.domain.label import Labelled
from bocage.domain.role import RoleName
from bocage.domain.text import message as _

EVERYONE: Final = "anyone"
SIGNED_IN: Final = "signed-in"
MACHINE: Final = "machine"
INSTANCE: Final = "instance-administrator"


class Right(Labelled):
    """What can be allowed."""

    READ_OPEN = "read-open", _("Read what is open: portal, open datasets, public registers")
    SIGN_IN = "sign-in", _("Sign in")
    OWN_ACCOUNT = "own-account", _("See and end one's own sessions, change one's own password")
    READ_DESK = "read-desk", _("Enter the desk")
    READ_DATA = "read-data", _("Read measurements that are not open")
    READ_COUNCIL = "read-council", _("Read the pages for the council of one's services")
    READ_REFUSALS = "read-refusals", _("Read refusals")
    READ_ALERTS = "read-alerts", _("Read alerts of one's services; a contractor, those of its own sources")
    HANDLE_ALERTS = "handle-alerts", _("Take alerts in hand, comment on them, close and reopen them")
    WRITE_RULES = "write-rules", _("Write, try, switch off and withdraw the alert rules of one's services")
    READ_REGISTERS = "read-registers", _("Read registers that are not public")
    READ_RUNNING = "read-running", _("Read scheduled work, deliveries and the state of the machine")
    DECLARE = "declare", _("Open the forms of the registers (each kind has its own line below)")
    DELIVER = "deliver", _("Hand over files and try how they are read")
    IMPORT = "import", _("Bring in what exists; a contractor: measurements of its own sources")
    READ_TOKENS = "read-tokens", _("See which tokens exist")
    ISSUE_TOKENS = "issue-tokens", _("Issue tokens")
    REVOKE_TOKENS = "revoke-tokens", _("Revoke tokens")
    MANAGE_ACCOUNTS = "manage-accounts", _("Invite people, close accounts")
    REVOKE_SESSIONS = "revoke-sessions", _("See and end the sessions of others")
    REDO_WORK = "redo-work", _("Run scheduled work now, send a delivery again")
    SETTINGS = "settings", _("Change the settings of the instance")
    BEGIN_TERRITORIES = "begin-territories", _("Make a territory, withdraw one in which nothing stands")
    READ_PROTECTION = "read-protection", _("See violations and their clocks, and what lacks where persons count")
    RIGHTS_REQUESTS = "rights-requests", _("Answer the requests of persons about their data, erase what names them")
    ISSUE_CERTIFICATES = "issue-certificates", _("Issue and withdraw certificates of what is kept")
    READ_OPINIONS = "read-opinions", _("See what waits for an opinion of the data protection officer")
    GIVE_OPINIONS = "give-opinions", _("Give an opinion on a declaration, as data protection officer")
    OFFER_MODELS = "offer-models", _("Offer models of declarations to other territories, and give them")
    ANSWER_MODELS = "answer-models", _("Answer what another territory offers: agree, or refuse with a reason")
    PREPARE_ORDERS = "prepare-orders", _("Prepare orders to equipment of one's services; another person approves them")
    APPROVE_ORDERS = "approve-orders", _("Approve orders that somebody else prepared")
    STOP_ORDERS = "stop-orders", _("Refuse orders, and send equipment back to its safe value at once")
    PUSH = "push", _("Write to the one source of the token")
    ENTRUST = "entrust", _("Leave a head of one's registers, signed by a key that is declared")
    READ_GRANTED = "read-granted", _("Read the datasets granted to the token")


_R = RoleName
_DESK = frozenset({_R.AGENT, _R.STEWARD, _R.DATA_ADMINISTRATOR, _R.DPO, _R.SECURITY_OFFICER, _R.DECIDER, _R.CONTRACTOR})

RIGHTS: Final[Mapping[str, frozenset[str]]] = {
    Right.READ_OPEN: frozenset({EVERYONE}),
    Right.SIGN_IN: frozenset({EVERYONE}),
    Right.OWN_ACCOUNT: frozenset({SIGNED_IN}),
    Right.READ_DESK: _DESK | {_R.ADMINISTRATOR},
    Right.READ_DATA: frozenset({_R.AGENT, _R.STEWARD, _R.DATA_ADMINISTRATOR, _R.DPO, _R.DECIDER, _R.CONTRACTOR}),
    Right.READ_COUNCIL: frozenset({_R.AGENT, _R.STEWARD, _R.DATA_ADMINISTRATOR, _R.DPO, _R.DECIDER}),
    Right.READ_REFUSALS: _DESK - {_R.DECIDER},
    Right.READ_ALERTS: frozenset({_R.AGENT, _R.STEWARD, _R.DATA_ADMINISTRATOR, _R.DPO, _R.DECIDER, _R.CONTRACTOR}),
    Right.HANDLE_ALERTS: frozenset({_R.AGENT, _R.STEWARD}),
    Right.WRITE_RULES: frozenset({_R.STEWARD, _R.DATA_ADMINISTRATOR}),
    Right.READ_REGISTERS: frozenset({_R.STEWARD, _R.DATA_ADMINISTRATOR, _R.DPO, _R.SECURITY_OFFICER, _R.DECIDER}),
    Right.READ_RUNNING: frozenset({_R.ADMINISTRATOR, _R.SECURITY_OFFICER, _R.DATA_ADMINISTRATOR}),
    Right.DECLARE: (_DESK - {_R.AGENT, _R.CONTRACTOR}) | {_R.ADMINISTRATOR},
    Right.DELIVER: frozenset({_R.DATA_ADMINISTRATOR, _R.CONTRACTOR}),
    Right.IMPORT: frozenset({_R.DATA_ADMINISTRATOR, _R.CONTRACTOR}),
    Right.READ_TOKENS: frozenset({_R.DATA_ADMINISTRATOR, _R.SECURITY_OFFICER}),
    Right.ISSUE_TOKENS: frozenset({_R.DATA_ADMINISTRATOR}),
    Right.REVOKE_TOKENS: frozenset({_R.DATA_ADMINISTRATOR, _R.SECURITY_OFFICER}),
    Right.MANAGE_ACCOUNTS: frozenset({_R.ADMINISTRATOR}),
    Right.REVOKE_SESSIONS: frozenset({_R.SECURITY_OFFICER}),
    Right.REDO_WORK: frozenset({_R.ADMINISTRATOR}),
    Right.SETTINGS: frozenset({INSTANCE}),
    Right.BEGIN_TERRITORIES: frozenset({INSTANCE}),
    Right.READ_PROTECTION: frozenset({_R.DPO, _R.SECURITY_OFFICER, _R.DATA_ADMINISTRATOR, _R.DECIDER}),
    Right.RIGHTS_REQUESTS: frozenset({_R.DPO}),
    Right.ISSUE_CERTIFICATES: frozenset({_R.DATA_ADMINISTRATOR, _R.DECIDER}),
    Right.READ_OPINIONS: frozenset({_R.DPO, _R.DATA_ADMINISTRATOR, _R.DECIDER}),
    Right.GIVE_OPINIONS: frozenset({_R.DPO}),
    Right.OFFER_MODELS: frozenset({_R.ADMINISTRATOR, _R.DATA_ADMINISTRATOR}),
    Right.ANSWER_MODELS: frozenset({_R.DATA_ADMINISTRATOR, _R.DECIDER}),
    Right.PREPARE_ORDERS: frozenset({_R.AGENT, _R.STEWARD}),
    Right.APPROVE_ORDERS: frozenset({_R.STEWARD, _R.DECIDER}),
    Right.STOP_ORDERS: frozenset({_R.AGENT, _R.STEWARD, _R.DATA_ADMINISTRATOR, _R.SECURITY_OFFICER, _R.DECIDER}),
    Right.PUSH: frozenset({MACHINE}),
    Right.ENTRUST: frozenset({EVERYONE}),  # no session, no token: the signature says who it is
    Right.READ_GRANTED: frozenset({MACHINE}),
}

_DATA = frozenset({_R.DATA_ADMINISTRATOR})
DECLARES: Final[Mapping[str, frozenset[str]]] = {
    "territory": frozenset({_R.ADMINISTRATOR}),
    "role": frozenset({_R.ADMINISTRATOR}),
    "organisation": _DATA,
    "act": _DATA | {_R.DECIDER},
    "exception": frozenset({_R.DECIDER}),
    "public-service": _DATA,
    "contract": _DATA,
    "agreement": _DATA | {_R.DECIDER},
    "shared-specification": _DATA,
    "charter": _DATA | {_R.DECIDER},
    "charter-article": _DATA | {_R.DECIDER},
    "clause": _DATA,
    "actor": _DATA | {_R.DECIDER},
    "governance-body": _DATA | {_R.DECIDER},
    "data-strategy": _DATA | {_R.DECIDER},
    "decision": _DATA | {_R.DECIDER, _R.STEWARD},
    "consultation": _DATA | {_R.DECIDER},
    "human-channel": _DATA | {_R.STEWARD},
    "digital-service": _DATA | {_R.STEWARD},
    "project": _DATA | {_R.DECIDER, _R.STEWARD},
    "experiment": _DATA | {_R.STEWARD},
    "technology": _DATA | {_R.SECURITY_OFFICER},
    "evaluation": _DATA | {_R.STEWARD},
    "economics": _DATA | {_R.DECIDER},
    **dict.fromkeys(("training", "challenge"), _DATA),
    **dict.fromkeys(("call-for-projects", "application", "label-scheme", "label-award"), _DATA | {_R.DECIDER}),
    "assessment": _DATA | {_R.SECURITY_OFFICER, _R.STEWARD},
    "audit": frozenset({_R.SECURITY_OFFICER}),
    "checklist": frozenset({_R.SECURITY_OFFICER}),
    "violation": frozenset({_R.SECURITY_OFFICER, _R.DPO}),
    **dict.fromkeys(("witness", "witnessed"), _DATA | {_R.SECURITY_OFFICER}),
    "device-fleet": _DATA | {_R.STEWARD},
    **dict.fromkeys(("footprint-budget", "disposal-rule"), _DATA | {_R.DECIDER}),
    **dict.fromkeys(("footprint-factor", "data-schema", "purpose", "disposal-slip", "actuator"), _DATA),
    "hosting-site": frozenset({_R.SECURITY_OFFICER}),
    "source": _DATA,
    "codec": _DATA,
    "dataset": _DATA | {_R.STEWARD},
    "indicator": _DATA | {_R.STEWARD},
    **dict.fromkeys(("sensor-notice", "sensor-report"), _DATA),
    "subscription": _DATA,
    "rule": _DATA | {_R.STEWARD},
    "algorithm": _DATA | {_R.STEWARD},
    "location": _DATA,
    "thing": _DATA,
    "sensor": _DATA,
    "observed-property": _DATA,
    "feature-of-interest": _DATA,
    "datastream": _DATA | {_R.STEWARD},
    "multi-datastream": _DATA | {_R.STEWARD},
}


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A role held in a territory: for these services (all when empty), sources and datasets, while it lasts.

    `slug` is the role's declaration. `datasets` are those that name it as their steward. Both days are included, and
    are days of `zone`.
    """

    role: RoleName
    services: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    slug: str = ""
    zone: str = "UTC"

    def lasts(self, today: date) -> bool:
        """Whether the role is held on that day."""
        return (self.since is None or self.since <= today) and (self.until is None or today <= self.until)

    def covers(self, source: str | None, service: str | None, dataset: str | None) -> bool:
        """Whether the role reaches this item; None is not asked, an empty name is an item that has none."""
        if self.role is RoleName.CONTRACTOR:
            asked = source is not None or service is not None or dataset is not None
            return source in self.sources if asked else bool(self.sources)
        if self.sources and source is not None and source not in self.sources:
            return False
        if dataset and dataset in self.datasets:
            return True
        if not self.services:
            return not self.datasets or (dataset is None and service is None)
        return service in self.services or (service is None and dataset is None and source is None)


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A person at the time of a request, with the roles that last on that day.

    `account`: stable pseudonym, empty for anyone. `administrator`: of the whole instance. `operator`: whoever
    holds the machine and runs commands on it.
    """

    account: str = ""
    name: str = ""
    email: str = ""
    grants: Mapping[str, tuple[Grant, ...]] = {}
    administrator: bool = False
    operator: bool = False


ANYONE: Final = Actor()
OPERATOR: Final = Actor(account="operator", name="operator", operator=True)


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """A sender or a reader with a token; it never acts as a person."""

    token: int
    territory: str
    source: str = ""
    datasets: tuple[str, ...] = ()


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How far a right goes in a territory, to filter lists: `grants` empty means nothing, `whole` means all."""

    whole: bool = False
    grants: tuple[Grant, ...] = ()

    def covers(self, *, source: str = "", service: str = "", dataset: str = "") -> bool:
        """Whether an item of this source, service and dataset (empty when it has none) is within reach."""
        return self.whole or any(grant.covers(source, service, dataset) for grant in self.grants)


def right_of(route: str) -> str:
    """The right a route asks for; a route without a line is an error, so that it cannot be served."""
    try:
        return ROUTES[route]
    except KeyError:
        raise Missing("a line for every route in bocage.accounts.routes", route) from None


def held(actor: Actor, territory: str) -> tuple[Grant, ...]:
    """The roles a person holds in a territory."""
    grants = actor.grants.get(territory, ())
    return (*grants, Grant(role=RoleName.ADMINISTRATOR)) if actor.administrator else grants


def reach(actor: Actor, right: str, territory: str) -> Reach:
    """How far `right` goes for this person in this territory."""
    return _reach(actor, RIGHTS.get(right, frozenset()), territory)


def _reach(actor: Actor, allowed: Iterable[str], territory: str) -> Reach:
    signed = SIGNED_IN in allowed and bool(actor.account)
    runs = INSTANCE in allowed and actor.administrator
    if EVERYONE in allowed or signed or runs or (actor.operator and MACHINE not in allowed and allowed):
        return Reach(whole=True)
    return Reach(grants=tuple(grant for grant in held(actor, territory) if grant.role in allowed))


def may(  # noqa: PLR0913 - one keyword per thing the question may be about
    actor: Actor,
    right: str,
    territory: str,
    *,
    source: str | None = None,
    service: str | None = None,
    dataset: str | None = None,
) -> bool:
    """Whether a person has this right in this territory, on this item when one is named.

    Without an item the question is "somewhere here", as a page or a list asks it: each item is asked again.
    """
    found = reach(actor, right, territory)
    return found.whole or any(grant.covers(source, service, dataset) for grant in found.grants)


def may_declare(  # noqa: PLR0913 - likewise
    actor: Actor, territory: str, kind: str, *, source: str = "", service: str = "", dataset: str = ""
) -> bool:
    """Whether a person may change a declaration or entity of this kind, that belongs to these (or to none)."""
    return _reach(actor, DECLARES.get(kind, frozenset()), territory).covers(
        source=source, service=service, dataset=dataset
    )


def may_begin(actor: Actor, territory: str, kind: str) -> bool:
    """Whether a person may declare something of this kind here; what it belongs to is asked once it is written."""
    found = _reach(actor, DECLARES.get(kind, frozenset()), territory)
    return found.whole or bool(found.grants)


def machine_may(machine: Machine, right: str, territory: str, *, source: str = "", dataset: str = "") -> bool:
    """Whether a token opens this: its one source to write, its granted datasets to read, in its own territory."""
    if machine.territory != territory or MACHINE not in RIGHTS.get(right, frozenset()):
        return False
    if right == Right.PUSH:
        return bool(machine.source) and machine.source == source
    return dataset in machine.datasets
