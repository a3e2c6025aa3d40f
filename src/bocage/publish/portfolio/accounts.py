"""What a project costs and brings: by nature, by who pays and by who gains; expected beside observed, never netted."""

from collections.abc import Callable, Iterable

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.economics import Economics, MoneyLine, MoneyNature


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of one nature: what was expected and what was observed, in euros; None where no line says it.

    `organisation`: who pays or who gains, empty for the sum over all.
    """

    nature: MoneyNature
    expected: float | None
    observed: float | None
    organisation: str = ""


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration of economics, looked at from each side. `most`: the greatest of its sums, for charts."""

    slug: str
    body: Economics
    natures: tuple[Side, ...]
    payers: tuple[Side, ...]
    gainers: tuple[Side, ...]

    @property
    def most(self) -> float:
        """The greatest sum, 0 without any."""
        return max((value or 0.0 for one in self.natures for value in (one.expected, one.observed)), default=0.0)

    @property
    def shared(self) -> float:
        """What the shares between territories come to, in percent."""
        return sum(one.percent for one in self.body.shares)


def accounts(facts: TerritoryFacts, project: str) -> tuple[Accounts, ...]:
    """The economics declared for a project, by slug."""
    found = sorted((slug, body) for slug, body in facts.all(Economics).items() if body.project == project)
    return tuple(
        Accounts(
            slug=slug,
            body=body,
            natures=_sides(body.lines, lambda line: ""),
            payers=_sides((line for line in body.lines if line.payer), lambda line: line.payer),
            gainers=_sides((line for line in body.lines if line.gainer), lambda line: line.gainer),
        )
        for slug, body in found
    )


def _sides(lines: Iterable[MoneyLine], whose: Callable[[MoneyLine], str]) -> tuple[Side, ...]:
    held: dict[tuple[str, MoneyNature], list[MoneyLine]] = {}
    for line in lines:
        held.setdefault((whose(line), line.nature), []).append(line)
    order = list(MoneyNature)
    return tuple(
        Side(
            nature=nature,
            expected=_sum(line.expected for line in found),
            observed=_sum(line.observed for line in found),
            organisation=who,
        )
        for (who, nature), found in sorted(held.items(), key=lambda pair: (pair[0][0], order.index(pair[0][1])))
    )


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
