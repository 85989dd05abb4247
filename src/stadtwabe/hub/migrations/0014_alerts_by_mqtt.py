import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hub", "0013_sealed_secrets")]

    operations = [
        migrations.AddField(
            model_name="alertrule",
            name="accounts",
            field=models.ManyToManyField(
                blank=True, related_name="alert_rules", to="hub.devicetoken"
            ),
        ),
        migrations.AddField(
            model_name="alertdelivery",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="hub.devicetoken",
            ),
        ),
        migrations.AlterField(
            model_name="alertdelivery",
            name="channel",
            field=models.CharField(
                choices=[
                    ("mail", "E-Mail"),
                    ("webhook", "Webhook"),
                    ("mqtt", "MQTT"),
                    ("public", "MQTT, öffentlich"),
                ],
                max_length=7,
            ),
        ),
        migrations.RemoveConstraint("alertdelivery", "hub_alertdelivery_once"),
        migrations.AddConstraint(
            "alertdelivery",
            models.UniqueConstraint(
                fields=["alert", "occasion", "channel", "recipient", "account"],
                nulls_distinct=False,
                name="hub_alertdelivery_once",
            ),
        ),
    ]
