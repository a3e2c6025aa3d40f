"""An opinion names the version it was given on, stays beside the history, and can be taken back."""

import pytest

from bocage.domain.errors import Invalid, Missing
from bocage.domain.text import Text
from bocage.registers import opinions
from bocage.registers.opinions import Verdict

from .given import AT, PURPOSE, TERRITORY, TOWN, key, later, put

pytestmark = pytest.mark.usefixtures("db")
WORDS = Text(fr="La durée est juste.", en="The time is right.")


def test_an_opinion_is_on_the_version_that_held_when_it_was_given() -> None:
    put(TERRITORY, TOWN)
    put(PURPOSE)
    given = opinions.give(key(PURPOSE), Verdict.RESERVED, WORDS, "p1", AT)
    assert (given.version, given.verdict, given.text) == (1, Verdict.RESERVED, WORDS)
    assert opinions.given(key(PURPOSE)) == [given]


def test_the_newest_comes_first_and_none_is_lost() -> None:
    put(PURPOSE)
    first = opinions.give(key(PURPOSE), Verdict.UNFAVOURABLE, WORDS, "p1", AT)
    second = opinions.give(key(PURPOSE), Verdict.FAVOURABLE, WORDS, "p1", later(1))
    assert opinions.given(key(PURPOSE)) == [second, first]
    assert opinions.newest(TOWN) == {("purpose", "un-purpose"): second}


def test_what_was_taken_back_is_not_shown_and_can_be_given_again() -> None:
    put(PURPOSE)
    given = opinions.give(key(PURPOSE), Verdict.FAVOURABLE, WORDS, "p1", AT)
    opinions.withdraw(TOWN, given.number, "p1", AT)
    assert opinions.given(key(PURPOSE)) == []
    assert opinions.newest(TOWN, ("purpose",)) == {}
    assert [one.withdrawn for one in opinions.given(key(PURPOSE), withdrawn=True)] == [True]
    opinions.withdraw(TOWN, given.number, "p1", AT, back=True)
    assert opinions.given(key(PURPOSE)) == [given]


def test_nothing_is_said_of_what_does_not_hold_or_at_too_great_a_length() -> None:
    with pytest.raises(Missing):
        opinions.give(key(PURPOSE), Verdict.FAVOURABLE, WORDS, "p1", AT)
    put(PURPOSE)
    with pytest.raises(Invalid):
        opinions.give(key(PURPOSE), Verdict.FAVOURABLE, Text(fr="x" * 4001), "p1", AT)


def test_an_opinion_of_another_territory_cannot_be_taken_back() -> None:
    put(PURPOSE)
    given = opinions.give(key(PURPOSE), Verdict.FAVOURABLE, WORDS, "p1", AT)
    with pytest.raises(Missing):
        opinions.withdraw("ailleurs", given.number, "p1", AT)
    assert opinions.given(key(PURPOSE)) == [given]
