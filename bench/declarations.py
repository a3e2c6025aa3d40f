"""Declarations and sensing entities of a large territory: found, listed, changed; and the gate after a change.

python -m bench declarations [--streams 10000] [--declarations 0]

`--declarations`: so many contracts, projects, experiments, actors and assessments besides, each naming others.

In a process of its own, on a relational database in a temporary folder, without a server: what pages, programs and the
gate ask of the registers.
"""

import argparse
import tempfile
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
from bench.given import PLACE, SOURCE, facts, milliseconds, tell

from bocage import relational
from bocage.commitments import examine
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.actor import Actor, ActorNature, Part, Share
from bocage.domain.assessment import Assessment, AssessmentNature
from bocage.domain.clause import Clause, ClauseSubject
from bocage.domain.contract import ClauseHeld, Contract, Delivery, Rhythm
from bocage.domain.declaration import Declaration, Key, references
from bocage.domain.experiment import Experiment
from bocage.domain.project import Phase, Project
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.text import Text

SAID = Text(fr="Un titre de quelques mots")
ENTITIES = (Thing.kind, ObservedProperty.kind, Datastream.kind)


def besides(count: int) -> dict[str, dict[str, Declaration]]:
    """Declarations of five kinds in turn, that name each other, a service's worth of clauses and one source."""
    clauses = {f"clause-{n}": Clause(title=SAID, subject=ClauseSubject.DATA) for n in range(20)}
    held = tuple(ClauseHeld(clause=slug, version=1) for slug in list(clauses)[:5])
    deliveries = (Delivery(title=SAID, source=SOURCE, every=Rhythm.DAY, delay_hours=24, least_percent=95.0),)
    found: dict[str, dict[str, Declaration]] = {Clause.kind: {**clauses}}
    for n in range(0, count, 5):
        project, number = f"projet-{n}", f"2026-{n}"
        contract = Contract(title=SAID, number=number, clauses=held, deliveries=deliveries, project=project, months=48)
        parts = (Part(project=project, phase=Phase.DESIGN, share=Share.ADVISES),)
        for slug, body in (
            (project, Project(title=SAID, phase=Phase.DESIGN)),
            (f"contrat-{n}", contract),
            (f"essai-{n}", Experiment(title=SAID, project=project, sources=(SOURCE,))),
            (f"acteur-{n}", Actor(title=SAID, nature=ActorNature.ASSOCIATION, parts=parts)),
            (f"etude-{n}", Assessment(title=SAID, nature=AssessmentNature.INCLUSION, project=project)),
        ):
            found.setdefault(body.kind, {})[slug] = body
    return found


def changes(streams: int, count: int) -> list[Any]:
    """What makes the territory."""
    from bocage import evidence

    declared = {**facts(streams).declared, **besides(count)}
    found: list[Any] = [
        evidence.Put(key=Key(territory=PLACE, kind=kind, slug=slug), body=body, expected=None)
        for kind, bodies in declared.items()
        if kind not in ENTITIES
        for slug, body in bodies.items()
    ]
    for kind in ENTITIES:
        for slug, body in declared[kind].items():
            entity = msgspec.structs.replace(body, id=0) if kind == Datastream.kind else body
            found.append(evidence.PutEntity(slug=slug, entity=entity))
    return found


def measured(folder: Path, streams: int, others: int) -> None:
    """Declare all at once, then ask and change."""
    from bocage import evidence, registers, sensing
    from bocage.accounts.rights import OPERATOR
    from bocage.ingest.gate import Gate
    from bocage.ingest.intake import declarations
    from bocage.store.memory import MemoryStore

    def clock() -> datetime:
        return datetime.now(UTC)

    everything = changes(streams, others)
    begin = perf_counter()
    evidence.change(PLACE, OPERATOR, everything, clock())
    tell(f"{len(everything):,} declared in one change", f"{perf_counter() - begin:.2f} s")

    purpose = Key(territory=PLACE, kind="purpose", slug="mesure")
    tell("a declaration found", f"{milliseconds(lambda: registers.find(purpose)):.2f} ms")
    tell("declarations of a kind listed", f"{milliseconds(lambda: registers.current(PLACE, 'organisation')):.2f} ms")
    middle = f"s{streams // 2}"
    tell("a datastream found", f"{milliseconds(lambda: sensing.find(PLACE, Datastream.kind, middle)):.2f} ms")
    listed = milliseconds(lambda: sensing.all(PLACE, Datastream.kind), 5)
    tell(f"{streams:,} datastreams listed", f"{listed:.0f} ms")

    gate, number = Gate(MemoryStore(), declarations(), clock), count()
    found = registers.find(purpose)
    assert found is not None
    body = found.body

    def change() -> None:
        title = Text(fr=f"Mesurer {next(number)}")
        new = msgspec.structs.replace(body, title=title)
        evidence.change(PLACE, OPERATOR, [evidence.Put(key=purpose, body=new, expected=registers.ANY)], clock())

    tell("all that is declared gathered", f"{milliseconds(lambda: evidence.facts.present(PLACE, clock()), 5):.0f} ms")
    tell(
        "every reference of it followed",
        f"{milliseconds(lambda: followed(evidence.facts.present(PLACE, clock())), 5):.0f} ms",
    )
    tell("what all duties find", f"{milliseconds(lambda: examine(evidence.facts.present(PLACE, clock())), 5):.0f} ms")
    tell("a declaration changed, all gates asked, durable", f"{milliseconds(change, 5):.0f} ms")

    def anew() -> None:
        gate.forget(PLACE)
        gate.compiled(PLACE, SOURCE)

    tell(f"the gate worked out anew for {streams:,} series", f"{milliseconds(anew, 5):.0f} ms")
    tell("the gate asked when nothing changed", f"{milliseconds(lambda: gate.ready(PLACE, SOURCE), 1000) * 1e3:.1f} us")


def followed(present: TerritoryFacts) -> int:
    """How many references all declarations hold."""
    return sum(len(references(type(body), body)) for bodies in present.declared.values() for body in bodies.values())


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--streams", type=int, default=10_000)
    asked.add_argument("--declarations", type=int, default=0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        relational.configure(folder, secret=b"bench" * 8)
        relational.migrate()
        measured(folder, given.streams, given.declarations)


if __name__ == "__main__":
    main()
