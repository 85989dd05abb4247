"""Forms for facts between things: who runs a solution, who took over what, who got which money."""

from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.models import Deployment, EffectClaim, Grant, Reuse
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries import visible_to
from stadtwabe.evidence.forms.fields import KnownDayField, PartyField
from stadtwabe.evidence.forms.sources import SourceFields
from stadtwabe.evidence.forms.things import DAY_EXAMPLE, plain_field
from stadtwabe.evidence.things import column_of
from stadtwabe.kit.actor import Actor


class FactForm(SourceFields):
    """Asks for the other end, for what is known of it, and for the source."""

    model: type[models.Model]
    columns: tuple[str, ...] = ()
    days: tuple[str, ...] = ()

    def __init__(self, *args: Any, actor: Actor, today: date, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, today=today, **kwargs)
        for name in self.columns:
            self.fields[name] = plain_field(column_of(self.model, name))
        for name in self.days:
            label = column_of(self.model, name).verbose_name
            self.fields[name] = KnownDayField(label=label, required=False, help_text=DAY_EXAMPLE)

    @property
    def asked(self) -> list[forms.BoundField]:
        """What is asked of the fact."""
        first = [name for name in self.fields if name in {"party", "original"}]
        return [self[name] for name in [*first, *self.columns, *self.days]]

    @property
    def source_fields(self) -> list[forms.BoundField]:
        """The questions about the source."""
        return [self[name] for name in SourceFields.base_fields]

    @property
    def values(self) -> dict[str, Any]:
        """The values that were given; days with their precision where the table keeps one."""
        found: dict[str, Any] = {name: self.cleaned_data.get(name) for name in self.columns}
        for name in self.days:
            day = self.cleaned_data.get(name)
            if day is None:
                continue
            found[name] = day[0]
            if hasattr(self.model, f"{name}_precision"):
                found[f"{name}_precision"] = day[1]
        return {name: value for name, value in found.items() if value not in (None, "")}


class DeploymentForm(FactForm):
    """Who runs the solution."""

    model, columns, days = Deployment, ("state", "cost"), ("since",)
    party = PartyField(label=_("Wer setzt die Lösung ein?"), max_length=200)


class GrantForm(FactForm):
    """Who got money from the programme."""

    model, columns, days = Grant, ("amount_eur",), ("starts_on", "ends_on")
    party = PartyField(label=_("Wer wird gefördert?"), max_length=200)


class ReuseForm(FactForm):
    """Which project was the model for this one."""

    model, columns = Reuse, ("changes", "cost")
    original = forms.ModelChoiceField(Card.objects.none(), label=_("Welches Projekt war Vorbild?"))

    def __init__(self, *args: Any, actor: Actor, today: date, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, today=today, card=card, **kwargs)
        others = visible_to(actor).filter(kind="project").exclude(pk=card.pk).order_by("title")
        self.fields["original"].queryset = others  # type: ignore[attr-defined]  # a ModelChoiceField


class EffectForm(FactForm):
    """What the project brought."""

    model = EffectClaim
    columns = ("indicator", "baseline", "value", "unit", "method", "grade")
    days = ("starts_on", "ends_on")

    def __init__(self, *args: Any, actor: Actor, today: date, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, today=today, card=card, **kwargs)
        for name in ("indicator", "grade"):
            self.fields[name].required = True
