# What was refused, month by month and reason by reason.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ingest", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="RefusedMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("territory", models.CharField(max_length=200)),
                ("month", models.CharField(max_length=7)),
                ("promise", models.CharField(max_length=100)),
                ("code", models.CharField(max_length=100)),
                ("kept", models.BooleanField(default=False)),
                ("count", models.BigIntegerField(default=0)),
                ("first", models.DateTimeField()),
                ("last", models.DateTimeField()),
                ("refusal", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("territory", "month", "promise", "code", "kept"),
                        name="one_count_for_each_reason_a_month",
                    )
                ],
            },
        ),
    ]
