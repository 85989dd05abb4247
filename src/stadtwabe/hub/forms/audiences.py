"""Who may see a thing or a datastream, asked in words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.models import Datastream, Thing
from stadtwabe.kit.actor import Actor
from stadtwabe.places.models import Network

WORDS = {
    Audience.PUBLIC: gettext_lazy("Alle, auch ohne Anmeldung"),
    Audience.NETWORKS: gettext_lazy("Nur bestimmte Verbünde"),
    Audience.OWNER: gettext_lazy("Nur wir"),
}
AS_THING = "thing"
NARROWER = {
    Audience.PUBLIC: (Audience.NETWORKS, Audience.OWNER),
    Audience.NETWORKS: (Audience.OWNER,),
    Audience.OWNER: (),
}
"""What a datastream may choose that is narrower than its thing."""


class SharedForm(forms.Form):
    """Asks who may see it; ``offered`` are the networks one may choose."""

    networks = forms.ModelMultipleChoiceField(
        Network.objects.none(),
        label=gettext_lazy("Welche Verbünde?"),
        help_text=gettext_lazy("Nur nötig bei „Nur bestimmte Verbünde“."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, actor: Actor, chosen: Any = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.actor = actor
        field = self.fields["networks"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        known = Network.objects.order_by("name")
        ids = {*actor.audiences, *(network.pk for network in chosen)}
        field.queryset = known if actor.is_operator else known.filter(pk__in=ids)
        if not field.queryset.exists():
            del self.fields["networks"]

    @property
    def wanted_networks(self) -> list[Network]:
        """The networks that were chosen."""
        return list(self.cleaned_data.get("networks") or ())

    def clean(self) -> dict[str, Any]:
        """Ask for the networks where it is for networks."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("audience") == Audience.NETWORKS and not values.get("networks"):
            name = "networks" if "networks" in self.fields else "audience"
            raise ValidationError({name: _("Bitte wählen Sie mindestens einen Verbund.")})
        return values


def thing_choices(actor: Actor) -> list[tuple[str, Any]]:
    """Return who may see a thing; without networks there are none to choose."""
    has_networks = actor.is_operator or bool(actor.audiences)
    return [
        (audience.value, words)
        for audience, words in WORDS.items()
        if has_networks or audience != Audience.NETWORKS
    ]


def stream_choices(
    actor: Actor, thing: Thing, stream: Datastream | None = None
) -> list[tuple[str, Any]]:
    """Return who may see a datastream of ``thing``: as the thing, or fewer."""
    as_thing = _("Wie das Gerät: %(who)s") % {"who": WORDS[Audience(thing.audience)]}
    has_networks = actor.is_operator or bool(actor.audiences)
    narrower = [
        each
        for each in NARROWER[Audience(thing.audience)]
        if has_networks or each != Audience.NETWORKS
    ]
    wished = stream.narrowed_to if stream is not None else None
    if wished == Audience.NETWORKS == thing.audience:
        narrower = [Audience.NETWORKS, *narrower]
    return [(AS_THING, as_thing), *((each.value, WORDS[each]) for each in narrower)]
