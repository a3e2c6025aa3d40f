"""Roles as sign-in needs them, kept in step with the role declarations of each territory."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from bocage import relational
from bocage.accounts.rights import Grant
from bocage.accounts.tables import GrantRow, fold
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration, Key
from bocage.domain.role import Role
from bocage.domain.territory import Territory


class Held(Protocol):
    """What is read of a register's entry."""

    @property
    def key(self) -> Key:
        """Which declaration."""

    @property
    def body(self) -> Declaration:
        """What it says."""


def refresh_grants(territory: str, entries: Iterable[Held]) -> None:
    """Make the grants of a territory again from its current roles, from its datasets, which name stewards, and from
    what it says of itself: the zone its days are of, UTC where that is not among them."""
    roles: list[tuple[str, Role]] = []
    datasets: dict[str, list[str]] = {}
    zone = "UTC"
    for entry in entries:
        if isinstance(entry.body, Territory):
            zone = entry.body.time_zone
        elif isinstance(entry.body, Role):
            roles.append((entry.key.slug, entry.body))
        elif isinstance(entry.body, Dataset) and entry.body.steward:
            datasets.setdefault(entry.body.steward, []).append(entry.key.slug)
    rows = [
        GrantRow(
            territory=territory,
            slug=slug,
            email=fold(role.holder),
            body=msgspec.json.encode(_grant(slug, role, datasets.get(slug, []), zone)),
        )
        for slug, role in roles
        if role.holder.strip()
    ]
    with relational.transaction():
        GrantRow.objects.filter(territory=territory).delete()
        GrantRow.objects.bulk_create(rows)


def grants_of(email: str, at: datetime) -> Mapping[str, tuple[Grant, ...]]:
    """The roles this address holds at that moment, by territory: on the day that it is there."""
    found: dict[str, tuple[Grant, ...]] = {}
    for row in GrantRow.objects.filter(email=fold(email)).order_by("territory", "slug"):
        grant = msgspec.json.decode(bytes(row.body), type=Grant)
        if grant.lasts(at.astimezone(ZoneInfo(grant.zone)).date()):
            found[row.territory] = (*found.get(row.territory, ()), grant)
    return found


def territories(email: str = "") -> Mapping[str, set[str]]:
    """Where this address, or every address, is named in a role, lasting or not."""
    rows = GrantRow.objects.all()
    found: dict[str, set[str]] = {}
    for address, territory in (rows.filter(email=fold(email)) if email else rows).values_list("email", "territory"):
        found.setdefault(address, set()).add(territory)
    return found


def _grant(slug: str, role: Role, datasets: list[str], zone: str) -> Grant:
    return Grant(
        role=role.role,
        services=role.services,
        sources=role.sources,
        datasets=tuple(datasets),
        since=role.since,
        until=role.until,
        slug=slug,
        zone=zone,
    )
