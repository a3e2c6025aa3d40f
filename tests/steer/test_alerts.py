"""What people do with an alert is kept, can be taken back, and is counted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.steer.alerts import Action, Alert, AlertState, Ending, Sighting, act, alert, alerts, counted
from bocage.steer.forgetting import forget
from bocage.steer.raising import Identity, keep
from bocage.steer.tables import PastFigure

from .town import followed, founded, ruled
from .watched import Usual, filled, paris, rule, stream

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = 86_400_000
SIGHTING = Sighting(
    version=1,
    service="batiments",
    tells=("accueil",),
    first_start=0,
    first_end=DAY,
    last_start=DAY,
    last_end=2 * DAY,
    periods=2,
    raised=2 * DAY,
    worst=DAY,
    worst_end=2 * DAY,
    value=45.0,
    bound=39.0,
    usual=30.0,
    count=16,
    expected=16,
)


def raised(first: int = 0, territory: str = "bourg", **more: object) -> int:
    sighting = msgspec.structs.replace(SIGHTING, first_start=first, raised=first + 2 * DAY, **more)
    return keep(Identity(territory=territory, rule="nuits", datastream="ecole", first=first), sighting)


def did(number: int, action: Action, text: str = "", minutes: int = 0) -> Alert:
    return act("bourg", number, action, text, "p-1", AT + timedelta(minutes=minutes))


def test_an_alert_keeps_who_did_what_and_when(db: Path) -> None:
    number = raised()
    assert alert("bourg", number).state is AlertState.NEW
    assert alert("bourg", number).goes_on
    did(number, Action.ACKNOWLEDGE)
    did(number, Action.COMMENT, "  Le chauffage est resté allumé.  ", 5)
    told = did(number, Action.RESOLVE, minutes=10)
    assert told.state is AlertState.RESOLVED
    assert not told.waits
    assert [(note.action, note.text, note.account) for note in told.notes] == [
        (Action.ACKNOWLEDGE, "", "p-1"),
        (Action.COMMENT, "Le chauffage est resté allumé.", "p-1"),
        (Action.RESOLVE, "", "p-1"),
    ]
    assert told.notes[1].at == AT + timedelta(minutes=5)


def test_each_act_can_be_taken_back(db: Path) -> None:
    number = raised()
    did(number, Action.ACKNOWLEDGE)
    did(number, Action.FALSE, "Essai de l'installateur")
    assert did(number, Action.REOPEN).state is AlertState.ACKNOWLEDGED
    assert did(number, Action.REOPEN).state is AlertState.NEW
    with pytest.raises(Conflict):
        did(number, Action.REOPEN)


def test_what_can_be_done_follows_from_what_was_done(db: Path) -> None:
    number = raised()
    assert alert("bourg", number).may == (Action.ACKNOWLEDGE, Action.RESOLVE, Action.FALSE, Action.COMMENT)
    assert did(number, Action.RESOLVE).may == (Action.COMMENT, Action.REOPEN)
    with pytest.raises(Conflict):
        did(number, Action.ACKNOWLEDGE)


def test_a_false_alert_and_a_comment_need_words(db: Path) -> None:
    number = raised()
    for action in (Action.FALSE, Action.COMMENT):
        with pytest.raises(Invalid) as told:
            did(number, action, "  ")
        assert told.value.values["field"] == "text"
    assert alert("bourg", number).notes == ()


def test_what_people_did_survives_what_the_machine_sees_again(db: Path) -> None:
    number = raised()
    did(number, Action.ACKNOWLEDGE)
    again = raised(ended=5 * DAY, ending=Ending.NORMAL)
    assert again == number
    assert alert("bourg", number).state is AlertState.ACKNOWLEDGED
    assert alert("bourg", number).seen.ending is Ending.NORMAL
    assert not alert("bourg", number).goes_on


def test_alerts_are_found_newest_first_by_state_service_and_time(db: Path) -> None:
    first, second = raised(), raised(10 * DAY)
    did(first, Action.RESOLVE)
    assert [one.number for one in alerts("bourg")] == [second, first]
    assert [one.number for one in alerts("bourg", state=AlertState.NEW)] == [second]
    assert [one.number for one in alerts("bourg", service="accueil", until=5 * DAY)] == [first]
    assert alerts("bourg", service="accue") == []
    assert alerts("bourg", rule="autre") == []
    assert [one.number for one in alerts("bourg", limit=1, offset=1)] == [first]


def test_a_territory_never_sees_the_alerts_of_another(db: Path) -> None:
    number = raised(territory="ailleurs")
    assert number == 1
    assert alerts("bourg") == []
    with pytest.raises(Missing):
        alert("bourg", number)
    with pytest.raises(Missing):
        did(number, Action.ACKNOWLEDGE)


def test_alerts_are_counted_with_what_became_of_them(db: Path) -> None:
    numbers = [raised(n * 10 * DAY) for n in range(4)]
    did(numbers[0], Action.RESOLVE)
    did(numbers[1], Action.FALSE, "Essai")
    did(numbers[2], Action.ACKNOWLEDGE)
    found = counted("bourg", "batiments", 0, 40 * DAY)
    assert (found.raised, found.new, found.acknowledged, found.resolved, found.false) == (4, 1, 1, 1, 1)
    assert counted("bourg", "", 0, 3 * DAY).raised == 1
    assert counted("bourg", "voirie", 0, 40 * DAY).raised == 0


def test_what_is_erased_takes_its_alerts_and_figures_along(db: Path) -> None:
    number = founded({"ecole": stream(0), "mairie": stream(0)})["ecole"]
    ruled(rule(Usual(percent=30, weeks=3)))
    begin = paris(2026, 5, 4)
    store = filled(number, begin, [*[1.0] * 24 * 21, *[2.0] * 24, *[1.0] * 24 * 20, *[2.0] * 24, *[1.0] * 30])
    followed(store)
    assert [one.number for one in alerts("bourg")] == [2, 1]
    assert forget("bourg", [number + 1], begin + 100 * DAY) == 0
    assert forget("ailleurs", [number], begin + 100 * DAY) == 0
    did(1, Action.COMMENT, "Vu")
    before = begin + 30 * DAY
    assert forget("bourg", [number], before) == 1
    assert [one.number for one in alerts("bourg")] == [2]
    assert not PastFigure.objects.filter(end__lte=before).exists()
