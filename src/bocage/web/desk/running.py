"""How the machine does: scheduled work, deliveries, disk, backups."""

import shutil
from itertools import islice
from pathlib import Path
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import jobs, outbox, words
from bocage.accounts.rights import Right, may
from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.web.page import page, say
from bocage.web.request import Request

SHOWN = 30
DELIVERIES = {
    "head": _("Signed state of the registers, to publish"),
    "mail": _("Mail to a person"),
    "alert": _("Alert, by mail"),
    "password": _("Link after a forgotten password"),
}
"""What each kind of delivery is called."""


def running(request: Request, territory: str) -> HttpResponse:
    """What runs, what leaves, how full the disk is, when it was last copied."""
    parts = request.parts
    disk = shutil.disk_usage(parts.data)
    plan = parts.runner.plan() if parts.runner else []
    values = {
        "plan": plan,
        "labels": {one.name: one.label for one in plan},
        "deliveries": DELIVERIES,
        "runs": _runs(),
        "counted": outbox.counted(),
        "parcels": outbox.parcels(limit=SHOWN),
        "stuck": (outbox.State.FAILED, outbox.State.GIVEN_UP),
        "disk": disk,
        "full": round(100 * (disk.total - disk.free) / disk.total),
        "log": parts.store.size(),
        "position": parts.store.position(),
        "backups": _backups(parts.backups),
        "may_redo": may(request.actor, Right.REDO_WORK, territory),
    }
    return page(request, "desk/running.html", values)


def run_job(request: Request, territory: str) -> HttpResponse:
    """Run scheduled work now."""
    if request.method == "POST":
        if request.parts.runner is None:
            raise Unavailable(_("scheduled work that runs"))
        request.parts.runner.ask(str(request.POST.get("name", "")))
        say(request, words.translate(_("It begins now; load this page again in a moment."), request.lang))
    return HttpResponseRedirect(reverse("desk.jobs", args=[territory]))


def retry_parcel(request: Request, territory: str) -> HttpResponse:
    """Send again what failed."""
    number = whole(str(request.POST.get("parcel", "")), 0)
    if request.method == "POST" and number:
        outbox.retry(number, request.parts.clock())
        say(request, words.translate(_("It will be sent again now."), request.lang))
    return HttpResponseRedirect(reverse("desk.jobs", args=[territory]))


def _runs() -> list[jobs.Ran]:
    """The latest runs that did something: most polls find that no address is due."""
    worth = (one for one in jobs.runs(limit=10 * SHOWN) if one.said or one.outcome is not jobs.Outcome.DONE)
    return list(islice(worth, SHOWN))


def _backups(folder: Path) -> list[dict[str, Any]]:
    """The copies in the backup folder, newest first."""
    if not folder.is_dir():
        return []
    found = [(int(path.stat().st_mtime * 1000), path.name) for path in folder.iterdir() if path.is_dir()]
    return [{"name": name, "at": at} for at, name in sorted(found, reverse=True)[:10]]
