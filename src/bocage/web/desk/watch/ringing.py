"""Which alerts a person may read and handle, and an alert in words with the rule as it was when it rang."""

from collections.abc import Sequence
from typing import Any

from bocage import registers
from bocage.accounts.rights import Grant, Right, reach
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Key
from bocage.domain.errors import Missing
from bocage.domain.public_service import PublicService
from bocage.domain.role import RoleName
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream
from bocage.steer import spoken
from bocage.steer.alerts import Alert
from bocage.steer.spoken import About
from bocage.web.desk.reach import Bench
from bocage.web.desk.watch import trial
from bocage.web.request import Request


def readable(request: Request, work: Bench, alert: Alert) -> bool:
    """Whether this person may read it: of one of their services; for a contractor, of their own sources only."""
    return _within(request, work, alert, Right.READ_ALERTS)


def theirs(request: Request, work: Bench, alert: Alert) -> bool:
    """Whether this person may handle it."""
    return _within(request, work, alert, Right.HANDLE_ALERTS)


def _within(request: Request, work: Bench, alert: Alert, right: str) -> bool:
    far = reach(request.actor, right, request.slug)
    if far.whole or not far.grants:
        return far.whole
    services = tuple(dict.fromkeys((alert.seen.service, *alert.seen.tells)))
    streams = _streams(work.facts, alert)
    return any(_reaches(grant, services, streams) for grant in far.grants)


def _reaches(grant: Grant, services: Sequence[str], streams: Sequence[Datastream]) -> bool:
    if grant.role is RoleName.CONTRACTOR:
        return bool(streams) and all(one.source and grant.covers(one.source, None, None) for one in streams)
    of_service = any(grant.covers(None, service, None) for service in services)
    return of_service or (bool(streams) and all(one.dataset in grant.datasets for one in streams))


def _streams(facts: TerritoryFacts, alert: Alert) -> list[Datastream]:
    """The series it rang for, those that are still declared; none when one of them is not."""
    rule = rule_of(alert)
    slugs = (alert.datastream,) if alert.datastream else rule.condition.measure.datastreams if rule else ()
    found = [facts.one(Datastream, slug) for slug in slugs]
    return [one for one in found if one is not None] if None not in found else []


def rule_of(alert: Alert) -> Rule | None:
    """The rule as it was when the alert rang."""
    key = Key(territory=alert.territory, kind=Rule.kind, slug=alert.rule)
    try:
        body = registers.version(key, alert.seen.version).body
    except Missing:
        return None
    return body if isinstance(body, Rule) else None


def about(facts: TerritoryFacts, alert: Alert) -> About:
    """What puts the alert into words; Missing when its rule left no trace."""
    rule = rule_of(alert)
    if rule is None:
        raise Missing(f"rule/{alert.rule}", str(alert.seen.version))
    return trial.about(facts, rule)


def lines(request: Request, facts: TerritoryFacts, alerts: Sequence[Alert]) -> list[dict[str, Any]]:
    """Alerts as lists show them; each form of a rule is looked up once."""
    known: dict[tuple[str, int], About] = {}
    found = []
    for alert in alerts:
        form = (alert.rule, alert.seen.version)
        if form not in known:
            known[form] = about(facts, alert)
        found.append(_line(request, facts, alert, known[form]))
    return found


def _line(request: Request, facts: TerritoryFacts, alert: Alert, told: About) -> dict[str, Any]:
    return {
        "alert": alert,
        "title": spoken.title(alert, told, request.lang),
        "sighting": spoken.sighting(alert, told, request.lang),
        "course": spoken.course(alert, told, request.lang),
        "service": facts.one(PublicService, alert.seen.service),
    }
