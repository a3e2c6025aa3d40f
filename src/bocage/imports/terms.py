"""The terms of a contract as its essential data write them: nature, amount, duration, days, rank of an amendment."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bocage.domain.contract import ContractNature
from bocage.imports.decp import Deal
from bocage.imports.labels import folded
from bocage.imports.plan import shortened

NATURES: Final[Mapping[str, ContractNature]] = {
    "marche": ContractNature.CONTRACT,
    "marche de partenariat": ContractNature.PARTNERSHIP,
    "marche de defense ou de securite": ContractNature.DEFENCE,
    "accord cadre": ContractNature.FRAMEWORK,
    "marche subsequent": ContractNature.SUBSEQUENT,
    "concession de travaux": ContractNature.WORKS_CONCESSION,
    "concession de service": ContractNature.SERVICE_CONCESSION,
    "concession de service public": ContractNature.PUBLIC_SERVICE_CONCESSION,
    "delegation de service public": ContractNature.DELEGATION,
}


class NotSo(Exception):
    """One value of a contract that cannot be what it should be: where, what was found, what was expected."""

    def __init__(self, column: str, found: object, code: str) -> None:
        self.column, self.found, self.code = column, shortened(str(found)), code


def order(change: Mapping[str, Any]) -> tuple[int, str]:
    """How amendments follow each other: by rank, else by day."""
    rank = str(change.get("id") or "")
    return (int(rank) if rank.isdigit() else 0, str(moment(change) or ""))


def moment(change: Mapping[str, Any]) -> Any:
    """When an amendment was notified, signed or published, whichever is said first."""
    names = ("dateNotificationModification", "dateSignatureModification", "datePublicationDonneesModification")
    return next((change[name] for name in names if change.get(name)), None)


def nature(deal: Deal) -> ContractNature:
    """The nature of a contract; that of its list when it says none."""
    said = str(deal.first("nature") or ("Concession de service" if deal.concession else "Marché"))
    try:
        return NATURES[folded(said)]
    except KeyError:
        raise NotSo("nature", said, "contract-nature") from None


def amount(value: object, column: str) -> float | None:
    """Euros without tax; None where nothing is said."""
    if value in (None, ""):
        return None
    try:
        found = float(str(value).replace(" ", "").replace("\u202f", "").replace(",", "."))
    except ValueError:
        raise NotSo(column, value, "number") from None
    if not 0 <= found < 1e15:
        raise NotSo(column, value, "number")
    return found


def months(value: object, column: str) -> int | None:
    """Whole months; None where nothing, or zero, is said."""
    found = amount(value, column)
    if found is None or not found:
        return None
    if found != int(found) or found > 1200:
        raise NotSo(column, value, "months")
    return int(found)


def day(value: object, column: str) -> date | None:
    """A day; None where nothing is said."""
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise NotSo(column, value, "day") from None
