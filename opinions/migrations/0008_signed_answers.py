from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("opinions", "0007_answers_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="answersheet",
            name="nonce",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="answersheet",
            name="signed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
