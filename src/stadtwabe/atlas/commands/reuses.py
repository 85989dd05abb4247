"""That a project was taken over from another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.atlas.models import Project, Reuse
from stadtwabe.catalog.rules import LinkKind
from stadtwabe.evidence.commands.facts import remove_fact, write_fact
from stadtwabe.evidence.sources import Source
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.permissions import require


def add_reuse(
    *,
    actor: Actor,
    project: Project,
    original: Project,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    now: datetime,
    beside: bool = False,
    claims: frozenset[str] = frozenset(),
) -> Reuse:
    """Say that ``project`` reuses ``original``; the same pair again adds to what is known.

    ``values``: changes, cost. ``sources`` has ``relation`` and one for each value. Raises
    NotAllowed, or Invalid for a project that would reuse itself or what reuses it.
    """
    reuse = Reuse.objects.filter(project=project, original=original).first() or Reuse(
        project=project, original=original
    )
    require(actor, "atlas.add_reuse", reuse)
    if project == original or Reuse.objects.filter(project=original, original=project).exists():
        raise Invalid(
            _("Ein Projekt kann nicht sein eigenes Vorbild sein."),
            field="original",
            remedy=_("Wählen Sie das Projekt, das zuerst da war."),
        )
    return write_fact(
        actor=actor,
        action="atlas.add_reuse",
        row=reuse,
        source=project.card,
        target=original.card,
        kind=LinkKind.REUSES,
        values=values,
        sources=sources,
        now=now,
        beside=beside,
        claims=claims,
    )


def remove_reuse(*, actor: Actor, reuse: Reuse, because: str, now: datetime) -> None:
    """Take back that a project reuses another."""
    require(actor, "atlas.remove_reuse", reuse)
    remove_fact(actor=actor, action="atlas.remove_reuse", row=reuse, because=because, now=now)
