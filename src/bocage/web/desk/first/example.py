"""Nothing yet, show me: an invented town whose electricity goes through the very same steps, in one click."""

import gzip
from datetime import datetime
from typing import Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import accounts, evidence, registers, words
from bocage.accounts.rights import Right, may
from bocage.domain.hosting_site import HostingSite
from bocage.domain.instant import to_ms
from bocage.domain.organisation import Organisation
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.evidence import beginning
from bocage.ingest.guessing import guess
from bocage.ingest.replay import SHIPPED, Played, Playing
from bocage.registers.files import Filed
from bocage.web.desk import asking
from bocage.web.desk.asking import Case
from bocage.web.desk.first import making, reading
from bocage.web.desk.first.landing import landing
from bocage.web.desk.first.steps import ROLES
from bocage.web.desk.proposals import Hints
from bocage.web.desk.reach import facts_of
from bocage.web.forms import proposed
from bocage.web.middleware import territory as territory_of
from bocage.web.page import say
from bocage.web.request import Request

FILE: Final = SHIPPED / "dwelling-electricity.csv.gz"
ATTRIBUTION: Final = (
    "Relevés britanniques (électricité) fournis comme exemple avec le logiciel eemeter 4.1.1, 2020 à 2022"
)
LICENCE: Final = "Apache-2.0"
TOWN: Final = Text(fr="Commune d’exemple (inventée)", en="Example town (invented)")
SOURCE: Final = Text(fr="Courbe de charge d’exemple", en="Example load curve")
PLACE: Final = "Local des associations"
CONTACT: Final = Text(
    fr="Cette commune n’existe pas : personne ne répond ici.", en="This town does not exist: nobody answers here."
)


def present() -> str:
    """The invented territory this instance shows already; empty without."""
    found = ((slug, territory_of(slug)) for slug in registers.territories())
    return next((slug for slug, body in found if body is not None and body.demonstration), "")


def address(request: Request, slug: str) -> str:
    """Where somebody looks at it: the desk where they read its measurements, else the public site."""
    inside = may(request.actor, Right.READ_DATA, slug)
    return reverse("desk.overview" if inside else "portal.territory", args=[slug])


def show(request: Request) -> HttpResponse:
    """Make it, or lead to the one that is there."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("instance.start"))
    there = present()
    if there:
        return HttpResponseRedirect(address(request, there))
    slug, at = _unused(), request.parts.clock()
    beginning.declare(slug, _first(slug), request.actor, at)
    puts = evidence.taken(slug, request.actor, ROLES, evidence.facts.today(slug, at))
    evidence.change(slug, request.actor, puts, at)
    request.slug, request.territory = slug, territory_of(slug)
    request.actor = accounts.actor(request.actor.account, at)  # with the roles just taken
    streams = _measured(request, at)
    said = words.translate(_("Here is an invented town: what you see was measured elsewhere."), request.lang)
    say(request, said, undo=f"{reverse('instance.withdraw')}?slug={slug}")
    return HttpResponseRedirect(landing(request, streams))


def _unused() -> str:
    """A short name no territory ever had here: what was told of another one is not told of this one."""
    names = ("exemple", *(f"exemple-{number}" for number in range(2, 10_000)))
    return next(name for name in names if not registers.recent(name, 1))


def _first(slug: str) -> list[Filed]:
    """What an invented town declares of itself: nothing of it is in the files of the State."""
    site = HostingSite(title=Text(fr="Salle informatique", en="Server room"), country="FR", operator=slug)
    town = Territory(title=TOWN, population=3_000, demonstration=True, contact=CONTACT)
    return [
        Filed(kind=Territory.kind, slug=slug, body=town),
        Filed(kind=Organisation.kind, slug=slug, body=Organisation(title=TOWN)),
        Filed(kind=HostingSite.kind, slug=beginning.OWN_SITE, body=site),
    ]


def _measured(request: Request, at: datetime) -> tuple[str, ...]:
    """The shipped file, read as guessed, declared as proposed, and replayed up to the present; its series."""
    facts, intake = facts_of(request), request.parts.intake
    file = (FILE.stem, gzip.decompress(FILE.read_bytes()))
    read = reading.read(intake, request.slug, file, guess(*file, "electricity"))
    source = msgspec.structs.replace(read.source, title=SOURCE, licence=LICENCE, attribution=ATTRIBUTION, replayed=True)
    made = making.made(facts, source, read.lines, dict.fromkeys(read.sites, PLACE))
    hints = Hints(quantity=read.quantity, pace_seconds=read.pace // 1000)
    keys = tuple(line.key for line in read.lines)
    case = Case(facts=facts, source=made.source, keys=keys, base=made.changes, hints=hints).after(made.changes)
    questions = asking.drawn_questions(request, case)
    answers = proposed.sent(field for one in questions for field in one["fields"])
    asking.record(request, case, [one["section"].kind for one in questions], whole=True, sent=answers)
    playing = Playing(intake.reception, request.slug, Played(source=made.source, file=FILE.name), FILE)
    playing.begin(to_ms(at))
    playing.release(len(playing.due(to_ms(at))))
    return tuple(made.streams.values())
