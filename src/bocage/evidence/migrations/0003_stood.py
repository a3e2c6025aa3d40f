# Since when each promise, and each thing found about it, stands as it does.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_undoable")]

    operations = [
        migrations.CreateModel(
            name="Stood",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("territory", models.CharField(max_length=100)),
                ("promise", models.CharField(max_length=100)),
                ("key", models.CharField(blank=True, max_length=64)),
                ("outcome", models.CharField(max_length=30)),
                ("since", models.DateTimeField()),
            ],
            options={
                "db_table": "evidence_stood",
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "promise", "key"), name="one_outcome_for_each_finding")
                ],
            },
        ),
    ]
