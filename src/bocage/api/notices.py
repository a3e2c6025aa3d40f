"""What the public is told of sensors, for programs and for printers: the DTPR chain as JSON, signs as PDF."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage.api.asking import known_of
from bocage.api.conditions import printed, shared
from bocage.api.parts import Parts
from bocage.domain.errors import Invalid, Missing
from bocage.domain.text import message as _
from bocage.publish import chain, dtpr, hanging, sign
from bocage.publish.knowledge import Known
from bocage.publish.notice import Notice, notice_of
from bocage.publish.paper import Sheet
from bocage.publish.processing import Named, Processing
from bocage.relational import in_thread

MOST = 200  # signs in one document
DTPR = "v1"


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""
    place = "/api/{territory}/notices"
    return [
        Route(place + ".pdf", _bound(parts, signs), name="api.signs"),
        *(Route(place + end, _bound(parts, listed), name="api.notices") for end in (".json", "")),
        Route(place + "/{notice}.json", _bound(parts, described), name="api.notice"),
        Route(place + "/{notice}.pdf", _bound(parts, sign_), name="api.sign"),
    ]


def _bound(parts: Parts, answer: Any) -> Any:
    async def endpoint(request: Request) -> Response:
        response: Response = await answer(parts, request)
        return response

    return endpoint


async def listed(parts: Parts, request: Request) -> Response:
    """Every notice with the things it stands for; and what stands in public space without one."""

    def told() -> dict[str, Any]:
        known = known_of(parts, request.path_params["territory"])
        place = f"/{known.facts.slug}"
        return {
            "notices": [
                {"notice": one.slug, "title": one.notice.title, "things": [name for name, _thing in one.things],
                 "page": f"{place}/notices/{one.slug}", "json": f"/api{place}/notices/{one.slug}.json"}
                for one in hanging.hung(known)
            ],
            "without": [{"thing": slug, "title": thing.title} for slug, thing in hanging.without(known)],
        }  # fmt: skip

    return _json(request, await in_thread(told))


async def described(parts: Parts, request: Request) -> Response:
    """The whole chain of one notice."""

    def told() -> dict[str, Any]:
        known = known_of(parts, request.path_params["territory"])
        return document(known, notice_of(known, request.path_params["notice"]), parts.public_url)

    return _json(request, await in_thread(told))


async def sign_(parts: Parts, request: Request) -> Response:
    """The sign of one notice. `size` a4 (as it is) or a5; `lang` fr, or fr and two others; `thing`: named on it."""

    def ready() -> Sheet:
        known, asked = known_of(parts, request.path_params["territory"]), request.query_params
        languages = [lang.strip() for lang in asked.get("lang", "").split(",") if lang.strip()]
        slug, thing = request.path_params["notice"], asked.get("thing", "")
        one = sign.sign_of(known, slug, languages, parts.public_url, thing)
        return sign.sheet(known, [one], _size(request), parts.public_url)

    return await _printed(parts, request, await in_thread(ready), request.path_params["notice"])


async def signs(parts: Parts, request: Request) -> Response:
    """The signs of a `service`, of a `place`, or all: one for each thing, A5 ones two by two on A4."""

    def ready() -> Sheet:
        known, asked = known_of(parts, request.path_params["territory"]), request.query_params
        wanted = hanging.chosen(hanging.hung(known), service=asked.get("service", ""), place=asked.get("place", ""))
        if not wanted:
            raise Missing(_("signs to print"))
        if len(wanted) > MOST:
            raise Invalid(_("at most {most} signs at once: choose a service or a place"), str(len(wanted)), most=MOST)
        found = [sign.sign_of(known, slug, (), parts.public_url, thing) for slug, thing in wanted]
        return sign.sheet(known, found, _size(request), parts.public_url)

    return await _printed(parts, request, await in_thread(ready), "affichettes")


def _size(request: Request) -> sign.Size:
    try:
        return sign.Size.of(request.query_params.get("size", "a4").lower())
    except ValueError as error:
        raise Invalid(_("a size: a4 or a5"), request.query_params["size"][:20]) from error


async def _printed(parts: Parts, request: Request, sheet: Sheet, name: str) -> Response:
    headers = {
        "Content-Language": ",".join(sign.languages_of(sheet)),
        "Content-Disposition": f'inline; filename="{request.path_params["territory"]}-{name}.pdf"',
    }
    return await printed(parts.press, request, sheet, headers)


def _json(request: Request, body: dict[str, Any]) -> Response:
    return shared(request, msgspec.json.encode(body), "application/json")


def document(known: Known, notice: Notice, public_url: str) -> dict[str, Any]:
    """The chain as JSON: links in the order of DTPR, each with its terms and with what runs behind it."""
    declared, territory = notice.declared, known.facts.slug
    behind = _behind(notice)
    links = [
        {
            "category": link,
            "name": category.name,
            "elements": [{"id": one.id, "name": one.name, "about": one.about} for one in notice.terms.get(link, ())],
            **behind.get(link, {}),
        }
        for link in chain.FIELDS
        if (category := dtpr.category(link))
    ]
    address = sign.address(public_url, territory, notice.slug) if public_url else ""
    return {
        "territory": territory,
        "notice": notice.slug,
        "title": declared.title if declared else None,
        "why": declared.why if declared else None,
        "translations": declared.translations if declared else (),
        "things": [{"thing": slug, "title": one.title} for slug, one in notice.things if slug in known.sight.seen],
        "contact": notice.contact,
        "support": declared.support if declared else None,
        "chain": links,
        "page": f"/{territory}/notices/{notice.slug}",
        "address": address,
        "sign": f"/api/{territory}/notices/{notice.slug}.pdf" if address else "",
        "dtpr": {"version": DTPR, "attribution": dtpr.attribution()},
    }


def _behind(notice: Notice) -> dict[str, dict[str, Any]]:
    """What runs behind each link."""
    purposes = notice.purposes
    return {
        "device__tech": {"sensors": _named(notice.sensors)},
        "device__data": {
            "measured": [
                {"property": slug, "title": observed.title, "unit": stream.unit, "nature": stream.nature.value,
                 "cadence_seconds": stream.cadence_seconds}
                for slug, observed, stream in notice.measured
            ],
            "personal": _whether(purposes),
        },
        "device__purpose": {
            "purposes": [
                {"purpose": one.slug, "title": one.purpose.title, "legal_basis": one.purpose.legal_basis,
                 "service": one.service[0] if one.service else ""}
                for one in purposes
            ]
        },
        "device__process": {
            "algorithms": [{"algorithm": slug, "title": one.title, "decides": one.decides, "rule": one.rule}
                           for slug, one in notice.algorithms]
        },
        "device__access": {
            "datasets": [
                {"dataset": one.slug, "title": one.dataset.title, "state": one.state.value,
                 "licence": one.dataset.licence.value}
                for one in notice.publications
            ],
            "operators": _named(_each(one.operators for one in purposes)),
            "recipients": _named(_each(one.recipients for one in purposes)),
        },
        "device__storage": {"hosting": _hosting(purposes)},
        "device__retention": {
            "retention": [
                {"purpose": one.slug, "months": one.purpose.retention_months, "fate": one.purpose.fate}
                for one in purposes
            ]
        },
        "device__accountable": {"organisations": _named(notice.accountable)},
    }  # fmt: skip


def _whether(purposes: tuple[Processing, ...]) -> bool | None:
    """Whether persons are concerned; None while somebody has not said."""
    answers = [one.purpose.personal for one in purposes]
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _hosting(purposes: tuple[Processing, ...]) -> list[dict[str, Any]]:
    sites = {slug: site for one in purposes for slug, site in one.hosting}
    return [
        {"site": slug, "title": site.title, "country": site.country, "certifications": site.certifications}
        for slug, site in sorted(sites.items())
    ]


def _each(several: Any) -> tuple[Named, ...]:
    return tuple(dict(pair for pairs in several for pair in pairs).items())


def _named(pairs: tuple[Named, ...]) -> list[dict[str, Any]]:
    return [{"slug": slug, "title": title} for slug, title in pairs]
