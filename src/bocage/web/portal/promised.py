"""What is promised, for programs: each promise with its standing, what was found, how that is known, since when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpResponse

from bocage import evidence, words
from bocage.commitments import untold
from bocage.domain.decision import Finding
from bocage.evidence import Kept
from bocage.publish.certificate.checking import outcome
from bocage.publish.certificate.versions import version
from bocage.web.portal.knowledge import known, titles
from bocage.web.request import Request


def promised(request: Request, territory: str) -> HttpResponse:
    """All of them as JSON. Levels of evidence stand side by side, and there is no score.

    What nobody outside is told of has no name here either: sentences name things as the pages do.
    """
    names = titles(known(request), request.lang)
    found = evidence.commitments(request.slug, request.parts.clock())
    body = {"promises": [_of(one, request.lang, names) for one in found], "untold": untold()}
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


def _of(item: Kept, lang: str, names: Mapping[str, str]) -> dict[str, Any]:
    promise = item.promise
    return {
        "code": promise.code,
        "number": promise.number,
        "title": words.translate(promise.title, lang),
        "why": words.translate(promise.why, lang),
        "standing": item.standing,
        "outcome": outcome(item.standing, mend=bool(item.to_mend)),
        "version": version(promise),
        "reason": words.reason(item.stands, lang),
        "kept": not item.to_mend,
        "since": item.since,
        "evidence": item.levels,
        "refused": item.refused,
        "effect": promise.effect,
        "gates": [moment.value for moment in promise.gates],
        "duties": [words.translate(duty.name, lang) for duty in promise.duties],
        "findings": [_finding(one, since, lang, names) for one, since in zip(item.findings, item.sinces, strict=True)],
    }


def _finding(finding: Finding, since: datetime | None, lang: str, names: Mapping[str, str]) -> dict[str, Any]:
    said = words.sentence(finding, lang, names=names)
    return {
        "code": finding.code,
        "kept": finding.kept,
        "evidence": finding.evidence,
        "since": since,
        "what": said.what,
        "why": said.why,
        "to_do": said.way_out,
    }
