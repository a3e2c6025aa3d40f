# What was refused of declarations, counted by month and reason.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_certificates")]

    operations = [
        migrations.CreateModel(
            name="RefusedChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("territory", models.CharField(max_length=100)),
                ("month", models.CharField(max_length=7)),
                ("kind", models.CharField(max_length=40)),
                ("slug", models.CharField(blank=True, max_length=120)),
                ("promise", models.CharField(max_length=100)),
                ("code", models.CharField(max_length=100)),
                ("count", models.BigIntegerField(default=0)),
                ("first", models.DateTimeField()),
                ("last", models.DateTimeField()),
                ("refusal", models.BinaryField()),
            ],
            options={
                "db_table": "evidence_refused_change",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("territory", "month", "kind", "slug", "promise", "code"),
                        name="one_count_of_a_refused_change",
                    )
                ],
            },
        ),
    ]
