"""What a run says of itself, as the record keeps it."""

from collections.abc import Sequence

import msgspec

from bocage.domain.said import Said, said


def written(told: str | Sequence[Said], longest: int) -> str:
    """As the record keeps it; sentences that would make it too long are left out, last ones first."""
    if isinstance(told, str):
        return told[:longest]
    kept = list(told)
    while kept and len(text := msgspec.json.encode(kept).decode()) > longest:
        kept.pop()
    return text if kept else ""


def read(text: str) -> tuple[Said, ...]:
    """The sentences of a record; what is none (an error, an older record) stands as it is."""
    if not text:
        return ()
    try:
        return msgspec.json.decode(text, type=tuple[Said, ...])
    except msgspec.MsgspecError:
        return said("%(text)s", text=text)
