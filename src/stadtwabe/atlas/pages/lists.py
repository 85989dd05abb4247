"""The entry of the atlas and the list of each of its kinds of things."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtwabe.atlas.cards import ATLAS_NOUNS
from stadtwabe.atlas.queries.numbers import counts_by_kind
from stadtwabe.catalog.kinds import CardKind, Label
from stadtwabe.catalog.pages.lists import card_list
from stadtwabe.evidence.things import thing_kind
from stadtwabe.people.actors import actor_of
from stadtwabe.people.rules import Role

LEADS: dict[str, Label] = {
    "project": gettext_lazy("Was Städte und Gemeinden vorhaben, erproben und betreiben."),
    "solution": gettext_lazy("Was mehrere Städte einsetzen und andere übernehmen können."),
    "strategy": gettext_lazy("Was Städte, Kreise und Regionen sich vorgenommen haben."),
    "funding": gettext_lazy("Wofür es Geld gibt, wer es bekommt und bis wann."),
    "publication": gettext_lazy("Studien, Umfragen, Leitfäden und Sammlungen."),
    "organisation": gettext_lazy("Wer mitmacht: was sie bieten und suchen."),
    "portrait": gettext_lazy("Wie weit eine Stadt auf ihrem Weg ist und wer sich kümmert."),
}


@dataclass(frozen=True, slots=True)
class KindTile:
    """One kind of thing on the entry of the atlas."""

    kind: CardKind
    lead: Label
    count: int


def entry(request: HttpRequest) -> HttpResponseBase:
    """Show all of the atlas: numbers, ways in, and the navigator over everything."""
    counts = counts_by_kind(actor_of(request))
    tiles = [
        KindTile(noun.card_kind, LEADS[noun.name], counts.get(noun.name, 0)) for noun in ATLAS_NOUNS
    ]
    return card_list(
        request,
        kinds=[noun.name for noun in ATLAS_NOUNS],
        title=_("Atlas"),
        lead=_("Was Städte digital schon gebaut haben. Jede Angabe führt zu ihrer Quelle."),
        template="atlas/entry.html",
        context={"tiles": tiles},
    )


def kind_list(name: str) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the list of all things of the kind ``name``."""

    def page(request: HttpRequest) -> HttpResponseBase:
        kind = thing_kind(name).card_kind
        actor = actor_of(request)
        return card_list(
            request,
            kinds=(name,),
            title=str(kind.plural),
            lead=str(LEADS[name]),
            template="atlas/kind_list.html",
            context={
                "kind": kind,
                "crumbs": [(_("Atlas"), "/atlas/"), (kind.plural, "")],
                "may_create": actor.is_operator or actor.holds_anywhere(Role.EDITOR),
            },
        )

    return page
