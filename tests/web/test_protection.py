"""Personal data at the desk: the clock of a violation, the days of a request, what persons are told, who may not."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.test import Client

from bocage import civic, registers, sensing
from bocage.domain.declaration import Key
from bocage.domain.purpose import Collected, Information, LegalBasis
from bocage.domain.role import RoleName
from bocage.domain.text import Text

from .world import AT, HERE, World, purpose

DESK = f"/{HERE}/desk/protection"
NEW = f"{DESK}/requests/new"
VIOLATION = f"/{HERE}/desk/registers/violation/new"
TODAY = AT.astimezone(ZoneInfo("Europe/Paris")).date().isoformat()
ASKED = {
    "right": "objection",
    "channel": "counter",
    "identity": "certain",
    "received": TODAY,
    "purpose": "aerer",
    "name": "Dominique Martin",
    "reach": "12 rue des Haies",
    "words": "Je ne veux plus.",
}


def officer(world: World) -> Client:
    return world.sign_in(RoleName.DPO, email="dpo@ville.example")


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u202f", " ").replace("\u00a0", " ")


def concerned(world: World, basis: LegalBasis = LegalBasis.PUBLIC_TASK) -> None:
    body = msgspec.structs.replace(purpose(), personal=True, legal_basis=basis)
    world.put("purpose", "aerer", body, 1)


def test_the_officer_records_a_violation_and_sees_its_clock(world: World) -> None:
    browser = officer(world)
    assert "Aucune violation n’est consignée" in text(browser.get(DESK))
    sent = {"slug": "envoi", "title.fr": "Fichier envoyé à un autre", "aware": TODAY, "danger": "risk"}
    assert browser.post(VIOLATION, sent).status_code == 302
    shown = text(browser.get(DESK))
    assert "Fichier envoyé à un autre" in shown
    assert "reste" in shown
    assert "CNIL à prévenir" in shown
    mended = text(browser.get(f"/{HERE}/desk/promises"))
    assert "1 presse" in mended
    assert "Violations de données dont la CNIL reste à prévenir : 1." in mended
    assert f'href="{DESK}"' in mended


def test_after_72_hours_the_clock_says_that_it_is_late_and_nobody_outside_reads_which(world: World) -> None:
    browser, early = officer(world), (AT - timedelta(days=5)).date().isoformat()
    browser.post(VIOLATION, {"slug": "envoi", "title.fr": "Fichier perdu", "aware": early, "danger": "risk"})
    assert "dépassées de" in text(browser.get(DESK))
    public = text(Client(HTTP_HOST="localhost").get(f"/{HERE}/promises/gdpr_33_violations"))
    assert "n’a pas été prévenue à temps : 1" in public
    assert "envoi" not in public
    assert "Fichier perdu" not in public
    assert Client(HTTP_HOST="localhost").get(f"/{HERE}/registers/violation").status_code == 404


def test_a_request_at_the_counter_is_entered_and_its_month_counted(world: World) -> None:
    concerned(world)
    browser = officer(world)
    answer = browser.post(NEW, ASKED, follow=True)
    shown = text(answer)
    assert "Réponse due au plus tard le" in shown
    assert "s’applique, avec des limites" in shown
    assert "Motifs légitimes et impérieux" in shown
    assert "Aucun des six cas d’effacement" not in shown
    assert "Dominique Martin" in text(browser.get(DESK))


def test_a_refusal_without_its_ground_its_reasons_or_where_to_complain_is_not_recorded(world: World) -> None:
    concerned(world)
    browser = officer(world)
    browser.post(NEW, ASKED)
    refused = {"outcome": "refused", "ground": "compelling", "reply": "Non.", "complaint": "yes"}
    for changed, said in (
        ({"ground": ""}, "au moins un motif"),
        ({"ground": "task"}, "au moins un motif"),  # a ground against erasure
        ({"reply": ""}, "les raisons"),
        ({"complaint": ""}, "réclamation à la CNIL"),
        ({"outcome": ""}, "ce qui est répondu"),
    ):
        answer = browser.post(f"{DESK}/requests/1/act", {"do": "answer", "day": TODAY, **refused, **changed})
        assert answer.status_code == 422
        assert said in text(answer)
    assert civic.find(HERE, 1).open


def test_a_refusal_is_recorded_taken_back_answered_and_what_names_the_person_erased(world: World) -> None:
    concerned(world)
    browser, act = officer(world), f"{DESK}/requests/1/act"
    browser.post(NEW, ASKED)
    refused = {"outcome": "refused", "ground": "compelling", "reply": "Le comptage sert à aérer.", "complaint": "yes"}
    assert browser.post(act, {"do": "answer", "day": TODAY, **refused}).status_code == 302
    assert text(browser.get(f"{DESK}/requests/1")).count("Motifs légitimes et impérieux") == 1
    browser.post(act, {"do": "reopen"})
    assert civic.find(HERE, 1).open
    browser.post(act, {"do": "answer", "day": TODAY, "outcome": "followed"})
    browser.post(act, {"do": "erase"})
    kept = civic.find(HERE, 1)
    assert (kept.name, kept.reach, kept.words, kept.reply) == ("", "", "", "")
    assert kept.outcome is civic.Outcome.FOLLOWED
    assert "Dominique" not in text(browser.get(f"{DESK}/requests/1"))


def test_an_extension_is_told_within_the_month_with_its_reason(world: World) -> None:
    concerned(world)
    browser, act = officer(world), f"{DESK}/requests/1/act"
    browser.post(NEW, {**ASKED, "received": (AT - timedelta(days=20)).date().isoformat()})
    assert browser.post(act, {"do": "extend", "told": TODAY}).status_code == 422
    browser.post(act, {"do": "extend", "told": TODAY, "reason": "Beaucoup de demandes."})
    assert civic.find(HERE, 1).due > (AT + timedelta(days=60)).date()
    browser.post(NEW, {**ASKED, "received": (AT - timedelta(days=40)).date().isoformat()})
    late = f"{DESK}/requests/2/act"
    assert browser.post(late, {"do": "extend", "told": TODAY, "reason": "Trop tard."}).status_code == 422
    assert "en retard" in text(browser.get(DESK))
    assert _found("gdpr_12_requests") == [("late", False)]
    browser.post(late, {"do": "answer", "day": TODAY, "outcome": "nothing"})
    assert _found("gdpr_12_requests") == [("kept", True)]


def _found(promise: str) -> list[tuple[str, bool]]:
    """What everyone reads of a promise."""
    told = Client(HTTP_HOST="localhost").get(f"/{HERE}/promises.json").json()["promises"]
    return [(one["code"], one["kept"]) for said in told if said["code"] == promise for one in said["findings"]]


def test_what_is_no_request_is_shown_again_with_what_is_expected(world: World) -> None:
    browser = officer(world)
    for changed, said in (
        ({"name": ""}, "qui demande"),
        ({"right": "forget"}, "quel droit"),
        ({"received": "2999-01-01"}, "un jour déjà venu"),
        ({"purpose": "ailleurs"}, "un des traitements"),
    ):
        answer = browser.post(NEW, {**ASKED, **changed})
        assert answer.status_code == 422
        assert said in text(answer)
    assert civic.listed(HERE) == []


def test_nobody_else_reads_or_answers_requests(world: World) -> None:
    civic.enter(HERE, _entered(), civic.Doing(account="x", at=AT, today=AT.date()))
    browser = world.sign_in(*(role for role in RoleName if role is not RoleName.DPO))
    assert browser.get(f"{DESK}/requests/1").status_code == 403
    assert browser.post(f"{DESK}/requests/1/act", {"do": "erase"}).status_code == 403
    assert browser.post(f"{DESK}/held", {"asked": "Martin"}).status_code == 403
    assert "Martin" not in text(browser.get(DESK))


def _entered() -> civic.Entered:
    from bocage.domain.person_right import PersonRight

    return civic.Entered(
        right=PersonRight.ACCESS,
        channel=civic.Channel.LETTER,
        identity=civic.Identity.SEEN,
        received=AT.date() - timedelta(days=1),
        name="Dominique Martin",
        reach="dominique@ailleurs.example",
    )


def test_a_copy_tells_all_that_is_held_of_a_person_and_nothing_of_another(world: World) -> None:
    world.sign_in(RoleName.AGENT, email="camille@ville.example")
    civic.enter(HERE, _entered(), civic.Doing(account="x", at=AT, today=AT.date()))
    browser = officer(world)
    copy = browser.post(f"{DESK}/held", {"asked": "camille@ville.example", "form": "json"}).json()[0]
    assert {"declarations", "account", "sessions"} <= set(copy["parts"])
    assert copy["parts"]["declarations"][0]["value"] == "camille@ville.example"
    assert "requests" not in copy["parts"]
    shown = text(browser.post(f"{DESK}/held", {"asked": "dominique@ailleurs.example"}))
    assert "Demandes sur ses données" in shown
    assert "camille" not in shown
    assert "Rien n’est détenu" in text(browser.post(f"{DESK}/held", {"asked": "personne@ailleurs.example"}))


def test_a_name_is_found_whatever_its_capitals_and_accents(world: World) -> None:
    world.sign_in(RoleName.AGENT, email="agent@çélodie.example")
    copy = officer(world).post(f"{DESK}/held", {"asked": "ÇÉLODIE", "form": "json"}).json()[0]
    assert copy["parts"]["declarations"][0]["value"] == "agent@çélodie.example"


def test_whoever_has_an_account_takes_a_copy_of_what_is_held_of_them(world: World) -> None:
    agent = world.sign_in(RoleName.AGENT, email="camille@ville.example")
    [copy] = agent.get("/account/copy.json").json()
    assert copy["territory"] == HERE
    assert copy["parts"]["account"][0]["email"] == "camille@ville.example"
    assert Client(HTTP_HOST="localhost").get("/account/copy.json").status_code == 302


def test_the_copy_of_an_account_holds_nothing_of_whose_address_ends_or_begins_alike(world: World) -> None:
    for reach in ("marie-camille@ville.example", "camille@ville.example.org"):
        asked = msgspec.structs.replace(_entered(), reach=reach)
        civic.enter(HERE, asked, civic.Doing(account="x", at=AT, today=AT.date()))
    agent = world.sign_in(RoleName.AGENT, email="camille@ville.example")
    assert "Dominique" not in text(agent.get("/account/copy.json"))
    mine = msgspec.structs.replace(_entered(), name="Camille", reach="Écrire à Camille@ville.example.")
    civic.enter(HERE, mine, civic.Doing(account="x", at=AT, today=AT.date()))
    [copy] = agent.get("/account/copy.json").json()
    assert [one["name"] for one in copy["parts"]["requests"]] == ["Camille"]


def test_measurements_of_a_person_are_erased_at_their_request_and_those_of_nobody_are_not(world: World) -> None:
    world.keep(1, [400.0, 410.0, 420.0])
    browser, address = officer(world), f"/{HERE}/desk/datastreams/co2-salle-1/erase"
    assert browser.get(address).status_code == 404
    concerned(world)
    assert "3 mesures" in text(browser.get(address))
    assert browser.post(address, {"until": "2999-01-01"}).status_code == 422
    assert world.sign_in(RoleName.DATA_ADMINISTRATOR).post(address, {"until": TODAY}).status_code == 403
    assert browser.post(address, {"until": TODAY}).status_code == 302
    assert not any(extent.count for extent in world.parts.store.extent([1]))
    assert "Dernier effacement" in text(Client(HTTP_HOST="localhost").get(f"/{HERE}/processing"))


def test_the_notice_of_a_purpose_says_what_is_declared_and_what_lacks(world: World) -> None:
    public = Client(HTTP_HOST="localhost")
    address = f"/{HERE}/processing/aerer"
    assert public.get(address).status_code == 404  # nobody is concerned
    concerned(world)
    lacking = text(public.get(address))
    assert "Tout n’est pas encore déclaré" in lacking
    assert "Portabilité" in lacking.partition("ne s’appliquent pas")[2]
    told = Information(
        persons=Text(fr="Élèves", en="Pupils"),
        data=Text(fr="Présence", en="Presence"),
        collected=Collected.ELSEWHERE,
        origin=Text(fr="Écoles", en="Schools"),
        automated=False,
    )
    body = msgspec.structs.replace(purpose(), personal=True, legal_basis=LegalBasis.PUBLIC_TASK, information=told)
    world.put("purpose", "aerer", body, 2)
    assert "Pupils" in text(public.get(f"{address}?lang=en"))
    entry = public.get(f"/{HERE}/processing.json?lang=en").json()["processing"][0]
    assert (entry["persons"], entry["not_said"], entry["security"]) == ("Pupils", [], None)


def test_who_may_not_see_violations_reads_of_none_in_no_register(world: World) -> None:
    officer(world).post(VIOLATION, {"slug": "envoi", "title.fr": "Fichier perdu", "aware": TODAY, "purposes": "aerer"})
    assert registers.find(Key(territory=HERE, kind="violation", slug="envoi")).body.purposes == ("aerer",)
    places = (
        "registers",
        "registers/violation",
        "registers/violation/envoi",
        "registers/purpose/aerer",
        "search?q=perdu",
    )
    for role in (RoleName.AGENT, RoleName.STEWARD, RoleName.CONTRACTOR):
        browser = world.sign_in(role, email=f"{role}@ville.example")
        for place in places:
            assert "Fichier perdu" not in text(browser.get(f"/{HERE}/desk/{place}"))
    decider = world.sign_in(RoleName.DECIDER, email="elue@ville.example")
    assert "Fichier perdu" in text(decider.get(f"/{HERE}/desk/registers/purpose/aerer"))


def test_a_restriction_holds_a_series_back_everywhere_until_the_person_is_told_and_it_is_lifted(world: World) -> None:
    concerned(world)
    [stream] = sensing.all(HERE, "datastream")
    world.keep(stream.id, [612.0, 640.0])
    browser = officer(world)
    browser.post(NEW, {**ASKED, "right": "restriction"})
    act = f"{DESK}/requests/1/act"
    browser.post(act, {"do": "answer", "outcome": "followed", "day": TODAY})
    asked = {"do": "restrict", "case": "accuracy", "series": "co2-salle-1"}
    assert browser.post(act, {**asked, "case": ""}).status_code == 422
    assert browser.post(act, asked).status_code == 302
    page = text(browser.get(f"/{HERE}/desk/datastreams/co2-salle-1"))
    assert "Conservée sans être utilisée" in page
    assert "640" not in page
    assert "conservée, non utilisée" in text(browser.get(f"/{HERE}/desk/things"))
    assert not len(world.parts.store.latest([stream.id]))
    assert text(browser.get(f"/{HERE}/processing")).count("est conservée sans être utilisée") == 1
    assert browser.get(f"/{HERE}/processing.json").json()["restricted_series"] == 1
    assert browser.get(f"/{HERE}/desk/datastreams/co2-salle-1/erase").status_code == 409
    assert "1 série conservée sans être utilisée" in text(browser.get(DESK))
    assert browser.post(act, {"do": "lift"}).status_code == 422
    assert browser.post(act, {"do": "lift", "told": TODAY}).status_code == 302
    assert len(world.parts.store.latest([stream.id])) == 1
    assert "Levée" not in text(browser.get(f"/{HERE}/processing"))
    assert browser.get(f"/{HERE}/processing.json").json()["restricted_series"] == 0


def test_an_extension_told_in_time_is_recorded_later_on_its_own_day(world: World) -> None:
    browser = officer(world)
    browser.post(NEW, {**ASKED, "received": (AT - timedelta(days=40)).date().isoformat()})
    assert "Prolonger de deux mois" in text(browser.get(f"{DESK}/requests/1"))
    told = {"do": "extend", "told": (AT - timedelta(days=20)).date().isoformat(), "reason": "Beaucoup de dossiers"}
    assert browser.post(f"{DESK}/requests/1/act", {**told, "told": TODAY}).status_code == 422
    assert browser.post(f"{DESK}/requests/1/act", told).status_code == 302
    assert "en retard" not in text(browser.get(f"{DESK}/requests/1"))
