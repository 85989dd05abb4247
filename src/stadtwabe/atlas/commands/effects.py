"""What a project is said to have brought."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.atlas.models import EffectClaim, Project
from stadtwabe.atlas.rules import EffectGrade
from stadtwabe.evidence.commands.facts import clean_row
from stadtwabe.evidence.commands.statements import record_statements
from stadtwabe.evidence.commands.values import checked_values
from stadtwabe.evidence.events import ThingWritten
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.sources import Source
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.errors import Invalid
from stadtwabe.kit.events import publish
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require

PROPERTY = "effects"


@transaction.atomic
def add_effect(
    *, actor: Actor, project: Project, values: Mapping[str, Any], source: Source, now: datetime
) -> EffectClaim:
    """Note an effect of ``project``: indicator, and what is known of the other columns.

    What is only claimed is stated as a claim. Raises NotAllowed, or Invalid when a measured
    effect has no value or no method.
    """
    require(actor, "atlas.add_effect", project)
    effect = EffectClaim(project=project, **checked_values(EffectClaim, values))
    measured = effect.grade in {EffectGrade.MEASURED, EffectGrade.EVALUATED}
    if measured and (effect.value is None or not effect.method):
        raise Invalid(
            _("Eine gemessene Wirkung braucht Wert und Methode."),
            field="method" if effect.value is not None else "value",
            remedy=_("Ergänzen Sie beides, oder stufen Sie die Wirkung als behauptet ein."),
        )
    clean_row(effect)
    effect.save()
    record_statements(
        actor=actor,
        about=project.card,
        values={PROPERTY: [str(effect)]},
        sources={PROPERTY: source},
        claims=frozenset({PROPERTY} if effect.grade == EffectGrade.CLAIMED else ()),
        now=now,
        beside=True,
    )
    _report(actor, "atlas.add_effect", project, effect, now)
    return effect


@transaction.atomic
def remove_effect(*, actor: Actor, effect: EffectClaim, because: str, now: datetime) -> None:
    """Take an effect back; what was said of it stays in the history as withdrawn."""
    require(actor, "atlas.remove_effect", effect.project)
    if not because.strip():
        raise Invalid(_("Bitte nennen Sie einen Grund."), field="because")
    project = effect.project
    Statement.objects.filter(card=project.card, property=PROPERTY, value=str(effect)).update(
        state=StatementState.WITHDRAWN, valid_to=day_of(now)
    )
    _report(actor, "atlas.remove_effect", project, effect, now, because=because.strip())
    effect.delete()


def _report(
    actor: Actor, action: str, project: Project, effect: EffectClaim, now: datetime, **more: str
) -> None:
    record(
        actor=actor,
        command=action,
        subject=project.card,
        now=now,
        details={"effect": str(effect), **more},
    )
    publish(ThingWritten(card_id=project.card.pk, kind="project", verb="edit"))
