"""CreateObservations looked at closely: arrays of several series told as one, and features nobody named so far."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

import msgspec
import numpy as np

from bocage.api.problem import Stopped
from bocage.api.sensorthings import together
from bocage.api.sensorthings.inserting import Inserting
from bocage.api.sensorthings.model import FEATURE, MULTI
from bocage.api.sensorthings.pushing import placed
from bocage.api.sensorthings.saying import FEATURE_ID
from bocage.api.sensorthings.sent import CELLS, Block, Reference, Row, arrived, sound
from bocage.api.sensorthings.targets import Target, target_of
from bocage.api.sensorthings.town import Item
from bocage.api.sensorthings.writing import Draft, Sender
from bocage.domain.errors import BocageError
from bocage.domain.instant import to_ms
from bocage.domain.observation import Ints
from bocage.domain.reading import Decoded
from bocage.domain.text import message as _


class Arrays(msgspec.Struct, frozen=True):
    """Observations of one series, or of several that are told as one."""

    components: tuple[str, ...]
    rows: list[Row] = msgspec.field(name="dataArray")
    stream: Reference | None = msgspec.field(name="Datastream", default=None)
    joint: Reference | None = msgspec.field(name="MultiDatastream", default=None)


def created(sender: Sender, document: Any) -> list[str]:
    """Keep what can be kept; the address of each observation in their order, "error" for the others."""
    sent = _read(document)
    _featured(sender, sent)
    by = sender.parts.intake.gate.compiled(sender.territory, sender.machine.source)
    target, town = target_of(sender.sights, by), sender.view
    joints = {one.joint.id: town.items[MULTI].get(one.joint.id) for one in sent if one.joint is not None}
    lengths = np.cumsum([0, *(len(one.rows) for one in sent)])
    found = np.full(int(lengths[-1]), -1, np.int64)
    plain = [place for place, one in enumerate(sent) if one.stream is not None]
    if plain:
        at = np.concatenate([np.arange(lengths[place], lengths[place + 1]) for place in plain])
        found[at] = _alone(sender, [sent[place] for place in plain], target)
    for place, one in enumerate(sent):
        item = joints.get(one.joint.id) if one.joint is not None else None
        if item is not None:
            found[lengths[place] : lengths[place + 1]] = _together(sender, one, item, target)
    return [f"{sender.base}/Observations({one})" if one >= 0 else "error" for one in found.tolist()]


def _read(document: Any) -> list[Arrays]:
    try:
        found = msgspec.convert(document, list[Arrays])
    except msgspec.ValidationError as error:
        raise _unread() from error
    if any((one.stream is None) is (one.joint is None) for one in found):
        raise _unread()
    sound({one.components for one in found})
    return found


def _unread() -> Stopped:
    return Stopped(400, _("An array of objects with Datastream, components and dataArray is expected."))


def _featured(sender: Sender, sent: Sequence[Arrays]) -> None:
    """Let series hang on the features that their observations name for the first time, where that may be."""
    inserting = Inserting(Draft(sender))
    view, asked = inserting.draft.view, False
    for one in sent:
        stream = view.town.items["Datastream"].get(one.stream.id) if one.stream is not None else None
        if stream is None or FEATURE_ID not in one.components or not view.owns(stream):
            continue
        cell = attrgetter(CELLS[one.components.index(FEATURE_ID)])
        for number in {value for value in map(cell, one.rows) if isinstance(value, int)}:
            item = view.items[FEATURE].get(number)
            try:
                asked |= item is not None and bool(inserting.lead(stream.slug, item))
            except BocageError:
                continue  # its observations are answered one by one
    if asked:
        inserting.draft.made()


def _alone(sender: Sender, sent: Sequence[Arrays], target: Target) -> Ints:
    blocks = [
        Block(stream=one.stream, components=one.components, rows=one.rows) for one in sent if one.stream is not None
    ]
    found = arrived(blocks, target, to_ms(sender.at))
    reception, by = (
        sender.parts.intake.reception,
        sender.parts.intake.gate.compiled(sender.territory, sender.machine.source),
    )
    answer = reception.hand(by, Decoded(readings=found.readings)).result() if len(found.rows) else None
    return placed(found, answer)


def _together(sender: Sender, sent: Arrays, item: Item, target: Target) -> Ints:
    """The id of each observation in the first series; -1 of what is not kept."""
    missing = np.full(len(sent.rows), -1, np.int64)
    if not {one.id for one in item.parts} <= set(target.sound):
        return missing
    place = sent.components.index("result")
    cell = attrgetter(CELLS[place])
    fits = [isinstance(cell(row), list) and len(cell(row)) == len(item.parts) for row in sent.rows]
    good = [row for row, fit in zip(sent.rows, fits, strict=True) if fit]
    blocks = [_part(sent, good, (place, nth), part.id) for nth, part in enumerate(item.parts)]
    found = arrived(blocks, target, to_ms(sender.at))
    groups = found.rows % len(good) if good else found.rows
    whole = np.bincount(groups, minlength=len(good)) == len(item.parts)
    kept = np.flatnonzero(whole[groups])
    by = sender.parts.intake.gate.compiled(sender.territory, sender.machine.source)
    if not len(kept):
        return missing
    left, answer, _refusals = together.handed(sender.parts, by, found.readings.at(kept), groups[kept])
    if answer is None or answer.places is None:
        return missing
    ids = np.full((len(item.parts), len(good)), -1, np.int64)
    ids.reshape(-1)[found.rows[kept][left]] = answer.places.id
    missing[np.flatnonzero(fits)] = np.where((ids >= 0).all(axis=0), ids[0], -1)
    return missing


def _part(sent: Arrays, rows: Sequence[Row], places: tuple[int, int], number: int) -> Block:
    """One series of several: its own results, and for the first what is said beside them."""
    place, nth = places
    result, time = CELLS[place], "phenomenonTime"
    cell = attrgetter(result)
    if not nth:
        held = [msgspec.structs.replace(row, **{result: cell(row)[0]}) for row in rows]
        return Block(stream=Reference(id=number), components=sent.components, rows=held)
    names: Mapping[str, Any] = {name: attrgetter(CELLS[at]) for at, name in enumerate(sent.components) if name == time}
    held = [Row(cell(row)[nth], *(get(row) for get in names.values())) for row in rows]
    return Block(stream=Reference(id=number), components=("result", *names), rows=held)


ADDRESS: Final = "CreateObservations"
