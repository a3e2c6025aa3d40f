"""The table of rights as docs/rights.md shows it, so that a test can hold both to the same."""

import re
from collections.abc import Iterable, Mapping

from bocage.accounts.rights import DECLARES, EVERYONE, INSTANCE, MACHINE, RIGHTS, SIGNED_IN, Right
from bocage.accounts.routes import ROUTES
from bocage.domain.role import RoleName

HOLDERS = (EVERYONE, SIGNED_IN, *(str(role) for role in RoleName), INSTANCE, MACHINE)
_PART = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def rewritten(page: str) -> str:
    """The page with each table between its marks made again."""
    tables = {"rights": _rights(), "declares": _declares(), "routes": _routes()}
    return _PART.sub(lambda found: f"{found[1]}{tables[found[2]]}{found[3]}", page)


def _rights() -> str:
    labels = {str(right): f"`{right}` {right.label}" for right in Right}
    return _matrix("right", {labels[right]: holders for right, holders in RIGHTS.items()}, HOLDERS)


def _declares() -> str:
    return _matrix("kind", {f"`{kind}`": holders for kind, holders in DECLARES.items()}, tuple(map(str, RoleName)))


def _routes() -> str:
    rows = "".join(f"| `{route}` | `{right}` |\n" for route, right in ROUTES.items())
    return f"| route | right |\n|---|---|\n{rows}"


def _matrix(first: str, lines: Mapping[str, Iterable[str]], columns: tuple[str, ...]) -> str:
    head = f"| {first} | {' | '.join(columns)} |\n|---|{':-:|' * len(columns)}\n"
    rows = (
        f"| {label} | {' | '.join('yes' if column in set(holders) else '' for column in columns)} |\n"
        for label, holders in lines.items()
    )
    return head + "".join(rows)
