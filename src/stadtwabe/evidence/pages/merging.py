"""The page on which an editor says that two entries are the same thing."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.queries import visible_to
from stadtwabe.evidence.commands import merge_things
from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.evidence.pages.things import View, crumbs_of, thing_at
from stadtwabe.evidence.things import SourcedThing, ThingKind, thing_kind
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import now as clock_now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import require


class MergeForm(forms.Form):
    """Asks which other entry is the same."""

    duplicate = forms.ModelChoiceField(Card.objects.none(), empty_label=None)

    def __init__(self, *args: object, kind: ThingKind, actor: Actor, thing: SourcedThing) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # data, or None
        others = (
            visible_to(actor).filter(kind=kind.name).exclude(pk=thing.card.pk).order_by("title")
        )
        field = self.fields["duplicate"]
        field.queryset = others  # type: ignore[attr-defined]  # a ModelChoiceField
        field.label = _("Welcher Eintrag meint dasselbe?")
        field.help_text = _("Er geht in „%s“ auf; seine Adresse leitet hierher.") % thing


def merge_page(name: str) -> View:
    """Return the page that merges another thing of the kind ``name`` into this one."""

    @get_or_post
    def page(request: HttpRequest, slug: str) -> HttpResponse:
        kind, actor = thing_kind(name), actor_of(request)
        thing = thing_at(request, kind, slug)
        require(actor, kind.action("merge"), thing)
        form = MergeForm(request.POST or None, kind=kind, actor=actor, thing=thing)
        if request.method == "POST" and form.is_valid():
            duplicate = kind.model._default_manager.get(card=form.cleaned_data["duplicate"])
            with errors_shown(form):
                merge_things(
                    actor=actor, kind=kind, survivor=thing, duplicate=duplicate, now=clock_now()
                )
                messages.success(request, _("„%s“ ist aufgenommen.") % duplicate)
                return redirect(thing.card.path)
        context = {
            "title": _("%s mit einer Doppelung zusammenführen") % thing,
            "consequence": _(
                "Angaben, Beteiligte und Verbindungen ziehen um. Widersprüche bleiben "
                "nebeneinander stehen. Die Redaktion kann das zurücknehmen."
            ),
            "action": _("Zusammenführen"),
            "back": thing.card.path,
            "form": form,
            "crumbs": crumbs_of(kind, str(thing), _("Zusammenführen")),
        }
        status = 422 if form.errors else 200
        return render(request, "kit/confirm.html", context, status=status)

    return page
