from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('authority', '0004_safety_phone'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=64)),
                ('on', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'digest'), name='authority_erasure_once')],
            },
        ),
    ]
