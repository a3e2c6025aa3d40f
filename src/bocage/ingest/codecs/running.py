"""Which codec reads the bytes of a device, and what becomes of one that takes too long again and again."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from bocage.domain.codec import Codec, Raw, Translate
from bocage.domain.errors import CodecFailure
from bocage.domain.text import message as _
from bocage.ingest.codecs.sandbox import Made, Make, Sandbox

PATIENCE: Final = 3  # frames in a row that take too long, before a codec rests
REST: Final = timedelta(minutes=1)  # so that one that loops takes little of the machine
MOST: Final = 1_000  # slow codecs that are remembered


class _Slow(msgspec.Struct, frozen=True, kw_only=True):
    times: int
    until: datetime


class Codecs:
    """The codecs of an instance, run one frame after the other, in a process of their own."""

    def __init__(self, clock: Callable[[], datetime], make: Make | None = None) -> None:
        self._clock = clock
        self._sandbox = Sandbox()
        self._make = make or self._sandbox.made
        self._slow: dict[str, _Slow] = {}

    def translate(self, declared: Mapping[str, Codec]) -> Translate | None:
        """What reads the bytes of the devices of a source, whose codecs these are."""
        if not declared:
            return None

        def translate(raw: Raw) -> Mapping[str, Any] | None:
            slug = chosen(declared, raw.device)
            return self._values(slug, declared[slug], raw) if slug else None

        return translate

    def tried(self, script: str, digest: str, raw: Raw) -> Made:
        """What a script makes of a frame; nothing is remembered of it."""
        return self._make(script, digest, raw)

    def close(self) -> None:
        """End the process."""
        self._sandbox.close()

    def _values(self, slug: str, codec: Codec, raw: Raw) -> Mapping[str, Any]:
        made = self._rested(codec.digest)
        if made is None:
            made = self._make(codec.script, codec.digest, raw)
            self._note(codec.digest, made)
        if made.values is None:
            expected = _("a decoder that reads the bytes of this device")
            values = {"device": raw.device, "codec": slug, "failure": made.failure, "said": made.said}
            raise CodecFailure(expected, found=f"{slug}: {made.said or made.failure}"[:300], **values)
        return made.values

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


def chosen(declared: Mapping[str, Codec], device: str) -> str:
    """The codec that is meant most closely for a device; empty when none is."""
    fits = {slug: codec.fits(device) for slug, codec in sorted(declared.items())}
    best = max(fits, key=lambda slug: fits[slug], default="")
    return best if best and fits[best] >= 0 else ""
