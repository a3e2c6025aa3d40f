"""SELECTs of the rows that erasures are about, and of those that they spare."""

from collections.abc import Sequence

from bocage.store import rows as shape
from bocage.store.protocol import Erasure

_RUN = "run(of_datastream, of_position, of_version, first_counter, last_counter)"
_BELONGS = """of_datastream = datastream AND of_position = position AND of_version = version
  AND counter BETWEEN first_counter AND last_counter"""


def spared(held: str, erasures: Sequence[Erasure]) -> str:
    """What a SELECT of `rows.NAMES` gives, without what these erasures are about."""
    plain = [erasure for erasure in erasures if erasure.datastreams and not erasure.runs]
    where = " AND ".join(f"NOT ({_reached(erasure)})" for erasure in plain) or "true"
    found = f"SELECT {shape.NAMES} FROM ({held}) WHERE {where}"
    for erasure in erasures:
        if erasure.runs and erasure.datastreams:
            found = (
                f"SELECT {shape.NAMES} FROM ({found}) ANTI JOIN {_runs(erasure)} ON {_BELONGS} AND {_reached(erasure)}"
            )
    return found


def struck(held: str, erasure: Erasure) -> str:
    """What a SELECT of `rows.NAMES` gives of what an erasure is about."""
    if not erasure.datastreams:
        return f"SELECT {shape.NAMES} FROM ({held}) WHERE false"
    joined = f"SEMI JOIN {_runs(erasure)} ON {_BELONGS}" if erasure.runs else ""
    return f"SELECT {shape.NAMES} FROM ({held}) {joined} WHERE {_reached(erasure)}"


def _reached(erasure: Erasure) -> str:
    return (
        f"(datastream IN ({', '.join(str(int(number)) for number in erasure.datastreams)}) "
        f'AND "start" >= {int(erasure.start)} AND "start" < {int(erasure.end)})'
    )


def _runs(erasure: Erasure) -> str:
    values = ", ".join(
        f"({int(run.datastream)}, {int(run.position)}, {int(run.version)}, {int(run.first)}, {int(run.last)})"
        for run in erasure.runs
    )
    return f"(VALUES {values}) AS {_RUN}"
