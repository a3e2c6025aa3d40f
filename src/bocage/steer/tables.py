"""Tables of followers: how far each has come, and what the first of them counts."""

from collections.abc import Sequence

from django.db import connection, models


class Progress(models.Model):
    """The position up to which a follower's effects are kept, in the same transaction as they are."""

    follower = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=0)


class DayActivity(models.Model):
    """What one datastream received for one UTC day of measurement."""

    datastream = models.IntegerField()
    day = models.IntegerField()  # days since 1970-01-01
    count = models.IntegerField(default=0)
    delay = models.BigIntegerField(default=0)  # sum over observations of commit time minus end, ms
    last = models.BigIntegerField(default=0)  # greatest end seen, UTC ms

    class Meta:
        constraints = [models.UniqueConstraint(fields=["datastream", "day"], name="one_activity_a_day")]


def add_days(rows: Sequence[tuple[int, int, int, int, int]]) -> None:
    """Add to days what they received since: datastream, day, observations, delay, greatest end of each. In one
    statement, which reads nothing first: there may be a row for every series, every second."""
    _executed(
        f"""INSERT INTO "{DayActivity._meta.db_table}" AS kept (datastream, "day", "count", delay, "last")
            VALUES (%s, %s, %s, %s, %s) ON CONFLICT (datastream, "day") DO UPDATE SET
            "count" = kept."count" + excluded."count", delay = kept.delay + excluded.delay,
            "last" = CASE WHEN excluded."last" > kept."last" THEN excluded."last" ELSE kept."last" END""",
        rows,
    )


def note_months(rows: Sequence[tuple[int, int, int]]) -> None:
    """Note when something of a month came last: datastream, month, instant (UTC ms) of each."""
    _executed(
        f"""INSERT INTO "{MonthArrival._meta.db_table}" (datastream, "month", at) VALUES (%s, %s, %s)
            ON CONFLICT (datastream, "month") DO UPDATE SET at = excluded.at""",
        rows,
    )


def _executed(statement: str, rows: Sequence[tuple[int, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def by_day(datastreams: list[int], first_day: int, last_day: int) -> list[tuple[int, int, int]]:
    """Day, observations and delays added up over these datastreams, day by day."""
    rows = DayActivity.objects.filter(datastream__in=datastreams, day__range=(first_day, last_day))
    return list(rows.values_list("day").annotate(models.Sum("count"), models.Sum("delay")).order_by("day"))


class MonthArrival(models.Model):
    """When something that one datastream measured in one UTC month came last, corrections included."""

    datastream = models.IntegerField()
    month = models.IntegerField()  # months since 1970-01
    at = models.BigIntegerField(default=0)  # UTC ms

    class Meta:
        constraints = [models.UniqueConstraint(fields=["datastream", "month"], name="one_arrival_a_month")]


class DayOdd(models.Model):
    """How many values of one datastream and one UTC day lay outside of what was plausible when they came."""

    datastream = models.IntegerField()
    day = models.IntegerField()  # days since 1970-01-01
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["datastream", "day"], name="one_odd_a_day")]


class Correction(models.Model):
    """Values of one datastream that were corrected within one half hour, for one reason."""

    datastream = models.IntegerField()
    at = models.BigIntegerField()  # UTC ms, the half hour they came in
    reason = models.CharField(max_length=200)
    count = models.IntegerField(default=0)
    first = models.BigIntegerField()  # least and greatest start, UTC ms
    last = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["datastream", "at", "reason"], name="one_correction_a_half_hour")
        ]


class RuleTurn(models.Model):
    """From which position of the log on a rule is in force in which form: kept for ever, so that the log can be judged
    again. `version` 0: no longer in force. Several turns may stand at one position, in order of id."""

    territory = models.CharField(max_length=80)
    rule = models.CharField(max_length=120)
    position = models.BigIntegerField()
    version = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["position", "id"], name="turns_in_order")]


class Course(models.Model):
    """How far one series of a rule was judged, and what runs on from there (`body`, see `judging.Course`)."""

    territory = models.CharField(max_length=80)
    rule = models.CharField(max_length=120)
    datastream = models.CharField(max_length=120)  # empty: all series of the rule together
    version = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["territory", "rule", "datastream"], name="one_course_a_series")]


class PastFigure(models.Model):
    """A figure that was judged or looked back at, while a usual value may need it."""

    territory = models.CharField(max_length=80)
    rule = models.CharField(max_length=120)
    datastream = models.CharField(max_length=120)
    start = models.BigIntegerField()  # UTC ms
    end = models.BigIntegerField()
    value = models.FloatField()
    count = models.IntegerField()
    expected = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "rule", "datastream", "start"], name="one_past_figure")
        ]


class AlertRow(models.Model):
    """An alert: what the machine saw (made again by a replay: `raised` is empty meanwhile) and what people made of it.

    Its identity is (territory, rule, datastream, first); its number stays with it.
    """

    territory = models.CharField(max_length=80)
    number = models.IntegerField()
    rule = models.CharField(max_length=120)
    datastream = models.CharField(max_length=120)
    first = models.BigIntegerField()  # start of its first period, UTC ms
    services = models.TextField()  # |batiments|accueil|
    raised = models.BigIntegerField(null=True)  # end of the period that made it true, UTC ms
    ended = models.BigIntegerField(null=True)
    body = models.BinaryField()
    state = models.CharField(max_length=20)
    told_raised = models.DateTimeField(null=True)
    told_ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "rule", "datastream", "first"], name="one_alert"),
            models.UniqueConstraint(fields=["territory", "number"], name="one_alert_number"),
        ]
        indexes = [models.Index(fields=["territory", "raised"], name="alerts_by_time")]


class AlertNote(models.Model):
    """What somebody did with an alert, or wrote about it."""

    alert = models.ForeignKey(AlertRow, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    account = models.CharField(max_length=40)
    action = models.CharField(max_length=20)
    text = models.TextField(blank=True)
