"""The section of the settings about the broker that open measurements are published to."""

from functools import partial
from typing import Any

import msgspec
from django.http import QueryDict

from bocage import words
from bocage.domain.errors import BocageError
from bocage.domain.instance_settings import Publication
from bocage.domain.text import message as _
from bocage.ingest.mqtt import access
from bocage.ingest.mqtt.access import Access
from bocage.ingest.mqtt.state import PUBLICATION
from bocage.ingest.mqtt.trouble import Broken
from bocage.web.forms.field import Drawing, drawn, tree_of
from bocage.web.forms.read import Read, read
from bocage.web.request import Request

PREFIX = "publication."


def section(request: Request, found: Read | None = None) -> dict[str, Any]:
    """What the page shows of it; `found` is what was typed."""
    now = request.parts.chosen.now.publication
    tree = found.tree if found else tree_of(Publication, now)
    said = partial(words.translate, lang=request.lang)
    errors = found.errors if found else {}
    intake = request.parts.intake
    return {
        "publication": now,
        "publication_fields": drawn(
            Publication, tree, Drawing(choices=lambda kind: (), errors=errors, translate=said), PREFIX
        ),
        "publication_errors": errors,
        "publication_access": _kept(request, now),
        "publication_state": intake.brokers.of(*PUBLICATION) if intake is not None and now else None,
    }


def keep(request: Request, sent: QueryDict) -> Read:
    """Keep the broker that was typed, and what opens it; what is wrong with it otherwise."""
    found = read(Publication, sent, prefix=PREFIX)
    if found.body is None:
        return found
    body: Publication = found.body
    before = _kept(request, body)
    user = str(sent.get("publication_user", "")).strip()[:200]
    given = Access(
        place=body.place,
        user=user,
        password=str(sent.get("publication_password", ""))[:1000] or (before.password if user == before.user else ""),
        authority=str(sent.get("publication_authority", "")).strip()[:20_000],
    )
    chosen = request.parts.chosen
    try:
        access.context(msgspec.structs.replace(body, tls=True), given)
        chosen.keep_secret(access.PUBLISHING, msgspec.json.encode(given).decode())
        chosen.choose(msgspec.structs.replace(chosen.now, publication=body))
    except Broken:
        return Read(body=None, errors={"": _("a certificate, whole, with its first and last lines")}, tree=found.tree)
    except BocageError as failure:
        return Read(body=None, errors={"": failure.expected}, tree=found.tree)
    return found


def stop(request: Request) -> None:
    """Publish nothing any more, and forget what opened the broker."""
    chosen = request.parts.chosen
    chosen.choose(msgspec.structs.replace(chosen.now, publication=None))
    chosen.keep_secret(access.PUBLISHING, "")


def _kept(request: Request, body: Publication | None) -> Access:
    """What is kept for this broker; nothing of what was given for another one."""
    if body is None:
        return Access()
    try:
        return access.kept(request.parts.chosen.secret(access.PUBLISHING), body)
    except Broken:
        return Access()
