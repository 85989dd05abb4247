"""Who would see a thing or a datastream, in words, before it is saved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.models import Datastream, Thing
from stadtwabe.kit.clock import day_of
from stadtwabe.people.models import Party
from stadtwabe.people.queries import running_memberships
from stadtwabe.places.models import Network, NetworkMember

MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Viewers:
    """Who sees it: one sentence, what follows from it, and how wide that is."""

    audience: Audience
    sentence: str
    details: Sequence[str]


def viewers_of(
    owner: Party, audience: str, networks: Iterable[Network], *, now: datetime
) -> Viewers:
    """Return who sees what ``owner`` shows to ``audience``, with today's numbers."""
    if audience == Audience.PUBLIC:
        return Viewers(
            Audience.PUBLIC,
            _("Alle Menschen, auch ohne Anmeldung."),
            (
                _("Auf der Karte, in der Suche und auf der Seite Ihres Ortes."),
                _("Über die offene Schnittstelle und als Datei, auch für andere Portale."),
            ),
        )
    own = _people(Q(party=owner), now)
    if audience == Audience.OWNER:
        return Viewers(
            Audience.OWNER,
            _("Nur wer bei %(owner)s eine Rolle hat.") % {"owner": owner},
            (_people_in_words(own), _("Wer diese Stadtwabe betreibt, sieht es auch.")),
        )
    chosen = list(networks)
    towns = _members(chosen, now)
    people = Q(party=owner) | Q(party__place__in=towns) | Q(party__network__in=chosen)
    return Viewers(
        Audience.NETWORKS,
        _("Nur Angemeldete aus %(names)s.") % {"names": ", ".join(map(str, chosen)) or "–"},
        (_towns_in_words(list(towns.values())), _people_in_words(_people(people, now))),
    )


def narrower_streams(thing: Thing) -> list[Datastream]:
    """Return the datastreams that fewer see than their thing, by name."""
    return list(
        thing.datastreams.exclude(audience=thing.audience).order_by("name", "pk")[:MOST_NAMED]
    )


def _members(networks: Sequence[Network], now: datetime) -> dict[str, str]:
    """Return keys and names of the towns that belong to ``networks`` today, by name."""
    today = day_of(now)
    members = NetworkMember.objects.filter(network__in=networks).filter(
        Q(since__isnull=True) | Q(since__lte=today), Q(until__isnull=True) | Q(until__gte=today)
    )
    return dict(members.order_by("place__name").values_list("place", "place__name"))


def _people(where: Q, now: datetime) -> int:
    living = running_memberships(today=day_of(now)).filter(where, user__is_active=True)
    return living.values("user").distinct().count()


def _people_in_words(count: int) -> str:
    return ngettext(
        "Zurzeit ist das %(count)d Person.", "Zurzeit sind das %(count)d Personen.", count
    ) % {"count": count}


def _towns_in_words(names: Sequence[str]) -> str:
    named = ", ".join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        return _("Das sind %(count)d Kommunen: %(names)s und weitere.") % {
            "count": len(names),
            "names": named,
        }
    return ngettext(
        "Das ist %(count)d Kommune: %(names)s.",
        "Das sind %(count)d Kommunen: %(names)s.",
        len(names),
    ) % {"count": len(names), "names": named}
