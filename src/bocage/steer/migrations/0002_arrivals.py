# What arrived when, what was corrected, what was out of range: counted from the beginning of the log by a follower.

from django.db import migrations, models


def _key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("steer", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="MonthArrival",
            fields=[
                ("id", _key()),
                ("datastream", models.IntegerField()),
                ("month", models.IntegerField()),
                ("at", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("datastream", "month"), name="one_arrival_a_month")],
            },
        ),
        migrations.CreateModel(
            name="DayOdd",
            fields=[
                ("id", _key()),
                ("datastream", models.IntegerField()),
                ("day", models.IntegerField()),
                ("count", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("datastream", "day"), name="one_odd_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", _key()),
                ("datastream", models.IntegerField()),
                ("at", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("count", models.IntegerField(default=0)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("datastream", "at", "reason"), name="one_correction_a_half_hour")
                ],
            },
        ),
    ]
