# Models of declarations that a territory offers to others, and each offer with its answer.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0007_refused_change")]

    operations = [
        migrations.CreateModel(
            name="Offered",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("territory", models.CharField(max_length=100)),
                ("slug", models.CharField(max_length=120)),
                ("title", models.TextField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("at", models.DateTimeField()),
                ("account", models.CharField(blank=True, max_length=100)),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "evidence_offered",
                "constraints": [models.UniqueConstraint(fields=("territory", "slug"), name="one_model_of_a_name")],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "offered",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="evidence.offered"),
                ),
                ("code", models.CharField(max_length=20)),
                ("slug", models.CharField(max_length=100)),
                ("name", models.TextField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "evidence_offer",
                "constraints": [
                    models.UniqueConstraint(fields=("offered", "code"), name="one_offer_to_each_territory")
                ],
                "indexes": [models.Index(fields=["slug"], name="offers_to_a_territory")],
            },
        ),
    ]
