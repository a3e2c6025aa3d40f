"""What a run says of itself: sentences as messages with their values, put into words where they are shown."""

from collections.abc import Mapping, Sequence

import msgspec


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence: an English message of the catalogues and what it names, by name."""

    message: str
    values: Mapping[str, str | int] = {}


def said(message: str, **values: str | int) -> tuple[Said, ...]:
    """One sentence, as a run answers it."""
    return (Said(message=message, values=values),)


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
