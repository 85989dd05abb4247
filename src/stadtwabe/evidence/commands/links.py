"""Looking whether the addresses that things and documents name still answer."""

from datetime import datetime, timedelta

from django.db.models import F

from stadtwabe.evidence.models import Document, LinkCheck
from stadtwabe.evidence.things import thing_kinds
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import NotAllowed
from stadtwabe.kit.fetch import Unfetchable, probe

EVERY = timedelta(days=7)
AT_ONCE = 50
"""The most addresses that one run looks at."""
NOT_DEAD = frozenset({401, 403, 405, 406, 429})
"""Answers that say "not to a program", not "gone" (RFC 9110)."""


def named_addresses() -> set[str]:
    """Return every address that a thing in public or a document names."""
    found = set(Document.objects.exclude(address="").values_list("address", flat=True))
    for kind in thing_kinds():
        for column in {"website", "repository", "stream", "documentation"} & set(kind.fields):
            found |= set(
                kind.model._default_manager.filter(card__withdrawn_at__isnull=True)
                .exclude(**{f"{column}__isnull": True})
                .values_list(column, flat=True)
            )
    return {address for address in found if address}


def check_links(*, actor: Actor, now: datetime) -> int:
    """Look at the addresses that are due, the oldest first; return how many were looked at.

    Addresses that nothing names any more are forgotten. Only the installation itself may.
    """
    if not actor.is_operator:
        raise NotAllowed("Only the installation checks links.")
    named = named_addresses()
    LinkCheck.objects.exclude(address__in=named).delete()
    known = dict(LinkCheck.objects.values_list("address", "checked_at"))
    due = [address for address in named if known.get(address, now - EVERY) <= now - EVERY]
    due.sort(key=lambda address: (known.get(address) is not None, known.get(address), address))
    for address in due[:AT_ONCE]:
        _look(address, now)
    return len(due[:AT_ONCE])


def _look(address: str, now: datetime) -> None:
    status, problem = None, ""
    try:
        status = probe(address)
    except Unfetchable as error:
        if error.code == "robots":  # we may not look, so we do not know
            LinkCheck.objects.filter(address=address).update(checked_at=now)
            return
        problem = error.message[:300]
    is_dead = status is None or (status >= 400 and status not in NOT_DEAD)
    LinkCheck.objects.update_or_create(
        address=address, defaults={"checked_at": now, "status": status, "problem": problem}
    )
    check = LinkCheck.objects.filter(address=address)
    if not is_dead:
        check.update(failing_since=None)
    else:
        check.filter(failing_since__isnull=True).update(failing_since=F("checked_at"))
