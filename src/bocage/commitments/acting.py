"""The facts of one order to equipment, gathered for the gate that is asked before anything leaves."""

from datetime import date

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.actuator import Actuator
from bocage.domain.exception import ReasonedException


class Acting(msgspec.Struct, frozen=True, kw_only=True):
    """One order: what it would set for how many minutes, and who prepared it (a pseudonym).

    `approved_by`: who approves it, None while it is only prepared. `changed`: the actuator is declared otherwise since
    it was prepared. `held_by`: number of the order that the same actuator already holds, 0 when none. `waited`: it was
    prepared too long ago.
    """

    facts: TerritoryFacts
    slug: str
    value: float
    minutes: int
    prepared_by: str
    approved_by: str | None = None
    changed: bool = False
    held_by: int = 0
    waited: bool = False

    @property
    def today(self) -> date:
        """The civil day of the territory."""
        return self.facts.today

    @property
    def actuator(self) -> Actuator | None:
        """What it would act on; None once it is withdrawn."""
        return self.facts.one(Actuator, self.slug)

    @property
    def exceptions(self) -> tuple[tuple[str, ReasonedException], ...]:
        """None: no exception can name equipment."""
        return ()
