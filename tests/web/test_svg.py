"""Charts drawn by the server."""

from bocage.web import svg


def test_a_lacking_value_and_a_long_silence_both_break_the_line() -> None:
    points: list[svg.Point] = [(0, 1.0), (1, 2.0), (2, None), (3, 3.0), (4, 3.0), (20, 4.0)]
    assert [len(run) for run in svg.runs(points, gap=5)] == [2, 2, 1]


def test_a_value_alone_between_two_gaps_is_still_seen() -> None:
    assert "<circle" in svg.spark([(0, 1.0), (1, None), (2, 2.0), (3, 3.0)])


def test_bars_stand_on_zero() -> None:
    assert svg.bounds([(0, 5.0), (1, 9.0)], zero=True)[0] == 0.0


def test_a_flat_series_has_room_around_it() -> None:
    low, high = svg.bounds([(0, 5.0), (1, 5.0)], zero=False)
    assert low < 5.0 < high


def test_the_values_at_the_axis_are_round() -> None:
    assert svg.steps(0.0, 97.0) == [0.0, 25.0, 50.0, 75.0]
    assert svg.steps(-0.3, 0.3) == [-0.2, 0.0, 0.2]


def test_a_chart_carries_no_style_attribute_and_says_its_title() -> None:
    drawn = svg.plot(
        svg.Plot(
            points=[(0, 1.0), (1, 2.0)], x_labels=[(0, "lun.")], y_labels=[(1, "1")], start=0, end=1, title='a "b"'
        )
    )
    assert "style=" not in drawn
    assert 'aria-label="a &#34;b&#34;"' in drawn
