"""One model for the communes of a syndicate, and the table of territories and promises that follows.

python -m bench models [--communes 500]

In a process of its own, on a relational database in a temporary folder: the communes are real ones of the State's
files, each begins with the set of a village. Times of the processor, per commune too; the clock beside them.
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.given import tell

from bocage import relational

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
OWNER = "syndicat"


class Watch:
    """Seconds of the processor and of the clock since it was made."""

    def __init__(self) -> None:
        self._cpu, self._clock = time.process_time(), time.perf_counter()

    def said(self) -> tuple[float, str]:
        """Of the processor, and what the clock says beside."""
        return time.process_time() - self._cpu, f"{time.perf_counter() - self._clock:.1f} s by the clock"


def measured(communes: int) -> None:
    """Offer, look at, give, give again, and read the table."""
    from bocage.accounts.rights import OPERATOR
    from bocage.evidence.across import across
    from bocage.evidence.models import giving, keeping, offering, sizes
    from bocage.evidence.models.communes import table
    from bocage.registers import official
    from bocage.registers.official.divisions import divisions

    known = divisions().communes
    codes = [code for code, (_name, people, _siren) in sorted(known.items()) if 0 < people < 3_500][:communes]
    model = sizes.model(sizes.sizes()[0])
    watch = Watch()
    kept = keeping.keep(OWNER, model, "", AT)
    offering.offer(kept, table([["insee"], *([code] for code in codes)], model), "", AT)
    tell(f"a file of {communes} communes read and offered", f"{watch.said()[0] * 1e3:.0f} ms", watch.said()[1])
    watch = Watch()
    by = giving.By(actor=OPERATOR, at=AT, official=official.several(codes))
    seen = [giving.prospect(kept, one, by) for one in keeping.offers(kept)]
    count = sum(len(one.changes) for one in seen)
    tell("looked at, gates asked", f"{watch.said()[0]:.1f} s", f"{count:,} declarations; {watch.said()[1]}")
    watch = Watch()
    results = [giving.give(kept, one, by).told for one in keeping.offers(kept)]
    begun = sum(told is not None and told.result is keeping.Result.BEGUN for told in results)
    cpu, clock = watch.said()
    tell(f"given: {begun} communes begun", f"{cpu:.1f} s", f"{cpu / communes * 1e3:.0f} ms each; {clock}")
    watch = Watch()
    again = [giving.give(kept, one, by).told for one in keeping.offers(kept)]
    same = sum(told is not None and told.result is keeping.Result.SAME for told in again)
    tell(f"given again: {same} with nothing to change", f"{watch.said()[0]:.1f} s", watch.said()[1])
    watch = Watch()
    rows = across()
    tell(f"the table of {len(rows)} territories, read", f"{watch.said()[0] * 1e3:.0f} ms", "", "1 s")


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--communes", type=int, default=500)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        relational.configure(Path(name), secret=b"bench" * 8)
        relational.migrate()
        measured(given.communes)


if __name__ == "__main__":
    main()
