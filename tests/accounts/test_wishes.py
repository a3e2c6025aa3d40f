"""Who is written to about alerts: those who work on the service, unless they want no mail."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bocage.accounts import people, wishes
from bocage.accounts.grants import refresh_grants
from bocage.accounts.wishes import Wish
from bocage.domain.declaration import Key
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text
from bocage.registers.entry import Entry

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def staff(db: Path) -> dict[str, str]:
    """An agent and a steward of the buildings, an agent of water, one of all services, and others; by name."""
    held = {
        "agent": Role(title=Text(fr="a"), role=RoleName.AGENT, holder="agent@v.fr", services=("batiments",)),
        "steward": Role(title=Text(fr="b"), role=RoleName.STEWARD, holder="steward@v.fr", services=("batiments",)),
        "water": Role(title=Text(fr="c"), role=RoleName.AGENT, holder="water@v.fr", services=("eau",)),
        "all": Role(title=Text(fr="d"), role=RoleName.AGENT, holder="all@v.fr"),
        "dpo": Role(title=Text(fr="e"), role=RoleName.DPO, holder="dpo@v.fr"),
        "contractor": Role(title=Text(fr="f"), role=RoleName.CONTRACTOR, holder="contractor@v.fr", sources=("s",)),
        "former": Role(
            title=Text(fr="g"), role=RoleName.AGENT, holder="former@v.fr", until=(AT - timedelta(days=1)).date()
        ),
    }
    entries = [
        Entry(key=Key(territory="v", kind="role", slug=slug), version=1, body=role, author="", at=AT, digest="")
        for slug, role in held.items()
    ]
    refresh_grants("v", entries)
    return {name: people.create(f"{name}@v.fr", name, AT).account for name in held}


def told(*services: str) -> list[str]:
    return [one.name for one in wishes.readers("v", services, AT)]


def test_those_who_handle_alerts_of_the_service_are_written_to_and_nobody_else(staff: dict[str, str]) -> None:
    assert told("batiments") == ["agent", "all", "steward"]
    assert told("eau", "batiments") == ["agent", "all", "steward", "water"]
    assert wishes.readers("elsewhere", ("batiments",), AT) == []


def test_whoever_wants_no_mail_gets_none_in_that_territory_only(staff: dict[str, str]) -> None:
    wishes.choose(staff["agent"], "v", Wish(mails=False))
    wishes.choose(staff["steward"], "elsewhere", Wish(mails=False))
    assert told("batiments") == ["all", "steward"]
    wishes.choose(staff["agent"], "v", Wish(mails=True, lang="en"))
    assert [one.lang for one in wishes.readers("v", ("batiments",), AT)] == ["en", "fr", "fr"]


def test_a_closed_account_gets_no_mail(staff: dict[str, str]) -> None:
    people.deactivate(staff["agent"])
    assert told("batiments") == ["all", "steward"]
