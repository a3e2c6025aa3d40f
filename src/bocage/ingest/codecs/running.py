"""Which codec reads the bytes of a device, and what becomes of one that takes too long again and again."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from bocage.domain.codec import Codec, Raw, Translate
from bocage.domain.errors import CodecFailure, PayloadError
from bocage.domain.reading import Decoded
from bocage.domain.text import message as _
from bocage.ingest.codecs.sandbox import Asked, Made, Make, Sandbox

PATIENCE: Final = 3  # frames in a row that take too long, before a codec rests
REST: Final = timedelta(minutes=1)  # so that one that loops takes little of the machine
MOST: Final = 1_000  # slow codecs that are remembered


class _Slow(msgspec.Struct, frozen=True, kw_only=True):
    times: int
    until: datetime


Read = Callable[[Translate | None], Decoded]
"""Reads one message, with what makes values of the bytes of a sensor; PayloadError when it cannot."""

_Answered = Mapping[str, Any] | CodecFailure | None


class Codecs:
    """The codecs of an instance, run in a process of their own; frames that come together are asked together."""

    def __init__(self, clock: Callable[[], datetime], make: Make | None = None) -> None:
        self._clock = clock
        self._sandbox = Sandbox()
        self._make = make or self._sandbox.made
        self._slow: dict[str, _Slow] = {}

    @property
    def filtered(self) -> bool | None:
        """Whether the system filters what the process of codecs calls; None when it has not begun yet."""
        return self._sandbox.filtered

    def translate(self, declared: Mapping[str, Codec]) -> Translate | None:
        """What reads the bytes of the devices of a source, whose codecs these are."""
        if not declared:
            return None

        def translate(raw: Raw) -> Mapping[str, Any] | None:
            return _given(self._answers(declared, [raw])[0])

        return translate

    def read(self, declared: Mapping[str, Codec], reads: Sequence[Read]) -> list[Decoded | PayloadError]:
        """What each of some messages says. One that asks a codec is read twice: what it asks is noted, all of it is
        answered in one exchange with their process, and then it is read with the answers."""
        if not declared or len(reads) == 1:
            translate = self.translate(declared)
            return [_read(one, translate) for one in reads]
        noted: list[list[Raw]] = [[] for _one in reads]
        found = [_read(one, _noting(declared, raws)) for one, raws in zip(reads, noted, strict=True)]
        answers = deque(self._answers(declared, [raw for raws in noted for raw in raws]))
        return [
            _read(one, self._answering(declared, [answers.popleft() for _raw in raws])) if raws else told
            for one, raws, told in zip(reads, noted, found, strict=True)
        ]

    def _answering(self, declared: Mapping[str, Codec], known: list[_Answered]) -> Translate:
        """What gives the answers that are known, and asks for what else a message wants."""

        def translate(raw: Raw) -> Mapping[str, Any] | None:
            if not chosen(declared, raw.device):
                return None
            return _given(known.pop(0) if known else self._answers(declared, [raw])[0])

        return translate

    def tried(self, script: str, digest: str, raw: Raw) -> Made:
        """What a script makes of a frame; nothing is remembered of it."""
        return self._make([Asked(script=script, digest=digest, raw=raw)])[0]

    def close(self) -> None:
        """End the process."""
        self._sandbox.close()

    def _answers(self, declared: Mapping[str, Codec], raws: Sequence[Raw]) -> list[_Answered]:
        """What the codec of each frame makes of it; None where no codec is meant for its device."""
        slugs = [chosen(declared, raw.device) for raw in raws]
        digests = {slug: declared[slug].digest for slug in set(slugs) if slug}
        made = {place: self._rested(digests[slug]) for place, slug in enumerate(slugs) if slug}
        wanted = [place for place, known in made.items() if known is None]
        asked = [
            Asked(script=declared[slugs[place]].script, digest=digests[slugs[place]], raw=raws[place])
            for place in wanted
        ]
        for place, told in zip(wanted, self._make(asked) if asked else (), strict=True):
            self._note(digests[slugs[place]], told)
            made[place] = told
        return [
            _answered(slug, raw, made.get(place)) for place, (slug, raw) in enumerate(zip(slugs, raws, strict=True))
        ]

    def _rested(self, digest: str) -> Made | None:
        """The answer of a codec that rests, without asking it."""
        slow = self._slow.get(digest)
        if slow is None or slow.times < PATIENCE or self._clock() >= slow.until:
            return None
        return Made(failure=_("It took too long several times: it is tried again in a minute."))

    def _note(self, digest: str, made: Made) -> None:
        """Remember whether it took too long."""
        if not made.slow:
            self._slow.pop(digest, None)
            return
        if len(self._slow) >= MOST:
            self._slow.clear()
        before = self._slow.get(digest)
        self._slow[digest] = _Slow(times=(before.times if before else 0) + 1, until=self._clock() + REST)


def _answered(slug: str, raw: Raw, made: Made | None) -> _Answered:
    if made is None or made.values is not None:
        return made.values if made else None
    expected = _("a decoder that reads the bytes of this device")
    values = {"device": raw.device, "codec": slug, "failure": made.failure, "said": made.said}
    return CodecFailure(expected, found=f"{slug}: {made.said or made.failure}"[:300], **values)


def _given(answer: _Answered) -> Mapping[str, Any] | None:
    if isinstance(answer, CodecFailure):
        raise answer
    return answer


def _noting(declared: Mapping[str, Codec], raws: list[Raw]) -> Translate:
    def note(raw: Raw) -> Mapping[str, Any] | None:
        if not chosen(declared, raw.device):
            return None
        raws.append(raw)
        raise PayloadError("the answer of its decoder")  # nothing more is to be known of the message before

    return note


def _read(one: Read, translate: Translate | None) -> Decoded | PayloadError:
    try:
        return one(translate)
    except PayloadError as error:
        return error


def chosen(declared: Mapping[str, Codec], device: str) -> str:
    """The codec that is meant most closely for a device; empty when none is."""
    fits = {slug: codec.fits(device) for slug, codec in sorted(declared.items())}
    best = max(fits, key=lambda slug: fits[slug], default="")
    return best if best and fits[best] >= 0 else ""
