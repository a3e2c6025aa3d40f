"""The page for the council: what a service measured, cost, was told and has to mend, for whoever may read it."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pypdfium2
import pytest
from tests.web import world as given

from bocage.domain.contract import Contract
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.decision import Refusal, WayOut
from bocage.domain.exception import ReasonedException
from bocage.domain.indicator import Direction, Indicator, Target, UnitCost
from bocage.domain.instant import DAY, day_bounds
from bocage.domain.measure import Aggregate, Measure, Window
from bocage.domain.nature import Nature
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.role import RoleName
from bocage.domain.rule import Comparison, Constant, Rule
from bocage.domain.sensing import Datastream, ObservedProperty, Unit
from bocage.domain.text import Text
from bocage.ingest.refusals import Counted, Refusals

HERE = given.HERE
TODAY = given.AT.astimezone(ZoneInfo("Europe/Paris")).date()
FIRST = TODAY.replace(day=1)
LAST_MONTH = (FIRST - timedelta(days=1)).replace(day=1)
BEFORE = (LAST_MONTH - timedelta(days=1)).replace(day=1)
THIS, THEN = f"{FIRST:%Y-%m}", f"{LAST_MONTH:%Y-%m}"


def address(month: str = THEN, service: str = "ecoles", end: str = "") -> str:
    return f"/{HERE}/desk/council/{service}/{month}{end}"


def plain(text: str) -> str:
    """Without markup, spaces as one types them."""
    told = re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", re.sub(r"<[^>]+>", " ", text))
    return re.sub(r"\s+", " ", told.replace("’", "'").replace("&#39;", "'"))


def read(browser: Any, path: str = "", status: int = 200) -> str:
    answer = browser.get(path or address())
    assert answer.status_code == status, path
    return plain(answer.content.decode())


def days(world: Any, number: int, first: date, values: list[float]) -> None:
    """One value at noon of each day from `first` on."""
    until = datetime(first.year, first.month, first.day, 12, tzinfo=UTC) + timedelta(days=len(values) - 1)
    world.keep(number, values, until=until, step=DAY)


def number(slug: str = "co2-salle-1") -> int:
    from bocage import sensing

    placed = sensing.find(HERE, "datastream", slug)
    assert placed
    return int(placed.entity.id)


def electricity(world: Any, window: Window | None = None, **said: Any) -> None:
    """A series of amounts, with an indicator of it."""
    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.evidence.asked import PutEntity

    stream = Datastream(
        title=Text(fr="Électricité de l'école"),
        thing="ecole",
        observed_property="electricite",
        unit=Unit(symbol="kWh"),
        nature=Nature.AMOUNT,
        source="capteurs",
        key="electricite",
        dataset="air",
        cadence_seconds=86_400,
    )
    puts = [("electricite", ObservedProperty(title=Text(fr="Électricité"))), ("electricite", stream)]
    evidence.change(HERE, OPERATOR, [PutEntity(slug=slug, entity=body) for slug, body in puts], given.AT)
    measure = Measure(datastreams=("electricite",), aggregate=Aggregate.SUM, window=window)
    body = Indicator(title=Text(fr="Électricité de l'école"), service="ecoles", measure=measure, **said)
    world.put("indicator", "electricite", body)


def test_without_indicator_the_series_of_the_service_are_summed_up(world: Any, desk: Any) -> None:
    length = (FIRST - LAST_MONTH).days
    days(world, number(), LAST_MONTH, [600.0] * length)
    days(world, number(), BEFORE, [500.0] * (LAST_MONTH - BEFORE).days)
    page = read(desk)
    assert "Dioxyde de carbone moyenne" in page
    assert "600 ppm incomplet" in page  # the series promises one value an hour
    assert "500 ppm" in page
    assert "En bref : 1 chiffre suivi, aucun coût connu, aucune alerte, rien à corriger" in page


def test_an_indicator_is_compared_with_the_month_before_and_its_target(world: Any, desk: Any) -> None:
    electricity(world, target=Target(direction=Direction.AT_MOST, value=15.0))
    length = (FIRST - LAST_MONTH).days
    days(world, number("electricite"), LAST_MONTH, [10.0] * (length - 1) + [20.0])
    days(world, number("electricite"), BEFORE, [20.0] * (LAST_MONTH - BEFORE).days)
    page = read(desk)
    assert f"objectif atteint {length - 1} jours sur {length}" in page
    assert "% de moins" in page
    assert "Dioxyde" not in page


def test_a_part_of_the_day_is_said_as_people_say_it(world: Any, desk: Any) -> None:
    electricity(world, window=Window(start="08:30", end="18:00"))
    days(world, number("electricite"), LAST_MONTH, [10.0] * (FIRST - LAST_MONTH).days)
    assert "total, entre 8 h 30 et 18 h" in read(desk)


def test_costs_stand_side_by_side_with_how_each_is_known(world: Any, desk: Any) -> None:
    electricity(world, unit_cost=UnitCost(euros=0.25, source=Text(fr="Contrat de fourniture, janvier.")))
    length = (FIRST - LAST_MONTH).days
    days(world, number("electricite"), LAST_MONTH, [10.0] * length)
    contract = Contract(
        title=Text(fr="Entretien"), number="1", amount=1200.0, starts=LAST_MONTH, months=12, services=("ecoles",)
    )
    world.put("contract", "entretien", contract)
    page = read(desk)
    euros = f"{length * 10 * 0.25:.2f}".replace(".", ",")
    assert f"Calculé : total mesuré, prix déclaré {euros} €" in page
    assert "à 0,25 € l'unité, prix déclaré : contrat de fourniture, janvier" in page
    assert f"contrat : {length} jours sur" in page
    assert "Des coûts qui ne sont pas connus de la même façon ne s'additionnent pas." in page
    assert f"{euros} € calculés" in page
    assert "Total de ce qui est connu" not in page


def test_without_cost_the_way_out_is_one_link_away(world: Any, desk: Any) -> None:
    electricity(world)
    page = desk.get(address()).content.decode()
    assert f"/{HERE}/desk/registers/indicator/electricite/edit#f-unit_cost" in page
    assert f"/{HERE}/desk/registers/contract/new" in page


def test_who_may_not_declare_is_offered_no_form(world: Any) -> None:
    decider = world.sign_in(RoleName.DECIDER, email="elue@ville.example")
    page = decider.get(address()).content.decode()
    assert "Aucun coût n’est connu" in page
    assert "/registers/indicator/new" not in page


def test_alerts_say_what_was_done_and_which_wait(world: Any, desk: Any) -> None:
    from tests.steer.test_alerts import SIGHTING

    from bocage.steer.alerts import Action, act
    from bocage.steer.raising import Identity, keep

    measure = Measure(datastreams=("co2-salle-1",), aggregate=Aggregate.MEAN)
    condition = Comparison(measure=measure, than=Constant(value=1000.0))
    days(world, number(), BEFORE, [500.0])
    world.put("rule", "air", Rule(title=Text(fr="Air lourd"), service="ecoles", condition=condition))
    for place in (3, 8):
        start, end = day_bounds(LAST_MONTH + timedelta(days=place), "Europe/Paris")
        seen = msgspec.structs.replace(SIGHTING, service="ecoles", tells=(), first_start=start, raised=end)
        found = keep(Identity(territory=HERE, rule="air", datastream="co2-salle-1", first=start), seen)
    act(HERE, found, Action.RESOLVE, "Fenêtres réparées.", "p-1", given.AT)
    page = read(desk)
    assert f"/{HERE}/desk/alerts/{found}" in desk.get(address()).content.decode()
    assert "2 alertes levées : 1 à prendre en charge, 1 réglée." in page
    assert "Personne n'en a encore rien dit" in page
    assert "Réglée. « Fenêtres réparées »." in page
    assert "à prendre en charge" not in read(desk, address(f"{BEFORE:%Y-%m}"))


def test_refusals_are_those_of_the_sources_of_the_service(world: Any, desk: Any) -> None:
    at = datetime(LAST_MONTH.year, LAST_MONTH.month, 10, tzinfo=UTC)
    refusal = Refusal(
        promise="gdpr_05_purpose",
        code="undeclared-key",
        way_out=WayOut(kind="datastream"),
        values={"source": "capteurs", "key": "salle-9"},
    )
    counters = Refusals()
    for source, count in (("capteurs", 7), ("autre", 9)):
        counters.add(
            Counted(territory=HERE, source=source, key="salle-9", count=count, first=at, last=at, refusal=refusal)
        )
    counters.flush(at)
    page = read(desk)
    assert "7 valeurs refusées." in page
    assert "9 valeurs" not in page


def test_what_is_to_mend_and_what_ends_soon_is_asked_of_the_council(world: Any, desk: Any) -> None:
    closed = msgspec.structs.replace(given.dataset(), hosting="")
    world.put("dataset", "air", closed, 1)
    soon = TODAY + timedelta(days=20)
    contract = Contract(
        title=Text(fr="Entretien"), number="1", starts=TODAY - timedelta(days=300), months=12, services=("ecoles",)
    )
    world.put("contract", "entretien", contract)
    world.put("act", "deliberation", _act())
    exception = ReasonedException(
        title=Text(fr="Affichettes en retard"),
        promise="r38_notice",
        source="capteurs",
        reason=Text(fr="En fabrication"),
        starts=TODAY - timedelta(days=30),
        ends=soon,
        act="deliberation",
        signed_by="Le maire",
    )
    world.put("exception", "affichettes", exception)
    page = read(desk)
    assert "à corriger" in page.partition("Ce qui est demandé au conseil")[2]
    assert "Affichettes en retard" in page
    assert "Un contrat finit le" in page


def test_measurements_of_persons_are_never_on_the_page(world: Any, desk: Any) -> None:
    world.put("purpose", "aerer", msgspec.structs.replace(given.purpose(), personal=True, legal_basis=None), 1)
    days(world, number(), LAST_MONTH, [612.0] * 10)
    page = read(desk)
    assert "612 ppm" not in page
    assert "1 chiffre n'est pas sur cette page, parce qu'il concerne des personnes." in page


def test_figures_that_are_not_open_say_so(world: Any, desk: Any) -> None:
    kept = msgspec.structs.replace(given.dataset(), sensitivity=Sensitivity.INTERNAL)
    world.put("dataset", "air", _closed(kept), 1)
    days(world, number(), LAST_MONTH, [612.0] * 10)
    page = read(desk)
    assert "612 ppm" in page
    assert "Des chiffres ne sont pas ouverts : ne publiez pas cette page telle quelle." in page


def test_the_present_month_says_that_it_is_not_over(world: Any, desk: Any) -> None:
    days(world, number(), FIRST, [600.0])
    page = read(desk, address(THIS))
    assert "Le mois n'est pas fini" in page
    assert "Le mois n'est pas fini" not in read(desk)


def test_an_empty_month_says_the_next_step(world: Any, desk: Any) -> None:
    page = read(desk)
    assert "Rien n'a été mesuré pour ce service en" in page
    assert "Déclarer un indicateur de ce service" in page
    assert "Écrire une règle pour ce service" in page


def test_a_service_or_month_that_does_not_exist_leads_to_those_that_do(world: Any, desk: Any) -> None:
    assert "Aucun service de ce nom" in read(desk, address(service="pompiers"), 404)
    for month in ("2026-13", "1850-01", "hier", f"{TODAY.year + 1}-01"):
        page = desk.get(address(month))
        assert page.status_code == 404, month
        assert address() in page.content.decode()
    read(desk, address("hier", end=".pdf"), 404)


def test_a_territory_without_service_says_the_next_step(world: Any, desk: Any) -> None:
    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.evidence.asked import RemoveEntity

    keys = [("dataset", "air"), ("source", "capteurs"), ("purpose", "aerer"), ("public-service", "ecoles")]
    gone = [RemoveEntity(kind="datastream", slug="co2-salle-1")]
    gone += [evidence.Withdraw(key=Key(territory=HERE, kind=kind, slug=slug)) for kind, slug in keys]  # type: ignore[misc]
    evidence.change(HERE, OPERATOR, gone, given.AT)
    page = desk.get(f"/{HERE}/desk/council").content.decode()
    assert f"/{HERE}/desk/registers/public-service/new" in page


@pytest.mark.parametrize("role", [RoleName.CONTRACTOR, RoleName.ADMINISTRATOR, RoleName.SECURITY_OFFICER])
def test_who_has_no_part_in_the_service_does_not_read_it(world: Any, role: RoleName) -> None:
    browser = world.sign_in(role, email="autre@ville.example")
    for path in (address(), address(end=".pdf"), f"/{HERE}/desk/council"):
        assert browser.get(path).status_code == 403, path


def test_an_agent_reads_the_pages_of_their_services_only(world: Any) -> None:
    from bocage.domain.role import Role

    world.put("public-service", "eau", PublicService(title=Text(fr="Eau"), competence=Competence.WATER))
    browser = world.sign_in(RoleName.SECURITY_OFFICER, email="agent-ecoles@ville.example")
    title, holder = Text(fr="Agent"), "agent-ecoles@ville.example"
    world.put("role", "agent-ecoles", Role(title=title, role=RoleName.AGENT, holder=holder, services=("ecoles",)))
    assert browser.get(address()).status_code == 200
    assert browser.get(address(service="eau")).status_code == 403
    listed = browser.get(f"/{HERE}/desk/council").content.decode()
    assert address() in listed
    assert address(service="eau") not in listed


@pytest.mark.parametrize("role", [RoleName.DECIDER, RoleName.DPO, RoleName.STEWARD, RoleName.AGENT])
def test_whoever_answers_for_the_service_reads_it(world: Any, role: RoleName) -> None:
    browser = world.sign_in(role, email="un-autre@ville.example")
    assert browser.get(address()).status_code == 200


def test_nobody_reads_it_without_signing_in(world: Any) -> None:
    from django.test import Client

    assert Client(HTTP_HOST="localhost").get(address()).status_code in (302, 403)


def test_the_paper_says_the_same_on_one_sheet(world: Any, desk: Any) -> None:
    electricity(world, unit_cost=UnitCost(euros=0.25, source=Text(fr="Contrat de fourniture, janvier.")))
    days(world, number("electricite"), LAST_MONTH, [10.0] * (FIRST - LAST_MONTH).days)
    answer = desk.get(address(end=".pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    with pypdfium2.PdfDocument(answer.content) as document:
        assert len(document) == 1
        assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
        text = plain(" ".join(page.get_textpage().get_text_bounded() for page in document))
    for said in (
        "Électricité de l'école",
        "Calculé",
        "Ce qui est demandé au conseil",
        "Vu, le",
        "Signature",
        "Établi le",
    ):
        assert said in text, said


def test_much_to_say_takes_two_sheets_at_most(world: Any, desk: Any) -> None:
    for n in range(14):
        body = Contract(
            title=Text(fr=f"Entretien et contrôle des installations de chauffage, lot {n} sur quatorze"),
            number=str(n), amount=1200.0, starts=LAST_MONTH, months=6, services=("ecoles",),
        )  # fmt: skip
        world.put("contract", f"lot-{n}", body)
        measure = Measure(datastreams=("co2-salle-1",), aggregate=Aggregate.MEAN)
        world.put("indicator", f"air-{n}", Indicator(title=Text(fr=f"Air {n}"), service="ecoles", measure=measure))
    days(world, number(), LAST_MONTH, [600.0] * 10)
    with pypdfium2.PdfDocument(desk.get(address(end=".pdf")).content) as document:
        assert len(document) <= 2


def _closed(body: Dataset) -> Dataset:
    from bocage.domain.dataset import Ground, Openness

    reason = Text(fr="Sécurité des bâtiments")
    review = TODAY + timedelta(days=400)
    return msgspec.structs.replace(
        body, openness=Openness.CLOSED, ground=Ground.PUBLIC_SECURITY, reason=reason, review=review
    )


def _act() -> Any:
    from bocage.domain.act import Act

    return Act(title=Text(fr="Délibération"), number="2026-1", date=TODAY)
