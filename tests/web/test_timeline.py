"""Projects drawn in time: whatever days are declared, there is an axis, and words on it."""

from datetime import date

import pytest

from bocage.web.timeline import axis, scale

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(("first", "last"), [(date(26, 1, 1), date(2027, 1, 1)), (date(2026, 1, 1), date.max)])
def test_a_year_written_wrongly_is_drawn_and_breaks_no_page(first: date, last: date) -> None:
    drawn = axis(first, last, TODAY)
    assert drawn.first <= first < last <= drawn.last
    assert 0 <= drawn.at(TODAY) <= 100
    assert "Aujourd" in scale(drawn, "fr", "Aujourd'hui")


def test_an_axis_has_some_room_before_and_after_and_a_few_labels() -> None:
    drawn = axis(date(2026, 1, 1), date(2026, 12, 31), TODAY)
    assert (drawn.first, drawn.last) == (date(2025, 12, 18), date(2027, 1, 14))
    assert [one.month for one in drawn.ticks] == [1, 4, 7, 10, 1]
