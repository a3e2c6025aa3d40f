"""Files of measurements: looked at, declared with what is known of them, handed to the gate, and taken back."""

import io
import zipfile
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage import sensing, sources
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.errors import Conflict, Missing
from bocage.domain.measure import Aggregate, Measure
from bocage.domain.nature import Nature
from bocage.domain.purpose import LegalBasis, Purpose
from bocage.domain.rule import Comparison, Constant, Rule
from bocage.domain.sensing import Datastream
from bocage.domain.source import Mapping, Series, Source, Transport
from bocage.domain.text import Text
from bocage.evidence.facts import present
from bocage.imports import record
from bocage.imports.deliveries import recognised
from bocage.imports.plan import Given, Plan
from bocage.imports.record import Import, State
from bocage.ingest import plugins
from bocage.steer.alerts import AlertState, Ending, alerts
from bocage.steer.follower import step
from bocage.steer.ruling import Rules
from bocage.store.protocol import Store

from .place import HERE, Place, same

CURVE = """Identifiant PRM;Type de donnees;Grandeur physique;Grandeur metier;Etape metier;Unite
{meter};Courbe de charge;Energie active;Consommation;Comptage Brut;W
Horodate;Valeur
"""
FIRST, SECOND = "30000000000017", "30000000000024"
SCHOOL = {f"name.{FIRST}": "École Jules-Verne"}
READY = {"source": "new:enedis-csv", "purpose": "aerer", "dataset": "air"}


def curve(meter: str = FIRST, day: int = 1, values: tuple[object, ...] = (400, 410, 420)) -> bytes:
    """A load curve of half hours."""
    times = [f"2026-11-{day:02}T{9 + at // 2:02}:{30 * (at % 2):02}:00+01:00" for at in range(len(values))]
    lines = [f"{time};{value}" for time, value in zip(times, values, strict=True)]
    return (CURVE.format(meter=meter) + "\n".join(lines) + "\n").encode()


def daily(meter: str = FIRST) -> bytes:
    """Energy of three days."""
    return (
        f";Point Référence Mesure (PRM) : ;{meter};Type de comptage : ;Consommation Quotidienne\n"
        ";Date de début : ;01/11/2026\n;\n;Date;Valeur (en kWh)\n;01/11/2026;6,329\n;02/11/2026;7,1\n"
    ).encode()


def packed(*files: tuple[str, bytes]) -> bytes:
    """A ZIP archive of these."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return held.getvalue()


def looked(place: Place, *files: tuple[str, bytes], **choices: str) -> tuple[Import, Plan]:
    """What these files would do for a source that is ready, with more choices."""
    return place.looked("measurements", files, READY | choices)


def stream(slug: str) -> Datastream:
    """A series declared here."""
    placed = sensing.find(HERE, "datastream", slug)
    assert placed is not None
    assert isinstance(placed.entity, Datastream)
    return placed.entity


def held(store: Store) -> list[tuple[int, int, float]]:
    """Everything the log holds: series, start, value."""
    rows = store.after(0, limit=10_000)
    found = zip(rows.datastream, rows.start, rows.number, strict=True)
    return sorted((int(series), int(start), float(value)) for series, start, value in found)


def test_a_meter_nobody_declared_is_declared_with_what_its_file_says(place: Place) -> None:
    done = place.done(*looked(place, ("a.csv", curve()), ("b.csv", daily()), **SCHOOL))
    power, energy = stream("ecole-puissance-electrique"), stream("ecole-energie-electrique-jour")
    assert (power.nature, power.unit.ucum, power.cadence_seconds) == (Nature.GAUGE, "W", 1800)
    assert (energy.nature, energy.unit.ucum) == (Nature.AMOUNT, "kW.h")
    assert (power.thing, power.dataset, power.key) == ("ecole", "air", f"{FIRST}/puissance")
    assert (done.state, done.rows) == (State.DONE, 5)


def test_an_index_and_gas_are_what_they_are(place: Place) -> None:
    index = (
        f"Identifiant PRM;Type de donnees;Grandeur physique;Grandeur metier;Unite\n{FIRST};Index;Energie active;"
        "Consommation;Wh\nHorodate;Type de releve;EAS T\n2026-11-01T00:00:00+01:00;Arrêté quotidien;24482581\n"
    )
    place.done(*looked(place, ("i.csv", index.encode()), **SCHOOL))
    assert stream("ecole-index-electrique").nature is Nature.INDEX
    gas = "N° PCE;Date de relevé;Energie consommée (kWh)\nGI000017;01/11/2026;412\n"
    choices = READY | {"source": "new:grdf-csv", "name.GI000017": "Gymnase"}
    place.done(*place.looked("measurements", (("g.csv", gas.encode()),), choices))
    found = stream("gymnase-gaz-energie-jour")
    assert (found.nature, found.unit.ucum, found.cadence_seconds) == (Nature.AMOUNT, "kW.h", 86_400)


def test_the_stations_of_shared_bikes_are_declared_from_a_feed_that_is_handed_over(place: Place) -> None:
    feed = (Path(sources.__file__).parent / "gbfs" / "examples" / "station-status-2.json").read_bytes()
    choices = READY | {"source": "new:gbfs", "name.gare": "Vélos de la gare"}
    done = place.done(*place.looked("measurements", (("station_status.json", feed),), choices))
    found = stream("velos-de-la-gare-places-libres")
    assert (found.key, found.nature, done.rows) == ("gare/docks", Nature.GAUGE, 4)


def test_a_form_is_known_by_its_own_files_only() -> None:
    body = b'[{"datastream": "a", "time": "2026-11-22T08:00:00Z", "result": 1}]'
    given_ = Given(files=(("a.json", body),), facts=TerritoryFacts(slug=HERE, today=date(2026, 11, 23), declared={}))
    assert recognised(given_, plugins.found()) is None
    curve_ = msgspec.structs.replace(given_, files=(("a.csv", curve()),))
    assert recognised(curve_, plugins.found()) is not None


def test_a_meter_without_a_name_is_left_out_and_the_others_taken(place: Place) -> None:
    one, plan = looked(place, ("a.csv", curve()), ("b.csv", curve(SECOND)), **SCHOOL)
    assert [(it.key, it.stream, len(it.refusals)) for it in plan.series] == [
        (f"{FIRST}/puissance", "ecole-puissance-electrique", 0),
        (f"{SECOND}/puissance", "", 1),
    ]
    done = place.done(one, plan)
    assert (done.rows, done.told.counts["refused"]) == (3, 3)


def test_files_may_come_in_an_archive_or_a_workbook(place: Place) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Bonjour"])
    sheet = book.create_sheet("Courbe")
    for line in curve(SECOND).decode().splitlines():
        sheet.append(line.split(";"))
    content = io.BytesIO()
    book.save(content)
    archive = packed(("mars/a.csv", curve()), ("b.xlsx", content.getvalue()))
    _one, plan = looked(place, ("tout.zip", archive))
    assert {it.key: it.count for it in plan.series} == {f"{FIRST}/puissance": 3, f"{SECOND}/puissance": 3}
    assert plan.wrong == ()


def test_a_file_that_cannot_be_read_is_told_beside_the_others(place: Place) -> None:
    one, plan = looked(place, ("a.csv", curve()), ("b.csv", b"a;b\n1;2\n"), **SCHOOL)
    assert [it.file for it in plan.wrong] == ["b.csv"]
    assert place.done(one, plan).rows == 3


def test_a_wrong_row_is_told_with_its_place_and_its_line(place: Place) -> None:
    one, plan = looked(place, ("a.csv", curve(values=(400, "?", 420))), **SCHOOL)
    assert [(it.file, it.row, it.column, it.found, it.code) for it in plan.wrong] == [
        ("a.csv", 5, "Valeur", "?", "number")
    ]
    assert plan.wrong[0].cells == ("2026-11-01T09:30:00+01:00;?",)
    done = place.done(one, plan)
    assert (done.rows, done.told.counts["wrong"]) == (2, 1)


def test_a_dwelling_is_refused_unless_its_purpose_concerns_persons(place: Place) -> None:
    home = {f"name.{FIRST}": "3 rue du Port", f"home.{FIRST}": "1"}
    one, plan = looked(place, ("a.csv", curve()), **home)
    assert [it.code for it in plan.series[0].refusals] == ["name-speaks-of-persons"]
    done = place.done(one, plan)
    assert (done.rows, done.told.counts["refused"]) == (0, 3)
    assert held(place.store) == []
    assert [it.refusal.code for it in done.told.reasons] == ["name-speaks-of-persons"]


def test_a_dwelling_is_kept_for_a_purpose_that_concerns_persons(place: Place) -> None:
    without = present(HERE, place.now).all(Purpose)["aerer"]
    body = msgspec.structs.replace(without, personal=True, legal_basis=LegalBasis.CONSENT)
    place.put("purpose", "foyers", body)
    choices = {f"name.{FIRST}": "3 rue du Port", f"home.{FIRST}": "1", "purpose": "foyers"}
    _one, plan = looked(place, ("a.csv", curve()), **choices)
    assert "name-speaks-of-persons" not in {it.code for it in plan.series[0].refusals}


def test_what_the_gate_refused_is_finished_once_it_is_declared(place: Place) -> None:
    one, plan = place.looked("measurements", (("a.csv", curve()),), {"source": "new:enedis-csv", **SCHOOL})
    refused = place.done(one, plan)
    assert (refused.rows, refused.told.counts["refused"]) == (0, 3)
    assert len(refused.told.reasons) == 2
    found = sensing.find(HERE, "datastream", "ecole-puissance-electrique")
    assert found is not None
    body = msgspec.structs.replace(found.entity, dataset="air")
    place.place(("ecole-puissance-electrique", body))
    source = refused.source
    place.put("source", source, source_with("aerer"), 1)
    again, plan = place.again(record.find(HERE, one.number), refused.told.choices)
    assert plan.series[0].refusals == ()
    finished = place.done(again, plan)
    assert (finished.state, finished.rows, finished.told.counts["refused"]) == (State.DONE, 3, 0)
    assert place.imports.given(finished, None) is None  # type: ignore[arg-type]
    undone = place.undone(finished)
    assert held(place.store) == []
    assert {it.reason for it in undone.told.left} <= {"changed", "named"}


def source_with(purpose: str) -> Source:
    """The new source, with a purpose."""
    return Source(
        title=Text(fr="Compteurs"),
        plugin="enedis-csv",
        transport=Transport.FILE,
        purpose=purpose,
        may_correct=False,
    )


def test_only_what_the_import_kept_is_erased(place: Place) -> None:
    done = place.done(*looked(place, ("a.csv", curve(values=(400, 410))), **SCHOOL))
    source = done.source
    first = place.done(*looked(place, ("a.csv", curve(values=(400, 410, 420, 430))), source=source))
    second = place.done(*looked(place, ("b.csv", curve(day=2)), source=source))
    assert (first.rows, first.told.counts["known"], second.rows) == (2, 2, 3)
    place.undone(first)
    assert [value for _stream, _start, value in held(place.store)] == [400, 410, 400, 410, 420]
    place.undone(second)
    assert [value for _stream, _start, value in held(place.store)] == [400, 410]


def test_the_same_file_twice_keeps_nothing_new(place: Place) -> None:
    done = place.done(*looked(place, ("a.csv", curve()), **SCHOOL))
    again = place.done(*looked(place, ("a.csv", curve()), source=done.source))
    assert (again.rows, again.told.counts["known"]) == (0, 3)
    assert place.imports.prospect(again, place.now).empty


def test_another_value_of_the_same_moment_is_a_conflict_and_not_kept(place: Place) -> None:
    done = place.done(*looked(place, ("a.csv", curve()), **SCHOOL))
    other = place.done(*looked(place, ("a.csv", curve(values=(400, 999, 420))), source=done.source))
    assert (other.rows, other.told.counts["conflicts"]) == (0, 1)


def test_an_import_taken_back_may_be_done_anew(place: Place) -> None:
    place.undone(place.done(*looked(place, ("a.csv", curve()), **SCHOOL)))
    assert held(place.store) == []
    again = place.done(*looked(place, ("a.csv", curve()), **SCHOOL))
    assert again.rows == 3
    assert [value for _stream, _start, value in held(place.store)] == [400, 410, 420]


def test_measurements_taken_back_leave_registers_and_log_as_they_were(place: Place) -> None:
    first = place.done(*looked(place, ("a.csv", curve()), **SCHOOL))
    before, rows = place.exported("before"), held(place.store)
    names = {f"name.{SECOND}": "Gymnase"}
    files = (("b.csv", curve(SECOND)), ("c.csv", curve(day=3)), ("d.csv", daily()))
    done = place.done(*looked(place, *files, **names, source=first.source))
    assert done.rows == 8
    place.undone(done)
    assert same(before, place.exported("after"))
    assert held(place.store) == rows


def test_an_alert_its_measurements_raised_is_closed_with_them(place: Place) -> None:
    done = place.done(*looked(place, ("a.csv", daily()), **SCHOOL))
    measure = Measure(datastreams=("ecole-energie-electrique-jour",), aggregate=Aggregate.SUM)
    condition = Comparison(measure=measure, than=Constant(value=5))
    service = next(iter(present(HERE, place.now).declared["public-service"]))
    place.put(
        "rule", "ecole", Rule(title=Text(fr="École"), service=service, condition=condition, since=date(2026, 1, 1))
    )
    step(Rules(place.store, lambda *_told: None, lambda: place.now).follower, place.store)
    assert [one.goes_on for one in alerts(HERE)] == [True]
    assert place.undone(done).told.counts["alerts"] == 1
    (closed,) = alerts(HERE)
    assert (closed.state, closed.seen.ending) == (AlertState.FALSE, Ending.TAKEN_BACK)
    assert closed.notes[0].text == "a.csv"


def test_a_series_that_holds_values_of_others_stays(place: Place) -> None:
    done = place.done(*looked(place, ("a.csv", curve()), **SCHOOL))
    place.done(*looked(place, ("b.csv", curve(day=2)), source=done.source))
    undone = place.undone(done)
    reasons = {(it.written.kind, it.reason) for it in undone.told.left}
    assert reasons == {("datastream", "holds"), ("source", "named"), ("observed-property", "named")}
    assert len(held(place.store)) == 3


def test_an_import_that_stopped_half_way_is_gone_on_with(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    one, plan = looked(place, ("a.csv", curve()), ("b.csv", curve(day=2)), **SCHOOL)
    noted = record.keep

    def stopping(_one: Import, found: object) -> None:
        raise OSError("the machine stopped")

    monkeypatch.setattr(record, "keep", stopping)
    with pytest.raises(OSError, match="stopped"):
        place.done(one, plan)
    monkeypatch.setattr(record, "keep", noted)
    half = record.find(HERE, one.number)
    assert (half.state, half.rows) == (State.STOPPED, 0)
    assert len(held(place.store)) == 3
    again, plan = place.again(half, half.told.choices)
    done = place.done(again, plan)
    assert (done.state, done.rows) == (State.DONE, 6)
    place.undone(done)
    assert held(place.store) == []
    assert sensing.find(HERE, "datastream", "ecole-puissance-electrique") is None


def test_a_restart_says_of_what_was_running_that_it_stopped(place: Place) -> None:
    one, _plan = looked(place, ("a.csv", curve()), **SCHOOL)
    record.move(one, State.DOING)
    assert record.stopped() == 1
    assert record.find(HERE, one.number).state is State.STOPPED


def test_two_who_do_it_at_once_do_it_once(place: Place) -> None:
    one, plan = looked(place, ("a.csv", curve()), **SCHOOL)
    place.done(one, plan)
    with pytest.raises(Conflict):
        record.move(one, State.DOING)


def test_a_building_is_found_by_another_series_of_the_same_meter(place: Place) -> None:
    done = place.done(*looked(place, ("a.csv", curve()), **SCHOOL))
    _one, plan = looked(place, ("b.csv", daily()), source=done.source)
    assert [(it.kind, it.slug) for it in plan.proposals] == [
        ("observed-property", "energie-electrique-jour"),
        ("datastream", "ecole-energie-electrique-jour"),
    ]


def test_a_source_declared_by_hand_reads_as_its_mapping_says(place: Place) -> None:
    content = b"compteur,jour,kWh\nsalle-1,2026-11-02T00:00:00+01:00,12\n"
    body = Source(
        title=Text(fr="CSV"),
        plugin="bocage-csv",
        purpose="aerer",
        mapping=Mapping(key="{compteur}", time="jour", series=(Series(column="kWh"),)),
    )
    place.put("source", "capteurs", body, 1)
    done = place.done(*place.looked("measurements", (("x.csv", content),), {"source": "capteurs"}))
    assert (done.rows, [value for *_rest, value in held(place.store)]) == (1, [12])


def test_files_nobody_knows_ask_for_their_source(place: Place) -> None:
    with pytest.raises(Missing):
        place.looked("measurements", (("x.csv", b"a;b\n1;2\n"),))


STEPS = st.lists(st.one_of(st.tuples(st.just("do"), st.integers(1, 4), st.integers(1, 4)), st.just(("undo", 0, 0))))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, order=st.integers().map(Random))  # drawn at once: one drawn on the way may end an example midway
def test_the_log_holds_what_imports_that_stand_kept_whatever_the_order(place: Place, steps: Any, order: Any) -> None:
    first = place.done(*looked(place, ("z.csv", curve(day=20, values=(1,))), **SCHOOL))
    standing: dict[int, tuple[Import, set[int]]] = {}
    start = min(begin for _series, begin, _value in held(place.store))
    before = held(place.store)
    for what, day, count in steps:
        if what == "do":
            known = {begin for _series, begin, _value in held(place.store)}
            content = curve(day=day, values=tuple(range(count)))
            done = place.done(*looked(place, ("x.csv", content), source=first.source))
            now = {begin for _series, begin, _value in held(place.store)}
            assert done.rows == len(now - known)
            standing[done.number] = (done, now - known)
        elif standing:
            done, own = standing.pop(order.choice(sorted(standing)))
            if own:
                place.undone(done)
        expected = {start}.union(*(own for _done, own in standing.values()))
        assert {begin for _series, begin, _value in held(place.store)} == expected
    for done, own in standing.values():
        if own:
            place.undone(done)
    assert held(place.store) == before
    place.undone(first)
    assert held(place.store) == []
