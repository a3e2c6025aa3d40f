"""Giving a codec: pasted or uploaded, tried on examples, kept once it reads them."""

import hashlib
from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, registers, words
from bocage.accounts.rights import may_begin
from bocage.domain.codec import LONGEST, Codec, plain
from bocage.domain.declaration import Key
from bocage.domain.errors import Conflict, Invalid, Missing, Refused
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.web import errors
from bocage.web.desk import undoing
from bocage.web.desk.conflict import compared
from bocage.web.desk.lorawan import trying
from bocage.web.desk.lorawan.source import forget, reached
from bocage.web.desk.lorawan.trying import Tried
from bocage.web.desk.reach import facts_of
from bocage.web.desk.registers import Held
from bocage.web.desk.registers import held as held_now
from bocage.web.forms.slugs import free
from bocage.web.page import page, say
from bocage.web.request import Request

ROWS: Final = 3  # examples a form offers at least


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed: title, script, devices and the rest by name, the examples, and what is wrong by field."""

    typed: dict[str, str]
    examples: list[Tried]
    errors: dict[str, str] = {}
    refused: Refused | None = None
    asked: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256 of the script."""
        return hashlib.sha256(self.typed["script"].encode()).hexdigest()

    @property
    def fails(self) -> bool:
        """Whether an example could not be read."""
        return any(one.fails for one in self.examples)


def write(request: Request, territory: str, source: str, codec: str = "") -> HttpResponse:
    """The form of a new codec, or of one that is in force; trying it; keeping it."""
    body = reached(request, source)
    if not may_begin(request.actor, territory, Codec.kind):
        return errors.forbidden(request)
    held = _held(request, source, codec) if codec else None
    if request.method != "POST":
        frames = [frame for _path, frame in request.parts.intake.quarantine.frames(territory, source)]
        draft = _begun(held, trying.waiting(request, source, body, frames))
        return _show(request, source, held, _run(request, source, draft) if held else draft)
    draft = _sent(request)
    if not draft.errors:
        draft = _run(request, source, draft)
    do = str(request.POST.get("do", "try"))
    if do == "try" or draft.errors or (draft.fails and do != "anyway"):
        return _show(request, source, held, msgspec.structs.replace(draft, asked=do == "keep"))
    return _keep(request, source, held, draft)


def _held(request: Request, source: str, slug: str) -> Held:
    held = held_now(request.slug, Codec.kind, slug)
    if held is None or not isinstance(held.body, Codec) or held.body.source != source:
        raise Missing(f"codec/{slug}")
    return held


def _begun(held: Held | None, waiting: list[Tried]) -> Draft:
    """What stands, or an empty form; with the bytes that wait to be read as examples."""
    codec = held.body if held else None
    if not isinstance(codec, Codec):
        return Draft(typed=dict.fromkeys(("title", "script", "devices", "origin", "licence"), ""), examples=waiting)
    typed = {
        "title": codec.title.fr,
        "script": codec.script,
        "devices": "\n".join(codec.devices),
        "origin": codec.origin,
        "licence": codec.licence,
    }
    kept = [Tried(payload=one.payload, port=str(one.port)) for one in codec.examples]
    known = {(one.payload, one.port) for one in kept}
    fresh = [one for one in waiting if (one.payload, one.port) not in known]
    return Draft(typed=typed, examples=[*kept, *fresh][: trying.MOST])


def _sent(request: Request) -> Draft:
    names = ("title", "script", "devices", "origin", "licence")
    typed = {name: str(request.POST.get(name, "")).replace("\r\n", "\n").strip() for name in names}
    wrong: dict[str, str] = {}
    given = request.FILES.get("file")
    if given is not None:
        typed["script"] = _script(given.read(4 * LONGEST + 1), wrong)
        typed["origin"] = typed["origin"] or str(given.name)[:200]
    if not typed["script"] and not wrong:
        wrong["script"] = _("Paste the script of the vendor, or choose its file.")
    elif len(typed["script"]) > LONGEST:
        wrong["script"] = _("A script of 400,000 characters at most.")
    if not typed["title"]:
        wrong["title"] = _("This is required.")
    examples = trying.typed(request.POST)
    return Draft(typed=typed, examples=examples, errors=wrong)


def _script(content: bytes, wrong: dict[str, str]) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").strip()
    except UnicodeDecodeError:
        wrong["script"] = _("A text file (UTF-8) was expected.")
        return ""


def _run(request: Request, source: str, draft: Draft) -> Draft:
    examples = trying.tried(request, source, draft.typed["script"], draft.digest, draft.examples)
    return msgspec.structs.replace(draft, examples=examples)


def _codec(source: str, draft: Draft, held: Held | None) -> Codec:
    before = held.body if held and isinstance(held.body, Codec) else None
    title = Text(fr=draft.typed["title"], en=before.title.en if before else "")
    return msgspec.convert(
        {
            "title": msgspec.to_builtins(title),
            "source": source,
            "script": draft.typed["script"],
            "devices": [number for one in draft.typed["devices"].split() if (number := plain(one))],
            "origin": draft.typed["origin"][:500],
            "licence": draft.typed["licence"][:200],
            "examples": [msgspec.to_builtins(trying.example(one)) for one in draft.examples if not one.wrong],
        },
        Codec,
    )


def _keep(request: Request, source: str, held: Held | None, draft: Draft) -> HttpResponse:
    body = _codec(source, draft, held)
    slug = held.slug if held else free(body.title.fr, set(facts_of(request).all(Codec)))
    expected = whole(str(request.POST.get("expected", "")), 0) if held else None
    change = registers.Put(key=Key(territory=request.slug, kind=Codec.kind, slug=slug), body=body, expected=expected)
    try:
        _changed, number = evidence.undoable(request.slug, request.actor, [change], request.parts.clock())
    except Refused as refused:
        return _show(request, source, held, msgspec.structs.replace(draft, refused=refused))
    except Invalid as failure:
        wrong = {str(failure.values.get("field", "")): failure.expected}
        return _show(request, source, held, msgspec.structs.replace(draft, errors=wrong))
    except Conflict:
        present = _held(request, source, slug)
        return compared(request, body, present, reverse("desk.codec", args=[request.slug, source, slug]))
    if not request.parts.intake.quarantine.frames(request.slug, source):
        forget(request, source)
    here = reverse("desk.lorawan", args=[request.slug, source])
    said = words.translate(_("Kept. It reads the next frame; what waits can be read again below."), request.lang)
    say(request, said, undo=undoing.address(request, number, here))
    return HttpResponseRedirect(f"{here}#waiting")


def _show(request: Request, source: str, held: Held | None, draft: Draft) -> HttpResponse:
    spare = [Tried(payload="", port="1")] * max(1, ROWS - len(draft.examples))
    values: dict[str, Any] = {
        "source": reached(request, source),
        "source_slug": source,
        "held": held,
        "draft": draft,
        "rows": [*draft.examples, *spare][: trying.MOST],
        "device": trying.device(request, source),
        "errors": draft.errors,
        "refusals": draft.refused.refusals if draft.refused else (),
        "expected": request.POST.get("expected", held.version if held else 0),
    }
    bad = draft.errors or draft.refused or (draft.asked and draft.fails)
    return page(request, "desk/lorawan/codec.html", values, status=422 if bad else 200)
