# How each promise stood over time: one row for each turn.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_stood")]

    operations = [
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("territory", models.CharField(max_length=100)),
                ("promise", models.CharField(max_length=100)),
                ("outcome", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "evidence_turn",
                "indexes": [models.Index(fields=["territory", "at"], name="turns_of_territory")],
            },
        ),
    ]
