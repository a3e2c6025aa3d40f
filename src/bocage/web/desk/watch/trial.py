"""Trying a rule on past data, as the page of a rule and its form show it."""

from collections.abc import Mapping

import msgspec
from markupsafe import Markup

from bocage import words
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.measure import Period
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.steer.judging import Outcome
from bocage.steer.proposing import BACK, span
from bocage.steer.rules import Hit, Trial, tried
from bocage.steer.spoken import About
from bocage.store.protocol import Store
from bocage.web.desk.watch import picture
from bocage.words import periods
from bocage.words.naming import named

TABLE = 120
"""Periods in the table, newest first."""
BACKS: Mapping[str, tuple[int, str]] = {
    "month": (31, _("The last month")),
    "season": (92, _("The last three months")),
    "year": (366, _("The last year")),
    "all": (20 * 366, _("All there is")),
}
LONGEST = {Period.VALUE: 92, Period.HOUR: 366, Period.DAY: 20 * 366, Period.WEEK: 20 * 366, Period.MONTH: 20 * 366}


class Would(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as it would have been, in words: `when` is its period furthest out of bounds, as an alert tells it."""

    series: str
    when: str
    worst: picture.Row
    counted: str
    ended: bool


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A trial in words. `since`: where it began, UTC ms. `line`: the series whose figures are shown, "" for all
    together; `lines`: those one can choose, with how many alerts each would have given. `of`: its periods, of which
    the chart and the table show a part."""

    since: int
    hits: tuple[Would, ...]
    outcomes: tuple[tuple[Outcome, int], ...]
    back: str
    line: str
    lines: tuple[tuple[str, str, int], ...]
    chart: Markup
    rows: tuple[picture.Row, ...]
    of: int

    @property
    def judged(self) -> int:
        """Periods that could be judged."""
        return sum(count for outcome, count in self.outcomes if outcome in (Outcome.OUT, Outcome.WITHIN))


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How far back to look (`BACKS`, what suits the period by default), and at which series."""

    back: str = ""
    line: str = ""
    lang: str = "fr"


def about(facts: TerritoryFacts, rule: Rule) -> About:
    """A rule as it is now, with the names of now."""
    return About(rule=rule, names=named(facts.declared, rule), zone=facts.zone)


def shown(store: Store, facts: TerritoryFacts, rule: Rule, asked: Asked) -> Shown | None:
    """What a rule would have said; None where its series hold nothing yet."""
    measure = rule.condition.measure
    streams = tuple(stream for slug in measure.datastreams if (stream := facts.one(Datastream, slug)))
    back = asked.back if asked.back in BACKS else _usual_back(measure.period)
    start, end = span(store, streams, measure.period, min(BACKS[back][0], LONGEST[measure.period]))
    if start >= end:
        return None
    trial, told = tried(store, facts, rule, start, end), about(facts, rule)
    line = asked.line if asked.line in trial.judged else _first_line(trial)
    seen = [hit for hit in trial.hits if hit.datastream == line]
    judged = trial.judged.get(line, ())
    drawn = picture.around(judged, seen[-1].last.start if seen else end)
    title = words.translate(_("Figures of %(series)s, with the threshold"), asked.lang) % {
        "series": called(told, line, asked.lang)
    }
    return Shown(
        since=start,
        hits=tuple(_would(hit, told, asked.lang) for hit in reversed(trial.hits)),
        outcomes=tuple((outcome, trial.outcomes[outcome]) for outcome in Outcome if trial.outcomes.get(outcome)),
        back=back,
        line=line,
        lines=_lines(trial, told, asked.lang),
        chart=picture.picture(drawn, told, line, title, asked.lang),
        rows=tuple(picture.rows(judged[: -TABLE - 1 : -1], told, line, asked.lang)),
        of=len(judged),
    )


def called(told: About, line: str, lang: str) -> str:
    """What a line is called: the series, or what the rule calls all of them."""
    if not line:
        own = told.rule.called or told.rule.title
        return own.read(lang)[0]
    names = told.names_of(line, lang)
    return names[0] if names else line


def _usual_back(period: Period) -> str:
    return next(name for name, (days, _said) in BACKS.items() if days >= BACK[period] or name == "all")


def _first_line(trial: Trial) -> str:
    """The series that would have rung last, else the first one."""
    return trial.hits[-1].datastream if trial.hits else next(iter(trial.judged), "")


def _lines(trial: Trial, told: About, lang: str) -> tuple[tuple[str, str, int], ...]:
    rung = [hit.datastream for hit in trial.hits]
    return tuple((name, called(told, name, lang), rung.count(name)) for name in trial.judged)


def _would(hit: Hit, told: About, lang: str) -> Would:
    kind = periods.kind_of(told.rule.condition.measure)
    return Would(
        series=called(told, hit.datastream, lang),
        when=periods.named(hit.worst.start, hit.worst.end, kind, told.zone, lang),
        worst=picture.rows([hit.worst], told, hit.datastream, lang)[0],
        counted=periods.counted(hit.periods, kind, lang),
        ended=hit.ended is not None,
    )
