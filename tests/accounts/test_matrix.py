"""Every route opened by every holder of the table of rights: what docs/rights.md says is what is answered."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bocage.accounts import rights
from bocage.accounts.routes import ROUTES
from bocage.domain.kinds import KINDS
from bocage.domain.role import RoleName

SHUT, BAD, BROKEN = (401, 403), 400, 500
SIGNED = {"entrust"}
"""Rights that a signature inside what is sent opens: nobody who only says who they are."""


@pytest.fixture(scope="module")
def matrix(relational_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One world for all of it."""
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)
    from .matrix import served  # tables: only once Django is configured

    yield from served(tmp_path_factory.mktemp("data"))
    call_command("flush", verbosity=0, interactive=False)


def test_every_page_opens_to_the_holders_of_its_line_and_to_nobody_else(matrix: Any) -> None:
    from .matrix import NEIGHBOUR, addresses

    wrong = []
    for holder in (one for one in matrix.holders if one.name != NEIGHBOUR):  # pages read no token
        shut = 403 if holder.cookie else 401
        for name, address in addresses().items():
            opened, everyone = holder.may(ROUTES[name]), rights.EVERYONE in rights.RIGHTS[ROUTES[name]]
            # Nobody else writes there, either; what is open to all is drawn for one of them.
            method = "OPTIONS" if everyone and holder.name != rights.EVERYONE else "GET" if opened else "POST"
            status = matrix.page(holder, method, address)
            if status == BROKEN or (status in SHUT) == opened or (not opened and status != shut):
                wrong.append((holder.name, method, name, status))
    assert wrong == []


def test_every_route_for_programs_opens_to_the_holders_of_its_line_and_to_nobody_else(matrix: Any) -> None:
    from .matrix import NEIGHBOUR, programs

    asked = [one for one in programs(matrix.routes) if one[0] != "api.declare"]
    wrong = []
    for holder in matrix.holders:
        own = [one for one in asked if holder.name != NEIGHBOUR or "ville" in one[2]]  # elsewhere it may write
        statuses = matrix.program(holder, [one[1:] for one in own])
        for (name, method, address), status in zip(own, statuses, strict=True):
            opened = holder.may(ROUTES[name])
            fits = status >= BAD if ROUTES[name] in SIGNED else status < BROKEN and (status in SHUT) != opened
            if not fits:
                wrong.append((holder.name, name, method, address, status))
    assert wrong == []


def test_every_kind_is_declared_by_the_roles_of_its_line_and_by_nobody_else(matrix: Any) -> None:
    from .matrix import HERE

    wrong = []
    asked = [("PUT", f"/api/{HERE}/registers/{kind}/essai") for kind in KINDS]
    for holder in matrix.holders:
        for kind, status in zip(KINDS, matrix.program(holder, asked), strict=True):
            allowed = not holder.counts.isdisjoint(rights.DECLARES.get(kind, frozenset()))
            shut = 403 if holder.cookie or holder.token else 401
            if (status in SHUT) == allowed or (not allowed and status != shut):
                wrong.append((holder.name, kind, status))
    assert wrong == []


def test_every_right_has_a_holder_and_every_holder_of_the_table_was_asked(matrix: Any) -> None:
    from .matrix import ELSEWHERE, NEIGHBOUR

    columns = {rights.EVERYONE, rights.SIGNED_IN, rights.INSTANCE, rights.MACHINE, *map(str, RoleName)}
    assert {str(one.name) for one in matrix.holders} == columns | {ELSEWHERE, NEIGHBOUR}
    assert set(ROUTES.values()) <= set(rights.RIGHTS)
    assert all(rights.RIGHTS.values())
