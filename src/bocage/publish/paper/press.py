"""Makes a PDF from a template of this folder and values, in a process of its own that ends."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _

APART = Path(__file__).with_name("apart.py")
PATIENCE = 30.0  # seconds, waiting for a busy machine included
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
