"""Writes versions to the chain of a territory, with the current state and the references, in one transaction."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bocage import relational
from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.domain.kinds import KINDS
from bocage.domain.text import message as _
from bocage.registers import chain, holding, shape
from bocage.registers.entry import ANY, Change, Entry, Put
from bocage.registers.reading import entries_of
from bocage.registers.revisions import REVISIONS
from bocage.registers.tables import Chain, Personal, Version


def record(
    changes: Sequence[Change],
    author: str,
    at: datetime,
    territory: str,
    random: chain.Random = secrets.token_bytes,
) -> list[Entry]:
    """Record all changes or none; the entries that result, in order.

    A Put of what holds already adds nothing. Raises Conflict when a version is not the expected one, Invalid when
    a body does not belong to its key, Missing when what is withdrawn does not hold.
    """
    for change in changes:
        _fits(change, territory)
    with relational.transaction():
        writer = _Writer(territory, author, at.astimezone(UTC), random)
        written = [writer.write(change) for change in changes]
        writer.close()
        return entries_of(written)


def _fits(change: Change, territory: str) -> None:
    key = change.key
    if key.territory != territory:
        raise Invalid(f"a declaration of {territory}", f"one of {key.territory}", field="territory")
    if key.kind not in KINDS:
        raise Invalid(_("a kind of declaration"), key.kind, field="kind")
    if isinstance(change, Put):
        if type(change.body) is not KINDS[key.kind]:
            raise Invalid(f"the body of a {key.kind}", change.body.kind, kind=key.kind, field="kind")
        shape.checked(change.body)


class _Writer:
    """One recording under way: the head of the chain moves with each version it writes."""

    def __init__(self, territory: str, author: str, at: datetime, random: chain.Random) -> None:
        self.territory, self.author, self.at, self.random = territory, author, at, random
        self.head = Chain.objects.get_or_create(territory=territory)[0]
        self.before = self.head.sequence

    def write(self, change: Change) -> Version:
        last = Version.objects.filter(territory=self.territory, kind=change.key.kind, slug=change.key.slug)
        newest = last.order_by("-version").first()
        held = None if newest is None or newest.withdrawn else newest
        _expect(change, held)
        if isinstance(change, Put):
            if held is not None and entries_of([held])[0].body == change.body:
                return held
            return self._add(change.key, newest, change.body, withdrawn=False)
        if held is None:
            raise Missing(_("a declaration that holds"), _name(change.key))
        return self._add(change.key, held, entries_of([held])[0].body, withdrawn=True)

    def close(self) -> None:
        if self.head.sequence != self.before:
            self.head.revision += 1
            self.head.save()
            REVISIONS.follow(self.territory)

    def _add(self, key: Key, newest: Version | None, body: Declaration, *, withdrawn: bool) -> Version:
        values, secret = chain.parted(body, self.random)
        if withdrawn:
            secret = {}
        sealed = chain.Sealed(
            territory=key.territory,
            kind=key.kind,
            slug=key.slug,
            version=newest.version + 1 if newest else 1,
            sequence=self.head.sequence + 1,
            schema=type(body).schema,
            author=self.author,
            at=self.at,
            withdrawn=withdrawn,
            previous=self.head.digest,
            body=values,
            personal={name: one.digest for name, one in secret.items()},
            salt=self.random(chain.SALT).hex(),
        )
        version = row_of(chain.encode(sealed), sealed)
        version.save(force_insert=True)
        Personal.objects.bulk_create(
            Personal(version=version, field=name, salt=one.salt, value=one.value) for name, one in secret.items()
        )
        holding.place(version, None if withdrawn else body)
        self.head.sequence, self.head.digest = sealed.sequence, version.digest
        return version


def row_of(text: bytes, sealed: chain.Sealed) -> Version:
    """The row of a sealed version; its columns repeat what the bytes say."""
    said: dict[str, Any] = {
        name: getattr(sealed, name)
        for name in ("territory", "kind", "slug", "version", "sequence", "schema", "author", "at", "withdrawn")
    }
    return Version(**said, previous=sealed.previous, digest=chain.link(text), sealed=text)


def _expect(change: Change, holding: Version | None) -> None:
    present = holding.version if holding else None
    if change.expected in (ANY, present):
        return
    raise Conflict(
        "it did not exist" if change.expected is None else f"version {change.expected}",
        "it does not exist" if present is None else f"version {present}",
        _("read it again, then change it"),
        kind=change.key.kind,
        slug=change.key.slug,
        present=present or 0,
    )


def _name(key: Key) -> str:
    return f"{key.territory}/{key.kind}/{key.slug}"
