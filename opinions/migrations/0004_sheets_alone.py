import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opinions", "0003_answers_on_sheets")]

    operations = [
        migrations.RemoveConstraint(model_name="answer", name="one_answer_a_question"),
        migrations.RemoveConstraint(model_name="answer", name="only_agreement_needs_no_reason"),
        migrations.RemoveField(model_name="answer", name="slip"),
        migrations.RemoveField(model_name="answer", name="position"),
        migrations.AlterField(
            model_name="answer",
            name="sheet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="opinions.answersheet"
            ),
        ),
        migrations.AlterField(
            model_name="opinionrequest",
            name="kind",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="opinions.requestkind",
                verbose_name="kind of request",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("sheet", "question"), name="one_answer_a_question"),
        ),
    ]
