"""Secrets that are sent to others: kept sealed, and sealed anew when the key changes."""

from django.db import models, transaction

from stadtwabe.hub.models import AlertRule, Pull
from stadtwabe.kit.sealed import Unsealable, seal_anew

PULL = "hub.pull"
WEBHOOK = "hub.webhook"
KEPT: tuple[tuple[type[models.Model], str, str], ...] = (
    (Pull, "header_secret", PULL),
    (AlertRule, "webhook_secret", WEBHOOK),
)


def seal_all_anew() -> tuple[int, int]:
    """Seal every kept secret with the newest key; return how many, and how many no key opens.

    Those are left as they are: with the key they were sealed with they open again. May be done
    twice, and while everything runs.
    """
    done = lost = 0
    for model, column, purpose in KEPT:
        for pk in model._default_manager.exclude(**{column: ""}).values_list("pk", flat=True):
            with transaction.atomic():
                row = model._default_manager.select_for_update().filter(pk=pk).first()
                sealed = getattr(row, column, "")
                if row is None or not sealed:
                    continue
                try:
                    setattr(row, column, seal_anew(sealed, purpose=purpose))
                except Unsealable:
                    lost += 1
                    continue
                row.save(update_fields=[column])
                done += 1
    return done, lost
