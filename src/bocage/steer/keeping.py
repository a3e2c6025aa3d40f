"""What judging leaves in the relational database: courses, figures of the past, alerts; kept with the position."""

from collections.abc import Iterable

import msgspec

from bocage.steer.force import Place
from bocage.steer.judging import Course
from bocage.steer.measuring import Figure
from bocage.steer.tables import AlertRow, PastFigure, Progress
from bocage.steer.tables import Course as CourseRow
from bocage.steer.watching import Watch

NAME = "rules"
APPLIED = "rules-turns"  # the last turn that was applied, kept as a position is


def courses() -> dict[tuple[Place, str], Course]:
    """How far each series of each rule was judged."""
    return {
        ((row.territory, row.rule), row.datastream): msgspec.json.decode(bytes(row.body), type=Course)
        for row in CourseRow.objects.all()
    }


def judged_until(place: Place) -> int | None:
    """End of the last period every series of a rule was judged for, UTC ms; None where none was yet."""
    rows = CourseRow.objects.filter(territory=place[0], rule=place[1])
    ends = [course.until for row in rows if (course := msgspec.json.decode(bytes(row.body), type=Course)).judged]
    return min(ends, default=None)


def past() -> dict[tuple[Place, str], dict[int, Figure]]:
    """The figures usual values may need, by rule and series."""
    found: dict[tuple[Place, str], dict[int, Figure]] = {}
    for row in PastFigure.objects.all():
        figure = Figure(start=row.start, end=row.end, value=row.value, count=row.count, expected=row.expected)
        found.setdefault(((row.territory, row.rule), row.datastream), {})[row.start] = figure
    return found


def keep_courses(watches: Iterable[Watch]) -> None:
    """Write how far these were judged."""
    CourseRow.objects.bulk_create(
        [
            CourseRow(
                territory=watch.place[0],
                rule=watch.place[1],
                datastream=watch.name,
                version=watch.form.version,
                body=msgspec.json.encode(watch.course),
            )
            for watch in watches
        ],
        update_conflicts=True,
        unique_fields=["territory", "rule", "datastream"],
        update_fields=["version", "body"],
        batch_size=150,
    )


def keep_figures(found: Iterable[tuple[Watch, Figure]]) -> None:
    """Write figures that usual values may need."""
    PastFigure.objects.bulk_create(
        [
            PastFigure(
                territory=watch.place[0],
                rule=watch.place[1],
                datastream=watch.name,
                start=figure.start,
                end=figure.end,
                value=figure.value,
                count=figure.count,
                expected=figure.expected,
            )
            for watch, figure in found
        ],
        ignore_conflicts=True,
        batch_size=100,
    )


def forget_figures(watch: Watch, before: int) -> None:
    """Drop the figures that no usual value needs any more."""
    PastFigure.objects.filter(
        territory=watch.place[0], rule=watch.place[1], datastream=watch.name, start__lt=before
    ).delete()


def forget(watches: Iterable[Watch]) -> None:
    """Drop the courses and figures of what is no longer judged in this way."""
    for watch in watches:
        for table in (CourseRow, PastFigure):
            table.objects.filter(territory=watch.place[0], rule=watch.place[1], datastream=watch.name).delete()


def applied() -> int:
    """The id of the last turn that was applied."""
    found = Progress.objects.filter(pk=APPLIED).first()
    return found.position if found else 0


def keep_applied(turn: int) -> None:
    """Write down that this turn was applied."""
    Progress.objects.update_or_create(follower=APPLIED, defaults={"position": turn})


def forget_all() -> None:
    """Drop every effect of the rules, so that the log is judged again from its beginning by the turns that stand.

    What people did with alerts stays, under the identity of each alert.
    """
    for table in (CourseRow, PastFigure):
        table.objects.all().delete()
    AlertRow.objects.update(raised=None, ended=None)
    Progress.objects.filter(pk__in=(NAME, APPLIED)).delete()
