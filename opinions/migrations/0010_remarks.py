import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('opinions', '0011_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('issue', models.PositiveSmallIntegerField()),
                ('status', models.CharField(choices=[('raised', 'to be explained'), ('explained', 'explained by the lead agency'), ('settled', 'settled')], default='raised', max_length=10, verbose_name='status')),
                ('verdict', models.CharField(blank=True, choices=[('', 'not settled'), ('accepted', 'accepted'), ('partly', 'accepted in part'), ('explained', 'explained'), ('rejected', 'not accepted')], default='', max_length=10, verbose_name='what becomes of the remark')),
                ('explanation', models.TextField(blank=True, verbose_name='explanation')),
                ('explained_at', models.DateTimeField(blank=True, null=True)),
                ('explained_by_name', models.CharField(blank=True, max_length=200)),
                ('settlement', models.TextField(blank=True, verbose_name='note of the office')),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_by_name', models.CharField(blank=True, max_length=200)),
                ('stance', models.CharField(blank=True, choices=[('', 'the member has not said'), ('satisfied', 'the member is satisfied'), ('maintained', 'the member maintains the remark')], default='', max_length=10, verbose_name='what the member says')),
                ('stance_words', models.TextField(blank=True, verbose_name='in her own words')),
                ('stance_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='remark', to='opinions.answer')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='opinions.opinionrequest')),
                ('slip', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='opinions.opinionslip')),
            ],
            options={
                'verbose_name': 'remark',
                'verbose_name_plural': 'remarks',
                'ordering': ['request', 'number'],
            },
        ),
        migrations.AddConstraint(
            model_name='remark',
            constraint=models.UniqueConstraint(fields=('request', 'number'), name='one_remark_a_number'),
        ),
        migrations.AddConstraint(
            model_name='remark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('explained_at__isnull', True), ('status', 'raised'), ('verdict', '')), models.Q(models.Q(('status', 'raised'), _negated=True), models.Q(('verdict', ''), _negated=True), models.Q(('explanation', ''), _negated=True), ('explained_at__isnull', False)), _connector='OR'), name='explained_means_verdict_words_and_time'),
        ),
        migrations.AddConstraint(
            model_name='remark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', False), ('status', 'settled')), models.Q(models.Q(('status', 'settled'), _negated=True), ('settled_at__isnull', True)), _connector='OR'), name='settled_means_time'),
        ),
    ]
