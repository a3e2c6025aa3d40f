"""All duties over a large territory, and one change looked at again.

python -m bench duties [--streams 5000] [--declarations 10000]

In a process of its own, on a relational database in a temporary folder: first everything, then one change of each of
several kinds with all that follows from it (gates, facts, duties, findings kept). Times of the processor.
"""

import argparse
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import msgspec
from bench.declarations import changes
from bench.given import PLACE, tell

from bocage import relational
from bocage.domain.act import Act
from bocage.domain.declaration import Declaration, Key
from bocage.domain.role import Role, RoleName
from bocage.domain.sensing import Datastream
from bocage.domain.text import Text

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def measured(streams: int, declarations: int) -> None:
    """Declare all, look at all, then change one thing after another."""
    from bocage import evidence, sensing
    from bocage.accounts.rights import OPERATOR
    from bocage.evidence.looking import Looking

    acts = [_put("act", f"acte-{number}", _act(number)) for number in range(declarations)]
    evidence.change(PLACE, OPERATOR, [*changes(streams, 0), *acts], AT)
    now = evidence.facts.present(PLACE, AT)
    fresh = msgspec.structs.replace(now)  # nothing worked out yet
    begin = process_time()
    found = Looking().look(fresh)
    tell(f"all duties, {declarations:,} declarations, {streams:,} series: {len(found)} findings", _ms(begin), "", "2 s")
    evidence.commitments(PLACE, AT)

    middle, number = f"s{streams // 2}", count()
    placed = sensing.find(PLACE, Datastream.kind, middle)
    assert placed is not None
    assert isinstance(placed.entity, Datastream)
    entity, purpose = placed.entity, now.declared["purpose"]["mesure"]
    asked: dict[str, Callable[[], Any]] = {
        "an act": lambda: _put("act", "acte-1", _act(10_000 + next(number))),
        "a role": lambda: _put("role", "agent", _role(next(number))),
        "a series": lambda: evidence.PutEntity(
            slug=middle, entity=msgspec.structs.replace(entity, cadence_seconds=900 + next(number))
        ),
        "the purpose of all series": lambda: _put(
            "purpose", "mesure", msgspec.structs.replace(purpose, title=Text(fr=f"Mesurer {next(number)}"))
        ),
    }
    for name, ask in asked.items():
        tell(f"{name} changed, and all duties again", *_again(ask, evidence, OPERATOR))


def _again(ask: Callable[[], Any], evidence: Any, actor: Any) -> tuple[str, str, str]:
    """The whole change: gates, what is written, facts moved, duties asked again, findings kept."""
    from bocage.evidence.examining import examine_again

    whole, looked = [], []
    for _round in range(7):
        begin = process_time()
        evidence.change(PLACE, actor, [ask()], AT)
        whole.append(process_time() - begin)
        begin = process_time()
        examine_again(PLACE, AT)
        looked.append(process_time() - begin)
    beside = f"when nothing moved {median(looked) * 1e3:.0f} ms"
    return f"{median(whole) * 1e3:.0f} ms", beside, "50 ms for the duties"


def _put(kind: str, slug: str, body: Declaration) -> Any:
    from bocage import evidence, registers

    return evidence.Put(key=Key(territory=PLACE, kind=kind, slug=slug), body=body, expected=registers.ANY)


def _act(number: int) -> Act:
    return Act(title=Text(fr=f"Acte {number}"), number=f"2026-{number}", date=date(2026, 1, 15))


def _role(number: int) -> Role:
    return Role(title=Text(fr=f"Agent {number}"), role=RoleName.AGENT)


def _ms(begin: float) -> str:
    return f"{(process_time() - begin) * 1e3:.0f} ms"


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--streams", type=int, default=5_000)
    asked.add_argument("--declarations", type=int, default=10_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        relational.configure(Path(name), secret=b"bench" * 8)
        relational.migrate()
        measured(given.streams, given.declarations)


if __name__ == "__main__":
    main()
