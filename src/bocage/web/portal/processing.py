"""What measurements are for: every purpose, and the register of processing activities where persons are concerned."""

from django.http import HttpResponse

from bocage.domain.purpose import Purpose
from bocage.evidence import retention
from bocage.evidence.retention import Proof
from bocage.publish.processing import register
from bocage.registers import opinions
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.request import Request


def processing(request: Request, territory: str) -> HttpResponse:
    """The purposes that run, those that concern persons first."""
    found = register(known(request).facts)
    proofs: dict[str, Proof] = {}
    for proof in retention.proofs(request.slug):
        proofs.setdefault(proof.purpose, proof)
    return page(
        request,
        "portal/processing.html",
        {
            "personal": [item for item in found if item.purpose.personal is not False],
            "proofs": proofs,
            "opinions": {slug: one for (_kind, slug), one in opinions.newest(request.slug, (Purpose.kind,)).items()},
            "others": [item for item in found if item.purpose.personal is False],
        },
    )
