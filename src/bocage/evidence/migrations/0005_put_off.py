# What a person does not want to be shown as the next thing before a day.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_turn")]

    operations = [
        migrations.CreateModel(
            name="PutOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("territory", models.CharField(max_length=100)),
                ("account", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=64)),
                ("until", models.DateField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "evidence_put_off",
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "account", "key"), name="put_off_once_by_each_person")
                ],
            },
        ),
    ]
