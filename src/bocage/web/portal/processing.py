"""What measurements are for: every purpose, the register of processing activities, what persons are told."""

import msgspec
from django.http import HttpResponse

from bocage import civic, words
from bocage.accounts.rights import Right, may
from bocage.commitments import gdpr_13_information
from bocage.domain.errors import Missing
from bocage.domain.person_right import Extent, PersonRight, extent
from bocage.domain.purpose import Collected, LegalBasis, Purpose
from bocage.evidence import retention
from bocage.evidence.retention import Proof
from bocage.publish import article_30, processed_for
from bocage.publish.processing import processing as processing_of
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
            "restricted": len(civic.running(request.slug)),
            "opinions": {slug: one for (_kind, slug), one in opinions.newest(request.slug, (Purpose.kind,)).items()},
            "for_others": processed_for.processed_for(known(request).facts),
            "unplaced": processed_for.unplaced(known(request).facts),
            "contacts": _sees_contacts(request),
            "others": [item for item in found if item.purpose.personal is False],
        },
    )


def file(request: Request, territory: str) -> HttpResponse:
    """The register of article 30 as JSON, in the language asked for."""
    facts = known(request).facts
    here = facts.territory
    body = {
        "territory": here.title.read(request.lang)[0] if here else territory,
        "contact": here.contact.read(request.lang)[0] if here and here.contact else None,
        "data_protection_officer": here.officer.read(request.lang)[0] if here and here.officer else None,
        "restricted_series": len(civic.running(territory)),
        "processing": article_30.document(
            register(facts), request.lang, lambda message: words.translate(message, request.lang)
        ),
        "processed_for_others": processed_for.document(facts, request.lang, contacts=_sees_contacts(request)),
    }
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


def _sees_contacts(request: Request) -> bool:
    """Whether this reader may see addresses of organisations, which may name a person."""
    return may(request.actor, Right.READ_REGISTERS, request.slug)


def information(request: Request, territory: str, purpose: str) -> HttpResponse:
    """What persons are told of one purpose (GDPR 13, 14): declared facts only, and what nobody has said yet."""
    facts = known(request).facts
    body = facts.one(Purpose, purpose)
    if body is None or body.personal is False:
        raise Missing("a purpose that concerns persons", purpose)
    rights = [(one, extent(one, body.legal_basis)) for one in PersonRight] if body.legal_basis else []
    values = {
        "item": processing_of(facts, purpose, body),
        "told": body.information,
        "elsewhere": body.information.collected is Collected.ELSEWHERE,
        "consent": body.legal_basis is LegalBasis.CONSENT,
        "rights": [pair for pair in rights if pair[1] is not Extent.NONE],
        "without": [pair[0] for pair in rights if pair[1] is Extent.NONE],
        "limited": Extent.LIMITED,
        "unreachable": gdpr_13_information.unreachable(facts.territory),
    }
    return page(request, "portal/information.html", values)
