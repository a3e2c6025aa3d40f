"""Puts mails in the outbox, in the transaction of what they tell: an alert that begins or ends, an order that waits."""

from datetime import datetime

from bocage import evidence, outbox, registers
from bocage.accounts import wishes
from bocage.assembly.instance import Instance
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.actuator import Actuator
from bocage.domain.declaration import Key
from bocage.domain.letter import is_address
from bocage.domain.rule import Rule
from bocage.domain.text import Text
from bocage.evidence.acting import Ask
from bocage.orders import Order
from bocage.orders.letters import asked
from bocage.steer.alerts import Alert
from bocage.steer.letters import Event, Sender, composed
from bocage.steer.raising import Tell
from bocage.steer.spoken import About
from bocage.words.naming import named


def telling(instance: Instance) -> Tell:
    """One letter to each person who works on a service the rule tells; none where no mail is set up."""

    def tell(alert: Alert, event: Event, at: datetime) -> None:
        chosen = instance.chosen.now
        if chosen.mail is None:
            return
        facts = evidence.facts.present(alert.territory, at)
        about, sender = _about(facts, alert), _sender(facts, chosen.public_url)
        # An address no mail can go to keeps no alert from being raised: the page of the account mends it.
        readers = wishes.readers(alert.territory, (alert.seen.service, *alert.seen.tells), at)
        for reader in (one for one in readers if is_address(one.email)):
            key = f"alert-{alert.territory}-{alert.number}-{event}-{reader.account}"
            outbox.post(composed(alert, event, about, sender, reader), at, kind=outbox.ALERT, key=key)

    return tell


def asking(instance: Instance) -> Ask:
    """One letter to each person who may approve an order, without whoever prepared it; none where no mail is set up."""

    def ask(order: Order, facts: TerritoryFacts, at: datetime) -> None:
        chosen, body = instance.chosen.now, facts.one(Actuator, order.actuator)
        if chosen.mail is None or body is None:
            return
        place = (chosen.public_url, facts.territory.title if facts.territory else Text(fr=facts.slug))
        for reader in wishes.approvers(order.territory, body.service, at):
            if reader.account != order.prepared_by and is_address(reader.email):
                key = f"order-waits-{order.territory}-{order.number}-{at:%Y%m%dT%H%M%S}-{reader.account}"
                outbox.post(asked(order, body, place, reader), at, key=key[-200:])

    return ask


def _about(facts: TerritoryFacts, alert: Alert) -> About:
    """The rule as it was when it saw this, its series by the names they bear now."""
    key = Key(territory=alert.territory, kind=Rule.kind, slug=alert.rule)
    rule = registers.version(key, alert.seen.version).body
    if not isinstance(rule, Rule):
        raise TypeError(f"{alert.rule} is no rule")
    zone = facts.territory.time_zone if facts.territory else "UTC"
    return About(rule=rule, names=named(facts.declared, rule), zone=zone)


def _sender(facts: TerritoryFacts, public_url: str) -> Sender:
    title = facts.territory.title if facts.territory else Text(fr=facts.slug)
    return Sender(territory=facts.slug, title=title, public_url=public_url)
