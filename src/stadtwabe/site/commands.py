"""Writes that belong to the installation as a whole."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require
from stadtwabe.site.models import BarrierReport


def report_barrier(
    *, actor: Actor, text: str, page: str, contact: str, now: datetime
) -> BarrierReport:
    """Keep a report of a barrier, and tell the operator. Anybody may report one."""
    require(actor, "site.report_barrier")
    if not text.strip():
        raise Invalid(_("Bitte beschreiben Sie die Barriere."), field="text")
    report = BarrierReport.objects.create(at=now, text=text.strip(), page=page, contact=contact)
    if settings.OPERATOR["email"]:
        transaction.on_commit(
            lambda: send_mail(
                _("Stadtwabe: Barriere gemeldet"),
                f"{report.page}\n\n{report.text}",
                None,
                [settings.OPERATOR["email"]],
                fail_silently=True,
            )
        )
    return report


@transaction.atomic
def close_barrier_report(*, actor: Actor, report: BarrierReport, now: datetime) -> None:
    """Close a report; the contact is deleted."""
    require(actor, "site.close_barrier_report", report)
    report.closed_at, report.contact = now, ""
    report.save(update_fields=["closed_at", "contact"])
    record(actor=actor, command="site.close_barrier_report", subject=report, now=now)
