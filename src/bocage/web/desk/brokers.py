"""The broker a source listens to: how it stands, what came last, what to paste on the other side, what opens it."""

import shlex
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.accounts.rights import Right, may_declare
from bocage.domain import sample
from bocage.domain.broker import Broker, Payload
from bocage.domain.errors import Missing
from bocage.domain.instant import iso, to_ms
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.domain.topic import Naming
from bocage.ingest.answer import Reason
from bocage.ingest.mqtt import access
from bocage.ingest.mqtt.access import Access
from bocage.ingest.mqtt.trouble import Broken, Trouble
from bocage.web.desk import refusals
from bocage.web.desk.connect import phase, sources
from bocage.web.desk.lorawan import sending
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request

LONGEST = 20_000  # characters of a certificate
_TABLES = frozenset({"bocage-csv", "xlsx", "parquet"})
_SIGNS = {"listening": "kept", "connecting": "unchecked", "waiting": "watch"}


def broker(request: Request, territory: str, source: str) -> HttpResponse:
    """How a source stands with its broker."""
    return _shown(request, source, _source(request, source))


def give(request: Request, territory: str, source: str) -> HttpResponse:
    """Give what opens the broker, or have it forgotten."""
    body = _source(request, source, Right.ISSUE_TOKENS)
    if request.method == "POST" and body.broker is not None:
        given = _given(request, source, body.broker)
        try:
            access.context(msgspec.structs.replace(body.broker, tls=True), given)
        except Broken as wrong:
            return _shown(request, source, body, wrong=wrong, typed=given)
        forgotten = given == Access(place=body.broker.place)
        kept = "" if forgotten else msgspec.json.encode(given).decode()
        request.parts.chosen.keep_secret(access.name(territory, source), kept)
        request.parts.intake.restart(territory, source)
        said = _("Nothing is kept for this broker any more.") if forgotten else _("Kept: we connect again with it.")
        say(request, words.translate(said, request.lang))
    return HttpResponseRedirect(reverse("desk.broker", args=[territory, source]))


def _source(request: Request, slug: str, right: str = Right.READ_DESK) -> Source:
    mine = sources(request, right)
    if slug not in mine:
        raise Missing("a source you may see", slug)
    return mine[slug]


def _shown(
    request: Request, slug: str, body: Source, *, wrong: Broken | None = None, typed: Access | None = None
) -> HttpResponse:
    state = phase(request, slug, body) if body.broker else None
    given = typed or kept(request, slug, body.broker)
    values: dict[str, Any] = {
        "source": body,
        "source_slug": slug,
        "state": state,
        "waiting": request.parts.intake.brokers.waiting((request.slug, slug)) if state is not None else None,
        "elsewhere": state is not None and state.since is None and request.parts.intake.brokers.elsewhere,
        "sign": _SIGNS[state.phase] if state else "",
        "came": [(one, _reasons(request, slug, one.answer.reasons)) for one in state.came] if state else [],
        "access": given,
        "wrong": wrong,
        "may_give": slug in sources(request, Right.ISSUE_TOKENS),
        "may_change": may_declare(request.actor, request.slug, Source.kind),
        "unset": Trouble.UNSET,
    }
    if body.broker is not None:
        values |= {"paste": paste(request, slug, body, given), "topic": topic(body.broker)}
    return page(request, "desk/broker.html", values, status=422 if wrong else 200)


def _reasons(request: Request, slug: str, reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    return [
        {"refusal": one.refusal, "key": one.key, "mend": refusals.mend(request, one.refusal, slug, one.key)}
        for one in reasons
        if not one.kept
    ]


def kept(request: Request, slug: str, declared: Broker | None) -> Access:
    """What is kept for this broker; nothing of what was given for another one."""
    try:
        secret = request.parts.chosen.secret
        return access.access(secret, request.slug, slug, declared) if declared else Access()
    except Broken:
        return Access()


def _given(request: Request, slug: str, declared: Broker) -> Access:
    """What was typed; an empty field of what is never shown again keeps what was given before."""
    if request.POST.get("do") == "forget":
        return Access(place=declared.place)
    before = kept(request, slug, declared)
    typed = {name: str(request.POST.get(name, "")).strip()[:LONGEST] for name in ("user", "authority", "certificate")}
    hidden = {name: str(request.POST.get(name, ""))[:LONGEST].strip("\r\n") for name in ("password", "key")}
    return Access(
        place=declared.place,
        password=hidden["password"] or (before.password if typed["user"] == before.user else ""),
        key=hidden["key"] or (before.key if typed["certificate"] == before.certificate else ""),
        **typed,
    )


def topic(declared: Broker) -> str:
    """A topic this source listens to, as an example."""
    wanted = declared.parts or (declared.topics[0] if declared.topics else "town/hall/co2")
    levels = ("hall" if "{" in one or one in {"+", "#"} else one for one in wanted.split("/"))
    return "/".join(levels)


def paste(request: Request, slug: str, body: Source, given: Access) -> dict[str, str]:
    """Lines for the other side: a trial, the settings of Mosquitto, a bridge from another Mosquitto."""
    declared = body.broker or Broker(host="mqtt.example")
    user, topics = given.user or "bocage", declared.topics or ("town/#",)
    return {
        "trial": _trial(declared, user, message(request, slug, body)),
        "settings": "persistence true\nmax_inflight_messages 500\nmax_queued_messages 1000000\n",
        "list": "\n".join([f"user {user}", *(f"topic read {one}" for one in topics)]),
        "bridge": "\n".join(
            [
                f"connection {request.slug}",
                f"address {declared.place}",
                *(f"topic {one} out 1" for one in topics),
                "cleansession false",
                *(["bridge_capath /etc/ssl/certs"] if declared.tls else []),
                "remote_username …",
                "remote_password …",
            ]
        ),
    }


def _trial(declared: Broker, user: str, message: str) -> str:
    parts = ["mosquitto_pub", "-h", declared.host, "-p", str(declared.door)]
    parts += ["--capath", "/etc/ssl/certs"] if declared.tls else []
    parts += ["-u", user, "-P", "…", "-q", "1", "-t", topic(declared), "-m", message]
    return shlex.join(parts).replace("'…'", "…")


def message(request: Request, slug: str, body: Source) -> str:
    """A message as this source reads it."""
    if body.broker and body.broker.payload is Payload.VALUE:
        return "612"
    now, keys = request.parts.clock(), sorted(key for held, key in facts_of(request).keys if held == slug)
    at = iso(to_ms(now))
    if body.plugin in _TABLES:
        return sample.table(body.mapping, keys, now)
    if body.plugin in sending.SENT:
        said: Any = sending.SENT[body.plugin](request, slug, at)
    elif body.plugin == "sensorthings":
        said = {"phenomenonTime": at, "result": sample.VALUE, **_stream(request, slug)}
    elif body.plugin == "bocage-json" or not body.mapping.series:
        said = {"datastream": (keys or ["hall-co2"])[0], "time": at, "result": sample.VALUE}
    else:
        parts = frozenset(Naming(body.broker.parts).names) if body.broker else frozenset()
        said = sample.within(body.mapping.rows, sample.row(body.mapping, keys, now, parts))
    return msgspec.json.encode(said).decode()


def _stream(request: Request, slug: str) -> dict[str, Any]:
    """The first series of a source, as an observation names it."""
    numbers = sorted(one.id for one in facts_of(request).all(Datastream).values() if one.source == slug)
    return {"Datastream": {"@iot.id": numbers[0]}} if numbers else {}
