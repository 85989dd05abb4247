"""What a project is said to have brought, each with its grade and its source."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from stadtwabe.atlas.models import EffectClaim
from stadtwabe.catalog.models import Card
from stadtwabe.evidence.queries.statements import statements_for
from stadtwabe.evidence.queries.things import ShownField, ShownValue
from stadtwabe.evidence.rules import StatementState
from stadtwabe.kit.prepared import prepared

PROPERTY = "effects"


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """An effect with its sentence and what it rests on."""

    effect: EffectClaim
    sentence: ShownField


def effects_of(card: Card) -> Sequence[ShownEffect]:
    """Return the effects noted for the project of ``card``."""
    shown = []
    for effect in _claims_about(card.pk):
        found = statements_for(card, PROPERTY, str(effect))
        sources = tuple(each for each in found if each.state == StatementState.CURRENT)
        value = ShownValue(str(effect), sources)
        shown.append(
            ShownEffect(effect, ShownField(PROPERTY, effect.indicator, (value,), is_wording=True))
        )
    return shown


@prepared
def _claims_about(card: int) -> QuerySet[EffectClaim]:
    return EffectClaim.objects.filter(project__card=card)
