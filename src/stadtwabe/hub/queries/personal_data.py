"""What the hub keeps of a person, for their own eyes."""

from typing import Any

from django.utils.translation import ngettext

from stadtwabe.hub.models import Alert, AlertDelivery, AlertRule, Upload
from stadtwabe.people.models import User


def kept_about(user: User) -> dict[str, Any]:
    """Return the alert rules that name ``user``, messages sent to them, and files they sent."""
    rules = AlertRule.objects.filter(recipients=user).select_related(
        "owner__place", "owner__organisation", "owner__network"
    )
    messages = AlertDelivery.objects.filter(recipient=user).select_related("alert__rule")
    acknowledged = Alert.objects.filter(acknowledged_by=user.number).select_related("rule")
    uploads = Upload.objects.filter(created_by=user)
    return {
        "alert_rules": [
            {"name": rule.name, "party": str(rule.owner), "is_active": rule.is_active}
            for rule in rules.order_by("pk")
        ],
        "alert_messages": [
            {
                "rule": each.alert.rule.name,
                "occasion": each.occasion,
                "state": each.state,
                "due_at": each.due_at.isoformat(),
                "done_at": each.done_at.isoformat() if each.done_at else None,
            }
            for each in messages.order_by("pk").iterator()
        ],
        "alerts_acknowledged": [
            {
                "rule": alert.rule.name,
                "at": alert.acknowledged_at.isoformat() if alert.acknowledged_at else None,
                "note": alert.note,
            }
            for alert in acknowledged.order_by("pk").iterator()
        ],
        "uploads": [
            {"file_name": upload.file_name, "created_at": upload.created_at.isoformat()}
            for upload in uploads.order_by("pk").iterator()
        ],
    }


def silenced_by_leaving(user: User) -> list[str]:
    """Say how many alert rules tell nobody any more when ``user`` is gone."""
    others = User.objects.exclude(pk=user.pk)
    rules = AlertRule.objects.filter(recipients=user, webhook_address="", is_active=True)
    alone = rules.exclude(recipients__in=others).count()
    if not alone:
        return []
    return [
        ngettext(
            "%(count)d Warnregel nennt nur Sie: Ihre Nachrichten bekommt dann niemand mehr.",
            "%(count)d Warnregeln nennen nur Sie: Ihre Nachrichten bekommt dann niemand mehr.",
            alone,
        )
        % {"count": alone}
    ]
