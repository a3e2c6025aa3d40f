"""The facts of one change of a declaration, gathered for the gate that is asked before it is written."""

from datetime import date

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.labelling import Found
from bocage.domain.declaration import Declaration
from bocage.domain.exception import ReasonedException


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration or sensing entity before and after; `after` is None when it is withdrawn.

    `facts`: the territory as it would stand with this change and all those written with it. `stored`: how many
    observations the log holds of it (datastreams only). `checked`: digests of the certificates that this machine found
    in order for it (applications only); None where whoever changes it holds the machine, and is believed.
    `found`: what the last examination found (label awards only), None likewise. `liftable`: the promises that an
    exception may lift.
    """

    kind: str
    slug: str
    facts: TerritoryFacts
    before: Declaration | None = None
    after: Declaration | None = None
    stored: int = 0
    checked: frozenset[str] | None = None
    found: Found | None = None
    liftable: frozenset[str] = frozenset()

    @property
    def today(self) -> date:
        """The civil day of the territory."""
        return self.facts.today

    @property
    def exceptions(self) -> tuple[tuple[str, ReasonedException], ...]:
        """Those that name what changes, at any date."""
        return self.facts.lifting(self.kind, self.slug)
