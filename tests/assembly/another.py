"""One more process of an instance on PostgreSQL, told by lines what to change: `python -m tests.assembly.another`."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from tests.process import MAIN

from bocage.assembly.instance import unwired
from bocage.assembly.settings import load
from bocage.domain.person_right import PersonRight, RestrictionCase

NUMBER, SLUG = 901, "salle-1"
AT_ONCE, EACH = 8, 4
ACTUATOR = "eclairage-passerelle"


def restrict(folder: Path) -> None:
    """Follow a request of restriction about one series."""
    from bocage import civic

    at = datetime.now(UTC)
    by, today = civic.Doing(account="p-une", at=at, today=at.date()), at.date()
    asked = civic.Entered(
        right=PersonRight.RESTRICTION,
        channel=civic.Channel.COUNTER,
        identity=civic.Identity.SEEN,
        received=today,
        name="Une personne",
        reach="1 rue du Port",
    )
    number = civic.enter(MAIN, asked, by).number
    civic.answer(MAIN, number, civic.Answered(outcome=civic.Outcome.FOLLOWED, day=today), None, by)
    civic.restrict(folder, (MAIN, number), RestrictionCase.ACCURACY, {SLUG: NUMBER}, by)


def lift(folder: Path) -> None:
    """Lift it."""
    from bocage import civic

    at = datetime.now(UTC)
    by = civic.Doing(account="p-une", at=at, today=at.date())
    civic.lift(folder, (MAIN, civic.restrictions(MAIN)[0].request), at.date(), by)


def order(_folder: Path) -> None:
    """Prepare orders in many connections at once."""
    from bocage import orders
    from bocage.evidence import facts

    at = datetime.now(UTC)
    known = facts.present(MAIN, at)
    wanted = orders.Wanted(actuator=ACTUATOR, value=60.0, minutes=30, reason="Veillée")

    def prepare(person: int) -> None:
        for _one in range(EACH):
            orders.prepare(known, wanted, orders.Doing(account=f"p-{person}", at=at))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(prepare, range(AT_ONCE)))


def main() -> None:
    """Do what each line says, and answer once it is done."""
    with unwired(load(Path(sys.argv[1])), shared=True) as (places, _log, _new):
        for line in sys.stdin:
            {"restrict": restrict, "lift": lift, "order": order}[line.strip()](places.erasures)
            print("done", flush=True)


if __name__ == "__main__":
    main()
