"""The rights persons have on data about them, what limits each, and until when they are answered."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bocage.domain.instant import months_later
from bocage.domain.label import Labelled
from bocage.domain.purpose import LegalBasis
from bocage.domain.text import message as _


class PersonRight(Labelled):
    """Regulation (EU) 2016/679, articles 15 to 21."""

    ACCESS = "access", _("Access: know what is held, and have a copy (GDPR 15)")
    RECTIFICATION = "rectification", _("Rectification of what is wrong (GDPR 16)")
    ERASURE = "erasure", _("Erasure (GDPR 17)")
    RESTRICTION = "restriction", _("Restriction: data kept, and not used (GDPR 18)")
    PORTABILITY = "portability", _("Portability: one's data in a form that machines read (GDPR 20)")
    OBJECTION = "objection", _("Objection (GDPR 21)")


class RestrictionCase(Labelled):
    """When a person may have the processing of their data restricted (article 18(1))."""

    ACCURACY = "accuracy", _("The person says the data are wrong, and that is being checked (GDPR 18(1)(a))")
    UNLAWFUL = "unlawful", _("The processing is unlawful, and the person does not want erasure (GDPR 18(1)(b))")
    CLAIMS = "claims", _("Only the person still needs the data, for legal claims (GDPR 18(1)(c))")
    OBJECTION = "objection", _("The person objected, and whose grounds prevail is being checked (GDPR 18(1)(d))")


class Extent(Labelled):
    """How far a right goes on one legal basis."""

    WHOLE = "whole", _("applies")
    LIMITED = "limited", _("applies, with limits")
    NONE = "none", _("does not apply")


class Ground(Labelled):
    """Why a request is not followed, whole or in part; each is said by the regulation itself."""

    UNIDENTIFIED = "unidentified", _("The person cannot be identified in the data (GDPR 12(2))")
    EXCESSIVE = "excessive", _("Manifestly unfounded or excessive, which the territory can show (GDPR 12(5)(b))")
    OTHERS = "others", _("It would harm the rights and freedoms of others (GDPR 15(4), 20(4))")
    ACCURATE = "accurate", _("The data are accurate and complete (GDPR 16)")
    NEEDED = "needed", _("None of the six cases of erasure is met (GDPR 17(1))")
    EXPRESSION = "expression", _("Freedom of expression and information (GDPR 17(3)(a))")
    TASK = "task", _("Legal obligation or task in the public interest that needs the data (GDPR 17(3)(b))")
    HEALTH = "health", _("Public health (GDPR 17(3)(c))")
    ARCHIVES = "archives", _("Archives in the public interest, research or statistics (GDPR 17(3)(d))")
    CLAIMS = "claims", _("Legal claims (GDPR 17(3)(e))")
    NO_CASE = "no-case", _("None of the four cases of restriction is met (GDPR 18(1))")
    NOT_PORTABLE = "not-portable", _("The data do not rest on consent or a contract (GDPR 20(1), 20(3))")
    NO_OBJECTION = "no-objection", _("The data rest neither on a public task nor on legitimate interests (GDPR 21(1))")
    COMPELLING = "compelling", _("Compelling legitimate grounds that override (GDPR 21(1))")
    OBJECTION_CLAIMS = "objection-claims", _("Needed for legal claims (GDPR 21(1))")


_B, _R, _G = LegalBasis, PersonRight, Ground
_TASKS: Final = frozenset({_B.LEGAL_OBLIGATION, _B.PUBLIC_TASK})
_GIVEN: Final = frozenset({_B.CONSENT, _B.CONTRACT})
_WEIGHED: Final = frozenset({_B.PUBLIC_TASK, _B.LEGITIMATE_INTERESTS})
_EVERY: Final = frozenset(_B)
_ALWAYS: Final = (_G.UNIDENTIFIED, _G.EXCESSIVE)

_GROUNDS: Final[Mapping[PersonRight, Mapping[Ground, frozenset[LegalBasis]]]] = {
    _R.ACCESS: {_G.OTHERS: _EVERY},
    _R.RECTIFICATION: {_G.ACCURATE: _EVERY},
    _R.ERASURE: {
        _G.NEEDED: _EVERY,
        _G.EXPRESSION: _EVERY,
        _G.TASK: _TASKS,
        _G.HEALTH: _EVERY,
        _G.ARCHIVES: _EVERY,
        _G.CLAIMS: _EVERY,
    },
    _R.RESTRICTION: {_G.NO_CASE: _EVERY},
    _R.PORTABILITY: {_G.NOT_PORTABLE: _EVERY - _GIVEN, _G.OTHERS: _GIVEN},
    _R.OBJECTION: {
        _G.NO_OBJECTION: _EVERY - _WEIGHED,
        _G.COMPELLING: _WEIGHED,
        _G.OBJECTION_CLAIMS: _WEIGHED,
    },
}
"""Which grounds may stand against each right, and on which legal bases."""


def grounds(right: PersonRight, basis: LegalBasis | None) -> tuple[Ground, ...]:
    """The grounds on which a request may be refused. Without a known basis, those that hold on every one."""
    held = _GROUNDS[right]
    bases = _EVERY if basis is None else frozenset({basis})
    return (*_ALWAYS, *(ground for ground, on in held.items() if bases <= on))


def extent(right: PersonRight, basis: LegalBasis) -> Extent:
    """How far a right goes where data rest on this basis."""
    if right is _R.PORTABILITY:
        return Extent.WHOLE if basis in _GIVEN else Extent.NONE
    if right is _R.OBJECTION:
        return Extent.LIMITED if basis in _WEIGHED else Extent.NONE
    return Extent.LIMITED if right is _R.ERASURE and basis in _TASKS else Extent.WHOLE


def due(received: date, *, extended: bool = False) -> date:
    """The last day of an answer: one month after the request came, three where it was extended (article 12(3))."""
    return months_later(received, 3 if extended else 1)
