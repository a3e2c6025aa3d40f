"""Certificates that come with applications: checked by this machine, and what it found is kept."""

from datetime import datetime

import msgspec

from bocage import relational
from bocage.accounts import Actor
from bocage.domain.application import Application
from bocage.domain.declaration import Key
from bocage.domain.errors import Invalid, Missing
from bocage.domain.text import message as _
from bocage.evidence.changing import Changed, change
from bocage.evidence.facts import today
from bocage.evidence.tables import CheckedRow
from bocage.publish.certificate.verdict import State, Verdict
from bocage.registers import Put, find


def accept(key: Key, verdict: Verdict, actor: Actor, at: datetime) -> Changed:
    """Note with an application that its certificate was found in order. Who may declare it is the edge's question.

    Invalid when it was not, or when the instance it comes from was not asked; Missing without that application.
    """
    if not in_order(verdict):
        raise Invalid(_("a certificate in which everything holds, checked at its instance"), verdict.state.value)
    entry = find(key)
    if entry is None or not isinstance(entry.body, Application):
        raise Missing(_("a declaration that holds"), f"{key.kind}/{key.slug}")
    said, digest = verdict.paper.certificate, verdict.paper.digest
    body = msgspec.structs.replace(
        entry.body,
        certificate=f"{said.address}/certificates/{said.number}",
        certificate_checked=today(key.territory, at),
        certificate_digest=digest,
        certificate_ends=said.ends,
    )
    with relational.transaction():
        CheckedRow.objects.create(territory=key.territory, application=key.slug, digest=digest, at=at, ends=said.ends)
        return change(key.territory, actor, [Put(key=key, body=body, expected=entry.version)], at)


def in_order(verdict: Verdict) -> bool:
    """Whether it was asked for at its instance and nothing of it is wrong; what changed since, a person weighs."""
    return verdict.online and verdict.state is not State.WRONG
