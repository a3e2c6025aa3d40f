"""Makes a PDF from a template of this folder and values, in a process of its own that ends."""

import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _
from bocage.publish.paper.sheet import Sheet

APART = Path(__file__).with_name("apart.py")
PATIENCE = 30.0  # seconds, waiting for a busy machine included
QUEUE = 12  # sheets that may wait for their turn
KEPT = 4 * 1024 * 1024  # bytes of documents
Make = Callable[[str, Mapping[str, Any], Mapping[str, bytes]], bytes]
FORMATS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}


class _Told(msgspec.Struct, frozen=True):
    pdf: bytes = b""
    warnings: list[str] = []
    failure: str = ""


def pdf(template: str, values: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The tagged PDF (PDF/UA-1) of `templates/<template>.typ`; the same values give the same bytes.

    `values` hold at least `title` and `language`; whatever they say is shown as written, signs of Typst included.
    `pictures` by name: SVG, PNG, JPEG or GIF. Unavailable when it takes too much time or memory.
    """
    asked = {
        "template": f"{template}.typ",
        "values": msgspec.json.encode(values).decode(),
        "pictures": msgspec.json.encode({name: _carried(held) for name, held in (pictures or {}).items()}).decode(),
    }
    command = [sys.executable, "-I", str(APART)]
    # One thread: a page is not worth two, and each would reserve memory of its own.
    surroundings = {"RAYON_NUM_THREADS": "1"}
    try:
        ran = subprocess.run(  # noqa: S603
            command,
            input=msgspec.msgpack.encode(asked),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env=surroundings,
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(_("a document that is made in half a minute")) from error
    if ran.returncode:  # it asked for more than it may have
        raise Unavailable(_("a document of a reasonable length"), f"{template}.typ")
    told = msgspec.msgpack.decode(ran.stdout, type=_Told)
    if told.failure:
        raise Unavailable(_("a document that can be made"), told.failure)
    return told.pdf


def _carried(picture: bytes) -> dict[str, str | list[int]]:
    """A picture as JSON: drawings as their text, others as their bytes."""
    form = next((form for beginning, form in FORMATS.items() if picture.startswith(beginning)), "svg")
    return {"format": form, "content": picture.decode("utf-8") if form == "svg" else list(picture)}


class Press:
    """Prints one sheet after the other and keeps the last documents: whoever asks again gets the same bytes at once.

    Made once and shared by all who answer: each print is a process, and they must not be many at a time.
    """

    def __init__(self, make: Make = pdf) -> None:
        self._make = make
        self._turn, self._shelf = threading.Lock(), threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many sheets wait or are being printed."""
        return self._waiting

    def printed(self, sheet: Sheet) -> bytes:
        """The document of a sheet; Unavailable when too many wait already."""
        tag = sheet.tag
        with self._shelf:
            if tag in self._kept:
                self._kept.move_to_end(tag)
                return self._kept[tag]
            if self._waiting >= QUEUE:
                raise Unavailable(_("a printer that is free"), str(self._waiting), _("Try again in a moment."))
            self._waiting += 1
        try:
            with self._turn:
                made = self._found(tag) or self._make(sheet.template, sheet.values, sheet.pictures)
        finally:
            with self._shelf:
                self._waiting -= 1
        self._keep(tag, made)
        return made

    def _found(self, tag: str) -> bytes | None:
        with self._shelf:
            return self._kept.get(tag)

    def _keep(self, tag: str, made: bytes) -> None:
        with self._shelf:
            self._kept[tag] = made
            self._kept.move_to_end(tag)
            while len(self._kept) > 1 and sum(map(len, self._kept.values())) > KEPT:
                self._kept.popitem(last=False)
