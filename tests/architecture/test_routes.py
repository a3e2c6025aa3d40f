"""Every route has its line in the table of rights, every line its route; `tests/accounts/test_matrix.py` opens them."""

import importlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver

import bocage
from bocage.accounts.routes import ROUTES

# A route of the programs' interface is made with its name; reading the sources needs no running instance.
NAMED = re.compile(r'\b(?:Route|Mount|WebSocketRoute)\((?:[^()]|\([^()]*\))*?\bname="([^"]+)"', re.DOTALL)
MOUNTED = {"system.static"}  # files that lie in the package, mounted by `assembly`
MADE = re.compile(r"\b(?:Route|Mount|WebSocketRoute)\(")


def names(found: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    """The name of every page."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        else:
            yield str(one.name)


def pages() -> set[str]:
    return set(names(importlib.import_module("bocage.web.urls").urlpatterns))


def programs() -> set[str]:
    folder = Path(bocage.__file__).parent
    texts = [path.read_text("utf-8") for path in sorted((folder / "api").rglob("*.py"))]
    named = [name for text in texts for name in NAMED.findall(text)]
    assert sum(len(MADE.findall(text)) for text in texts) == len(named), "a route without a name"
    return set(named) | MOUNTED


def test_every_page_has_a_line_in_the_table_of_rights() -> None:
    assert pages() - set(ROUTES) == set()


def test_every_route_for_programs_has_a_line_in_the_table_of_rights() -> None:
    assert programs() - set(ROUTES) == set()


def test_every_line_has_a_route() -> None:
    assert set(ROUTES) - pages() - programs() == set()
