"""How the machine is: /healthz for whoever watches it, /metrics for Prometheus; figures only, nothing of anybody."""

import shutil
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage import evidence, outbox, registers
from bocage.api import brokers
from bocage.api.parts import Parts
from bocage.ingest import refusals
from bocage.relational import in_thread
from bocage.upkeep.nights import Nights
from bocage.upkeep.point import Area, State, worst
from bocage.upkeep.report import Report
from bocage.upkeep.room import LEAST

STATES = {State.WELL: 0, State.UNSET: 0, State.UNKNOWN: 1, State.WATCH: 2, State.TROUBLE: 3}


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""

    running = version("bocage")

    async def healthz(_request: Request) -> Response:
        found = {"version": running, **await in_thread(health, parts)}
        status = 200 if found["ok"] else 503
        return Response(msgspec.json.encode(found), status, {"Cache-Control": "no-store"}, "application/json")

    async def metrics(_request: Request) -> Response:
        return Response(await in_thread(figures, parts), 200, {"Cache-Control": "no-store"}, CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz, name="system.healthz"), Route("/metrics", metrics, name="system.metrics")]


def health(parts: Parts) -> dict[str, Any]:
    """Whether the log, the tables, scheduled work and backups do what they should and the disk has room; `ok` is all
    of them."""
    free = shutil.disk_usage(parts.data).free
    trouble = getattr(parts.store, "trouble", None)  # only the home on disk can be in any
    found: dict[str, Any] = {
        "position": parts.store.position(),
        "territories": len(registers.territories()),
        "disk_free_bytes": free,
        "log": "in trouble" if trouble else "well",
        "jobs": "in trouble" if parts.trouble() else "well",
        "backups": "in trouble" if _backups_fail(parts) else "well",
    }
    well = free >= LEAST and "in trouble" not in found.values()
    return {"ok": well, **found}


def _backups_fail(parts: Parts) -> bool:
    report = parts.report() if parts.report else None
    return report is not None and worst(report.areas[Area.BACKUPS]) is State.TROUBLE


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
    if parts.report:
        _upkeep(parts.report(), collected)
    told = "Requests whose token opens nothing since this process began"
    Gauge("bocage_tokens_turned_away", told, registry=collected).set(parts.tokens.turned_away)
    told = "Duties and standings that failed since this process began"
    Gauge("bocage_examinations_failed", told, registry=collected).set(evidence.failures())
    declarations = Gauge("bocage_declarations", "Declarations that hold", ["territory", "kind"], registry=collected)
    refused = Gauge("bocage_refused", "Measurements refused so far", ["territory", "promise"], registry=collected)
    for territory in registers.territories():
        for kind, count in registers.count(territory).items():
            declarations.labels(territory, kind).set(count)
        for promise, count in refusals.by_promise(territory).items():
            refused.labels(territory, promise).set(count)
    if parts.intake is not None:
        brokers.figures(parts.intake.brokers, collected)
    parcels = Gauge("bocage_parcels", "Deliveries by state", ["state"], registry=collected)
    for state, count in outbox.counted().items():
        parcels.labels(str(state)).set(count)
    return generate_latest(collected)


def _upkeep(report: Report, collected: CollectorRegistry) -> None:
    """The machine in figures; what is not known has no line."""
    room, clock, lasts = report.room, report.clock, report.room.lasts
    for name, help_text, value in (
        *_copies(report.nights),
        ("bocage_disk_total_bytes", "Bytes of the disk where the data lie", room.total),
        ("bocage_disk_days_left", "Days until it is full at the present pace, at least", lasts[0] if lasts else None),
        ("bocage_clock_synchronised", "Whether the machine says a time server keeps its clock", clock.kept),
        ("bocage_clock_behind_seconds", "Seconds by which servers read here are ahead", clock.ahead),
    ):
        if value is not None:
            Gauge(name, help_text, registry=collected).set(value)
    states = Gauge("bocage_upkeep", "0 well, 1 not known, 2 to watch, 3 to mend", ["area"], registry=collected)
    for area, points in report.areas.items():
        states.labels(str(area)).set(STATES[worst(points)])


def _copies(nights: Nights) -> Iterator[tuple[str, str, float | None]]:
    newest, sound = nights.newest, nights.restorable
    yield "bocage_backup_failed", "Whether the last copy could not be made", int(bool(nights.failure))
    if newest:
        yield "bocage_backup_last_timestamp_seconds", "When the newest copy was made", newest.at.timestamp()
        yield "bocage_backup_last_bytes", "Bytes of the newest copy", newest.bytes
    if sound:
        told = "When the newest copy was made that was restored to try it"
        yield "bocage_backup_restorable_timestamp_seconds", told, sound.at.timestamp()
