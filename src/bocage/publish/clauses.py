"""From the article of a charter to the clause, from the clause to the contract: one chain, told on every page of it."""

from collections.abc import Iterator

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.charter import Charter
from bocage.domain.charter_article import CharterArticle
from bocage.domain.clause import Clause
from bocage.domain.contract import Contract

KINDS = frozenset({Charter.kind, CharterArticle.kind, Clause.kind, Contract.kind})
"""The kinds whose pages show it."""


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """Article, clause, contract by their slugs; empty where the chain has no link yet.

    `version`: of the clause, as the contract holds it, 0 when it is worded otherwise; `place`: where it stands there.
    """

    article: str = ""
    clause: str = ""
    contract: str = ""
    version: int = 0
    place: str = ""


def chain(facts: TerritoryFacts, kind: str, slug: str) -> tuple[Path, ...]:
    """The paths through this declaration, in the order of the articles; for a charter, those of its articles."""
    if kind == Charter.kind:
        own = {name for name, article in facts.all(CharterArticle).items() if article.charter == slug}
        return tuple(path for path in _paths(facts) if path.article in own)
    field = {CharterArticle.kind: "article", Clause.kind: "clause", Contract.kind: "contract"}[kind]
    return tuple(path for path in _paths(facts) if getattr(path, field) == slug)


def _paths(facts: TerritoryFacts) -> Iterator[Path]:
    articles = sorted(facts.all(CharterArticle).items(), key=lambda pair: (pair[1].charter, _rank(pair[1].number)))
    born: dict[str, list[str]] = {slug: [] for slug, _body in articles}
    for slug, clause in sorted(facts.all(Clause).items()):
        for article in clause.articles or ("",):
            born.setdefault(article, []).append(slug)
    signed = _signed(facts)
    for article, clauses in born.items():
        if not clauses:
            yield Path(article=article)
        for clause_slug in clauses:
            yield from (
                msgspec.structs.replace(path, article=article, clause=clause_slug)
                for path in signed.get(clause_slug, [Path()])
            )


def _signed(facts: TerritoryFacts) -> dict[str, list[Path]]:
    """The contracts that hold each clause."""
    found: dict[str, list[Path]] = {}
    for slug, contract in sorted(facts.all(Contract).items()):
        for one in contract.clauses:
            path = Path(contract=slug, version=one.version, place=one.place)
            found.setdefault(one.clause, []).append(path)
    return found


def _rank(number: str) -> tuple[int, str]:
    """Articles in the order of their numbers: 2 before 10."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return (int(digits) if digits else 0, number)
