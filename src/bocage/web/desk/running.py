"""How the machine does: whether all is well, what to mend, and the details of what runs and what leaves."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import jobs, outbox, registers, words
from bocage.accounts.rights import Right, may
from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.upkeep.point import Point, State, to_mend, worst
from bocage.web import errors
from bocage.web.page import page, say
from bocage.web.request import Request

SHOWN = 30
DELIVERIES = {
    "head": _("Signed state of the registers, to publish"),
    "mail": _("Mail to a person"),
    "alert": _("Alert, by mail"),
    "witness": _("Head of the registers, to a witness"),
    "subscription": _("Measurements, to a subscriber"),
    "password": _("Link after a forgotten password"),
}
"""What each kind of delivery is called."""
SIGNS: Final[Mapping[State, str]] = {
    State.WELL: "kept",
    State.UNSET: "unconcerned",
    State.UNKNOWN: "unchecked",
    State.WATCH: "watch",
    State.TROUBLE: "refused",
}
COPYING: Final = frozenset({"backup", "restore-test"})


def running(request: Request, territory: str) -> HttpResponse:
    """Whether all is well with the machine, in words; what runs and what leaves, folded."""
    if request.parts.report is None:
        raise Unavailable(_("somebody who watches the machine"))
    report, all_of_it = request.parts.report(), sees_whole(request)
    plan = request.parts.runner.plan() if request.parts.runner and all_of_it else []
    values = {
        "report": report,
        "state": worst(report.points),
        "mend": to_mend(report.points),
        "areas": [(area, worst(points), points) for area, points in report.areas.items()],
        "signs": SIGNS,
        "whole": all_of_it,
        "plan": plan,
        "labels": {one.name: one.label for one in plan},
        "deliveries": DELIVERIES,
        "runs": _runs() if all_of_it else [],
        "counted": outbox.counted(),
        "parcels": outbox.parcels(limit=SHOWN) if all_of_it else [],
        "stuck": (outbox.State.FAILED, outbox.State.GIVEN_UP),
        "position": request.parts.store.position(),
        "folder": request.parts.backups,
        "keep": request.parts.chosen.now.backups.keep,
        "under_way": [one.label for one in plan if one.name in COPYING and _under_way(one)],
        "may_redo": all_of_it and may(request.actor, Right.REDO_WORK, territory),
    }
    return page(request, "desk/running.html", values)


def sees_whole(request: Request) -> bool:
    """Whether this person is told what concerns the whole instance: it names what other territories have in it."""
    return request.actor.administrator or registers.territories() == [request.slug]


def needs(request: Request) -> tuple[Point, ...]:
    """The points of the machine that need a hand, for those who may read them."""
    if request.parts.report is None or not may(request.actor, Right.READ_RUNNING, request.slug):
        return ()
    if not sees_whole(request):
        return ()
    return to_mend(request.parts.report().points)


def run_job(request: Request, territory: str) -> HttpResponse:
    """Run scheduled work now."""
    if request.method == "POST":
        if not sees_whole(request):
            return errors.forbidden(request)
        if request.parts.runner is None:
            raise Unavailable(_("scheduled work that runs"))
        request.parts.runner.ask(str(request.POST.get("name", "")))
        say(request, words.translate(_("It begins now; load this page again in a moment."), request.lang))
    return HttpResponseRedirect(reverse("desk.jobs", args=[territory]))


def retry_parcel(request: Request, territory: str) -> HttpResponse:
    """Send again what failed."""
    number = whole(str(request.POST.get("parcel", "")), 0)
    if request.method == "POST" and number:
        if not sees_whole(request):
            return errors.forbidden(request)
        outbox.retry(number, request.parts.clock())
        say(request, words.translate(_("It will be sent again now."), request.lang))
    return HttpResponseRedirect(reverse("desk.jobs", args=[territory]))


def _under_way(one: jobs.Planned) -> bool:
    return one.last is not None and one.last.outcome is jobs.Outcome.RUNNING


def _runs() -> list[jobs.Ran]:
    """The latest runs that did something: most polls find that no address is due."""
    worth = (one for one in jobs.runs(limit=10 * SHOWN) if one.said or one.outcome is not jobs.Outcome.DONE)
    return list(islice(worth, SHOWN))
