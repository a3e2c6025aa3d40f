"""All duties over a large territory, and one change of each of several kinds looked at again.

python -m bench duties [--streams 5000] [--declarations 10000] [--linked 5000] [--rounds 7]

`--linked`: so many of the declarations are contracts, projects, experiments, actors and assessments that name each
other, and leave thousands of findings; the others are acts.

In a process of its own, on a relational database in a temporary folder: first everything, then one change after another
with all that follows from it (gates, what is written, facts, duties, findings kept); beside it, in the same run, the
gate of ingest worked out again for all series, and all duties over facts gathered anew. Times of the processor: the
least and the median.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import msgspec
from bench.declarations import changes
from bench.given import PLACE, SOURCE, tell

from bocage import relational
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.act import Act
from bocage.domain.contract import Contract
from bocage.domain.declaration import Declaration, Key
from bocage.domain.purpose import Purpose
from bocage.domain.role import Role, RoleName
from bocage.domain.sensing import Datastream
from bocage.domain.text import Text

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MIDDLE = "s17"

Ask = Callable[[int], Any]
"""What is changed, the n-th time: each time to something else."""


def measured(streams: int, declarations: int, linked: int, rounds: int) -> None:
    """Declare all, look at all, then change one thing after another."""
    from bocage import evidence
    from bocage.accounts.rights import OPERATOR

    acts = [_put("act", f"acte-{number}", _act(number)) for number in range(declarations - linked)]
    evidence.change(PLACE, OPERATOR, [*changes(streams, linked), *acts], AT)
    evidence.commitments(PLACE, AT)
    now = evidence.facts.present(PLACE, AT)
    spent, found = _timed(lambda: _anew(now), 3)
    what = f"all duties, {declarations:,} declarations ({linked:,} linked), {streams:,} series: {found} findings"
    tell(what, _told(spent), "facts in memory, nothing drawn of them", "2 s")
    for name, ask in asked(now):
        _again(name, ask, rounds)
    _broken(now, rounds)


def asked(now: TerritoryFacts) -> Iterator[tuple[str, Ask]]:
    """One change of each kind that matters: of what nothing names to what all series share."""
    from bocage import evidence

    purpose, dataset, source = (now.declared[kind][slug] for kind, slug in PLACES)
    stream = now.declared[Datastream.kind][MIDDLE]
    replace = msgspec.structs.replace
    yield "an act", lambda n: _put("act", "acte-1", _act(10_000 + n))
    yield "a role", lambda n: _put("role", "agent", Role(title=_title(n), role=RoleName.AGENT))
    yield "a contract", lambda n: _put("contract", "contrat-0", Contract(title=_title(n), number="2026-0"))
    yield "a series", lambda n: _entity(MIDDLE, replace(stream, id=0, cadence_seconds=900 + n))
    yield "a series more", lambda n: _entity(f"de-plus-{n}", replace(stream, id=0, key=""))
    yield "a series less", lambda n: evidence.RemoveEntity(kind=Datastream.kind, slug=f"de-plus-{n}")
    yield "the dataset of all series", lambda n: _put("dataset", "air", replace(dataset, title=_title(n)))
    yield "the source of all series", lambda n: _put("source", SOURCE, replace(source, title=_title(n)))
    yield "the purpose of all series", lambda n: _put("purpose", "mesure", replace(purpose, title=_title(n)))
    yield (
        "the cadence of the purpose of all series",
        lambda n: _put("purpose", "mesure", replace(purpose, cadence_seconds=901 + n)),
    )
    yield (
        "a purpose of all series that names nobody, then somebody",
        lambda n: _put("purpose", "mesure", replace(purpose, owner="" if n % 2 else "commune")),
    )
    yield "what the territory says of itself", lambda n: _put("territory", PLACE, replace(now.territory, population=n))


PLACES = (("purpose", "mesure"), ("dataset", "air"), ("source", SOURCE))


def _again(name: str, ask: Ask, rounds: int) -> None:
    """The whole change; then what the gate of ingest takes to follow it, and all duties anew."""
    from bocage import evidence
    from bocage.accounts.rights import OPERATOR
    from bocage.ingest.compiled import compiled

    number = count()
    whole, _ = _timed(lambda: evidence.change(PLACE, OPERATOR, [ask(next(number))], AT), rounds)
    now = evidence.facts.present(PLACE, AT)
    gate, _ = _timed(lambda: compiled(now, SOURCE, (1, 1)), 3)
    anew, _ = _timed(lambda: _anew(now), 2)
    beside = f"gate of ingest {_told(gate)}, all anew {_told(anew)}"
    tell(f"{name} changed: gates, written, duties, findings", _told(whole), beside, "50 ms for the duties")


def _broken(now: TerritoryFacts, rounds: int) -> None:
    """A purpose that needs a value a day, of series that give four an hour: one finding for all."""
    from bocage import evidence
    from bocage.accounts.rights import OPERATOR

    replace, purpose = msgspec.structs.replace, now.declared[Purpose.kind]["mesure"]
    paced = [
        evidence.PutEntity(slug=slug, entity=replace(one, id=0, cadence_seconds=900))
        for slug, one in now.declared[Datastream.kind].items()
    ]
    evidence.change(PLACE, OPERATOR, paced, AT)
    for what, cadence in (("a cadence that every series breaks", 86_400), ("the same taken back", 900)):
        spent: list[float] = []
        for _round in range(rounds):
            other = 86_400 + 900 - cadence
            evidence.change(PLACE, OPERATOR, [_put("purpose", "mesure", replace(purpose, cadence_seconds=other))], AT)
            put = _put("purpose", "mesure", replace(purpose, cadence_seconds=cadence))
            found, _ = _timed(lambda put=put: evidence.change(PLACE, OPERATOR, [put], AT), 1)
            spent += found
        found_now = len(evidence.findings(PLACE, AT))
        tell(
            f"{what}: {found_now:,} findings", _told(spent), "gates, written, duties, findings", "50 ms for the duties"
        )


def _anew(now: TerritoryFacts) -> int:
    """How much all duties find, nothing being worked out yet."""
    from bocage.evidence.looking import Looking

    return len(Looking().look(msgspec.structs.replace(now)))


def _timed(call: Callable[[], Any], rounds: int) -> tuple[list[float], Any]:
    """The milliseconds of the processor each call took, and what the last one gave."""
    spent, given = [], None
    for _round in range(rounds):
        begin = process_time()
        given = call()
        spent.append((process_time() - begin) * 1e3)
    return spent, given


def _told(spent: list[float]) -> str:
    return f"{min(spent):.0f} / {median(spent):.0f} ms"


def _put(kind: str, slug: str, body: Declaration) -> Any:
    from bocage import evidence, registers

    return evidence.Put(key=Key(territory=PLACE, kind=kind, slug=slug), body=body, expected=registers.ANY)


def _entity(slug: str, body: Any) -> Any:
    from bocage import evidence

    return evidence.PutEntity(slug=slug, entity=body)


def _act(number: int) -> Act:
    return Act(title=Text(fr=f"Acte {number}"), number=f"2026-{number}", date=date(2026, 1, 15))


def _title(number: int) -> Text:
    return Text(fr=f"Titre {number}")


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--streams", type=int, default=5_000)
    asked.add_argument("--declarations", type=int, default=10_000)
    asked.add_argument("--linked", type=int, default=5_000)
    asked.add_argument("--rounds", type=int, default=7)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        relational.configure(Path(name), secret=b"bench" * 8)
        relational.migrate()
        measured(given.streams, given.declarations, given.linked, given.rounds)


if __name__ == "__main__":
    main()
