from django.db import migrations, models

from stadtwabe.kit.sealed import seal, unseal


def _each(apps, change):
    for model, column, purpose in (
        ("Pull", "header_secret", "hub.pull"),
        ("AlertRule", "webhook_secret", "hub.webhook"),
    ):
        rows = apps.get_model("hub", model).objects.exclude(**{column: ""})
        for row in rows.only("pk", column):
            setattr(row, column, change(getattr(row, column), purpose=purpose))
            row.save(update_fields=[column])


def _seal(apps, _schema_editor):
    _each(apps, seal)


def _open(apps, _schema_editor):
    _each(apps, unseal)


class Migration(migrations.Migration):
    dependencies = [("hub", "0012_meters")]

    operations = [
        migrations.AlterField(
            model_name="pull",
            name="header_secret",
            field=models.TextField(blank=True, verbose_name="Schlüssel"),
        ),
        migrations.AlterField(
            model_name="alertrule",
            name="webhook_secret",
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(_seal, _open),
    ]
