"""Several series in one chart, each named where it ends."""

import re
from itertools import pairwise

from bocage.web.lines import APART, LETTERS, MOST, Line, Lines, drawn, short, spread


def chart(count: int = 3) -> str:
    made = [Line(points=[(0, n + 1.0), (1, None), (2, n + 2.0)], name=f"Série {n}", last=str(n)) for n in range(count)]
    return str(drawn(Lines(lines=made, x_labels=[(0, "lun.")], y_labels=[(1, "1")], start=0, end=2, title="Essai")))


def test_each_line_is_named_at_its_end_with_its_last_value() -> None:
    text = chart()
    assert re.findall(r'class="words">(\S+ \d)', text) == ["Série 0", "Série 1", "Série 2"]
    assert re.findall(r'class="letter">(\w)', text) == list(LETTERS[:3])
    assert "style=" not in text


def test_six_lines_are_drawn_at_most() -> None:
    assert chart(9).count('class="name"') == MOST == len(LETTERS)


def test_names_never_cover_one_another() -> None:
    found = spread([100.0, 101.0, 20.0, 99.0], 10, 200)
    ordered = sorted(found)
    assert all(later - earlier >= APART for earlier, later in pairwise(ordered))
    assert ordered[0] == 20.0
    assert [sorted(found).index(one) for one in found] == [2, 3, 0, 1]


def test_names_that_end_low_stay_in_the_chart() -> None:
    found = spread([290.0, 291.0, 292.0], 10, 294)
    assert max(found) == 294.0
    assert min(found) == 294.0 - 2 * APART


def test_what_all_names_share_is_left_out() -> None:
    assert short(["Vélos vers Angers, à Mauves", "Vélos vers Nantes, à Mauves"]) == ["Angers", "Nantes"]
    assert short(["École", "Mairie"]) == ["École", "Mairie"]
    assert short(["Compteur", "Compteur"]) == ["Compteur", "Compteur"]
    assert short(["Vélos", "Vélos vers Nantes"]) == ["Vélos", "Vélos vers Nantes"]
    assert short(["Un nom vraiment beaucoup trop long"]) == ["Un nom vraiment beaucou…"]
    assert short([]) == []
