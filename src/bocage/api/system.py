"""How the machine is: /healthz for whoever watches it, /metrics for Prometheus; figures only, nothing of anybody."""

import shutil
from importlib.metadata import version
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage import outbox, registers
from bocage.api.parts import Parts
from bocage.ingest import refusals
from bocage.relational import in_thread

LEAST_FREE = 256 * 1024 * 1024
"""Bytes below which the disk counts as full soon."""


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""

    async def healthz(_request: Request) -> Response:
        found = await in_thread(health, parts)
        status = 200 if found["ok"] else 503
        return Response(msgspec.json.encode(found), status, {"Cache-Control": "no-store"}, "application/json")

    async def metrics(_request: Request) -> Response:
        return Response(await in_thread(figures, parts), 200, {"Cache-Control": "no-store"}, CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz, name="system.healthz"), Route("/metrics", metrics, name="system.metrics")]


def health(parts: Parts) -> dict[str, Any]:
    """Whether the log, the tables and scheduled work do what they should and the disk has room; `ok` is all of them."""
    free = shutil.disk_usage(parts.data).free
    trouble = getattr(parts.store, "trouble", None)  # only the home on disk can be in any
    found: dict[str, Any] = {
        "version": version("bocage"),
        "position": parts.store.position(),
        "territories": len(registers.territories()),
        "disk_free_bytes": free,
        "log": "in trouble" if trouble else "well",
        "jobs": "in trouble" if parts.trouble() else "well",
    }
    well = free >= LEAST_FREE and not trouble and not parts.trouble()
    return {"ok": well, **found}


def figures(parts: Parts) -> bytes:
    """Prometheus' text form; made anew for each reading, so nothing is kept between two."""
    collected = CollectorRegistry()
    for name, help_text, value in (
        ("bocage_log_position", "Position of the last commit of the observation log", parts.store.position()),
        ("bocage_log_bytes", "Bytes of the observation log on disk", parts.store.size()),
        ("bocage_log_series", "Series that hold observations", len(parts.store.extent())),
        ("bocage_disk_free_bytes", "Free bytes where the data lie", shutil.disk_usage(parts.data).free),
    ):
        Gauge(name, help_text, registry=collected).set(value)
    declarations = Gauge("bocage_declarations", "Declarations that hold", ["territory", "kind"], registry=collected)
    refused = Gauge("bocage_refused", "Measurements refused so far", ["territory", "promise"], registry=collected)
    for territory in registers.territories():
        for kind, count in registers.count(territory).items():
            declarations.labels(territory, kind).set(count)
        for promise, count in refusals.by_promise(territory).items():
            refused.labels(territory, promise).set(count)
    parcels = Gauge("bocage_parcels", "Deliveries by state", ["state"], registry=collected)
    for state, count in outbox.counted().items():
        parcels.labels(str(state)).set(count)
    return generate_latest(collected)
