"""Asks a BoaviztAPI that the territory runs itself what one of its devices weighs; never any other, never by itself."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec

from bocage.domain.device_archetypes import ARCHETYPES
from bocage.domain.device_fleet import DeviceFleet, DeviceSheet
from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _
from bocage.ingest.fetching import post

PATH: Final = "/v1/iot/iot_device?verbose=false&criteria=gwp"
PATIENCE: Final = 20.0  # seconds: somebody waits for the page


class _Span(msgspec.Struct):
    value: float
    min: float
    max: float


class _Impact(msgspec.Struct):
    embedded: _Span


class _Impacts(msgspec.Struct):
    gwp: _Impact


class _Answer(msgspec.Struct):
    impacts: _Impacts


def sheet(
    address: str, fleet: DeviceFleet, year: int, *, transport: httpx.AsyncBaseTransport | None = None
) -> DeviceSheet:
    """What it says of the blocks of this device, as a sheet that names it.

    PayloadError when its address is none, when it does not answer in time, or answers something else.
    """
    host = _host(address)
    blocks = [
        {"type": name, "hsl_level": f"HSL-{levels[1]}"}
        for name, count, levels in ARCHETYPES[fleet.model].blocks
        for _each in range(count)
    ]
    if not blocks:
        raise PayloadError(_("a device made of blocks"), found=fleet.model.value)
    body = msgspec.json.encode({"functional_blocks": blocks})
    try:
        answer = asyncio.run(post(address.rstrip("/") + PATH, body, transport=transport, whole=PATIENCE))
        answer.request = httpx.Request("POST", address)
        answer.raise_for_status()
        found = msgspec.json.decode(answer.content, type=_Answer).impacts.gwp.embedded
        told = {"kilograms": found.value, "least": found.min, "most": found.max}
        return msgspec.convert({**told, "source": f"BoaviztAPI, {host}", "year": year}, DeviceSheet)
    except httpx.HTTPStatusError as error:
        raise PayloadError(_("the answer of a BoaviztAPI"), found=str(error.response.status_code)) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise PayloadError(_("an address where something answers")) from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise PayloadError(_("the answer of a BoaviztAPI")) from error


def _host(address: str) -> str:
    """Whose answer it will be."""
    wanted = _("an address that begins with http:// or https://")
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise PayloadError(wanted, found=address[:100]) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PayloadError(wanted, found=address[:100])
    return parts.hostname
