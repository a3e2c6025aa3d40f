"""What duties are told beside the registers: what arrived of each source, what the commons hold."""

import msgspec


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one source. `silent_seconds`: since its newest value, None when nothing ever came.

    `percent`: of the values its series owed by their cadence over so many `days`, None where none says its cadence.
    """

    silent_seconds: int | None
    percent: float | None = None
    days: int = 30


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the commons hold. `kind`: experiment, clause, rule, schema, pack, challenge, indicator, call.

    `territory`: who gave it. For experiments: their use (a code of the library), and whether they `reached` their aim.
    """

    kind: str
    slug: str
    territory: str = ""
    use_case: str = ""
    reached: bool = False
