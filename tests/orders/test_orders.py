"""An order that two persons gave goes back by itself: after its time, without an answer, after a stop."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bocage import orders, outbox
from bocage.domain.errors import Conflict, Refused

from .receiver import Equipment, listening


class Ordering:
    """Equipment under orders in a small territory, and what carries its orders; time goes on when a test says so."""

    def __init__(self, world: Any, equipment: Equipment) -> None:
        from tests.web.world import AT

        self.world, self.equipment, self.at = world, equipment, AT
        self.start()

    def start(self) -> None:
        """Begin anew, as after a stop of the machine: nothing is known but what is written."""
        from bocage.publish.subscribers import Signer, post

        signer = Signer(self.world.parts.data / "webhooks.pem")
        self.turning = orders.Turning(self.world.parts.store)
        carrying = orders.Carrying(signer, post, lambda: self.at)
        self.deliverer = outbox.Deliverer({orders.KIND: carrying.carry}, lambda: self.at, only=(orders.KIND,))

    def give(self) -> orders.Order:
        from tests.web.world import HERE

        from bocage.evidence import acting

        wanted = orders.Wanted(actuator="lampes", value=50.0, minutes=60, reason="Veillée sur la place")
        held = acting.prepare(HERE, wanted, "p-une", self.at)
        return acting.approve(HERE, held.number, "p-autre", self.at)

    def turn(self, minutes: float = 0) -> orders.Order:
        """Some time later: what is due is done, what waits is delivered."""
        from tests.web.world import HERE

        self.at += timedelta(minutes=minutes)
        self.turning.turn(self.at)
        self.deliverer.run(self.at)
        return orders.listed(HERE)[0]

    def show(self, value: float) -> None:
        """The series of the equipment shows this value now."""
        from tests.web.world import HERE

        from bocage.evidence import facts

        number = facts.present(HERE, self.at).declared["datastream"]["gradation"].id  # type: ignore[attr-defined]
        self.world.keep(number, [value], until=self.at)


@pytest.fixture
def ordering(db: Path, tmp_path: Path) -> Iterator[Ordering]:
    from tests.web.world import served

    from bocage.publish.subscribers import Signer

    from .given import declare

    for world in served(tmp_path):
        with listening(Signer(tmp_path / "webhooks.pem").public()) as equipment:
            declare(world, equipment.address)
            yield Ordering(world, equipment)


def test_an_order_is_taken_shown_and_goes_back_when_its_time_is_over(ordering: Ordering) -> None:
    ordering.give()
    assert ordering.turn().state is orders.State.TAKEN
    ordering.show(51.0)
    assert ordering.turn(1).state is orders.State.OBEYED
    assert ordering.turn(58).state is orders.State.OBEYED
    assert ordering.equipment.value == 50.0
    back = ordering.turn(1)
    assert (back.state, back.why, back.unshown) == (orders.State.RETURNED, orders.Why.TIME, True)
    assert ordering.equipment.value == 100.0
    assert ordering.equipment.types() == ["order.act", "order.back"]
    assert "p-une" not in str(ordering.equipment.heard)
    ordering.show(100.0)
    assert not ordering.turn(1).unshown


def test_what_the_series_does_not_show_in_time_goes_back(ordering: Ordering) -> None:
    ordering.give()
    ordering.turn()
    ordering.show(100.0)
    back = ordering.turn(5)
    assert (back.state, back.why) == (orders.State.RETURNED, orders.Why.UNSHOWN)
    assert ordering.equipment.value == 100.0


def test_equipment_that_does_not_answer_is_sent_its_safe_value_until_it_takes_it(ordering: Ordering) -> None:
    from tests.web.world import HERE

    from bocage import evidence

    ordering.equipment.answers = 503
    ordering.give()
    ordering.turn()
    assert ordering.turn(5).why is orders.Why.UNTAKEN
    for _minute in range(6):
        assert ordering.turn(1).state is orders.State.RETURNING
    found = {one.code for one in evidence.findings(HERE, ordering.at + timedelta(hours=2))}
    assert "not-back" in found
    ordering.equipment.answers = 200
    ordering.turn(1)
    assert ordering.turn(1).state is orders.State.RETURNED
    assert ordering.equipment.types() == ["order.back"]  # the order itself never left once it was over


def test_after_a_stop_of_the_machine_what_is_due_goes_back_and_nothing_is_done_twice(ordering: Ordering) -> None:
    ordering.give()
    ordering.turn()
    ordering.at += timedelta(hours=9)
    ordering.start()
    assert ordering.turn().state is orders.State.RETURNED
    ordering.start()
    ordering.turn(1)
    assert ordering.equipment.types() == ["order.act", "order.back"]


def test_a_stop_between_the_answer_and_its_note_sends_the_same_number_again(ordering: Ordering) -> None:
    from bocage.orders.tables import OrderRow
    from bocage.outbox.tables import ParcelRow

    ordering.give()
    ordering.turn()
    ordering.deliverer.run(ordering.at)
    # The machine stopped once the equipment had answered, before anything of it was written.
    OrderRow.objects.update(state="sent", taken_at=None)
    sent = ParcelRow.objects.get()
    sent.state, sent.next_try, sent.payload = "failed", ordering.at, msgspec.json.encode(_errand())
    sent.save()
    ordering.start()
    assert ordering.turn().state is orders.State.TAKEN
    assert len(ordering.equipment.numbers) == 2
    assert len(set(ordering.equipment.numbers)) == 1
    assert ordering.equipment.types() == ["order.act"]


def _errand() -> dict[str, Any]:
    from bocage.orders.tables import OrderRow

    return {"order": OrderRow.objects.get().id, "step": orders.ACT}


def test_going_back_needs_nobody_else_and_nothing_that_is_declared_meanwhile(ordering: Ordering) -> None:
    from tests.web.world import HERE

    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.evidence import acting

    held = ordering.give()
    ordering.turn()
    key = Key(territory=HERE, kind="actuator", slug="lampes")
    evidence.change(HERE, OPERATOR, [evidence.Withdraw(key=key)], ordering.at)
    acting.stop(HERE, held.number, "", "p-une", ordering.at)
    acting.stop(HERE, held.number, "", "p-autre", ordering.at)
    assert ordering.turn().state is orders.State.RETURNED
    assert ordering.equipment.types() == ["order.act", "order.back"]
    with pytest.raises(Conflict):
        acting.stop(HERE, held.number, "", "p-une", ordering.at)


def test_an_order_nobody_approves_within_a_day_lapses_and_leaves_nothing(ordering: Ordering) -> None:
    from tests.web.world import HERE

    from bocage.evidence import acting

    wanted = orders.Wanted(actuator="lampes", value=50.0, minutes=60, reason="Veillée")
    held = acting.prepare(HERE, wanted, "p-une", ordering.at)
    late = ordering.at + orders.giving.WAITS
    with pytest.raises(Refused) as refused:
        acting.approve(HERE, held.number, "p-autre", late)
    assert [one.code for one in refused.value.refusals] == ["waited-too-long"]
    ordering.at = late
    assert ordering.turn().state is orders.State.LAPSED
    assert ordering.equipment.numbers == []


def test_whoever_saw_it_back_on_the_spot_says_so_and_nothing_is_sent_any_more(ordering: Ordering) -> None:
    from tests.web.world import HERE

    from bocage.evidence import acting

    held = ordering.give()
    ordering.turn()
    ordering.equipment.answers = 503
    acting.stop(HERE, held.number, "", "p-une", ordering.at)
    ordering.turn()
    tries = len(ordering.equipment.numbers)
    acting.see(HERE, held.number, "p-une", ordering.at)
    did = [(one["action"], one["text"]) for one in orders.done_by(HERE, "p-une")]
    assert did == [("prepare", "Veillée sur la place"), ("return", ""), ("see", "")]
    assert ordering.turn(5).state is orders.State.SEEN
    assert len(ordering.equipment.numbers) == tries


def test_promises_look_only_at_orders_that_did_not_come_to_their_end(ordering: Ordering) -> None:
    from tests.web.world import HERE

    ordering.give()
    ordering.turn()
    assert orders.states(HERE) == ()
    assert ordering.turn(60).unshown
    [unshown] = orders.states(HERE)
    assert (unshown.number, unshown.returning_since) == (1, None)
    assert unshown.unshown_since == ordering.at
    ordering.give()
    assert orders.states(HERE) == ()  # what came after says more than what was before
    ordering.equipment.answers = 503
    ordering.turn(60)
    [back] = orders.states(HERE)
    assert (back.number, back.returning_since, back.unshown_since) == (2, ordering.at, None)
    assert orders.given(HERE) == 2
    assert orders.states("ailleurs") == ()
