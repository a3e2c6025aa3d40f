from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="OpinionRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("territory", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=40)),
                ("slug", models.CharField(max_length=120)),
                ("version", models.PositiveIntegerField()),
                ("verdict", models.CharField(max_length=20)),
                ("text_fr", models.TextField()),
                ("text_en", models.TextField(default="")),
                ("account", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("withdrawn", models.BooleanField(default=False)),
            ],
            options={"indexes": [models.Index(fields=["territory", "kind", "slug"], name="opinion_on")]},
        ),
    ]
