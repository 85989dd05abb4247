"""For whom a steward may make something, and who may see it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.queries.stewarding import stewarded_parties
from stadtwabe.kit.actor import Actor
from stadtwabe.people.models import Party
from stadtwabe.places.models import Network


def offer_owners(field: forms.Field, owners: QuerySet[Party]) -> None:
    """Let ``field`` ask for one of ``owners``, unless there is only one to choose."""
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = owners
    only = list(owners[:2])
    if len(only) == 1:
        field.widget, field.initial = forms.HiddenInput(), only[0].pk


class ActorForm(forms.Form):
    """A form that knows who fills it in."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor


class OwnerFields(ActorForm):
    """Asks for the owner, unless there is only one to choose."""

    owner = forms.ModelChoiceField(
        Party.objects.none(), label=_("Wer ist zuständig?"), empty_label=None
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        offer_owners(self.fields["owner"], stewarded_parties(actor))


class AudienceFields(ActorForm):
    """Asks who may see it."""

    audience = forms.ChoiceField(
        label=_("Wer darf ihn sehen?"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        initial=Audience.PUBLIC,
    )
    networks = forms.ModelMultipleChoiceField(
        Network.objects.none(),
        label=_("Welche Verbünde?"),
        help_text=_("Nur nötig, wenn er für genannte Verbünde ist."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        field = self.fields["networks"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        known = Network.objects.order_by("name")
        field.queryset = known if actor.is_operator else known.filter(pk__in=actor.audiences)
