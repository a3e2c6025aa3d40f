from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0003_assessment_file"),
    ]

    operations = [
        migrations.AddField("opinionrow", "name", models.CharField(default="", max_length=40)),
        migrations.AddField("opinionrow", "salt", models.BinaryField(default=bytes)),
        migrations.AddField("assessmentfile", "name", models.CharField(default="", max_length=40)),
        migrations.AddField("assessmentfile", "salt", models.BinaryField(default=bytes)),
    ]
