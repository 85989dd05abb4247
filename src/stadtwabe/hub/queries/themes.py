"""Datastreams by theme and by town: what there is, and how much of it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from stadtwabe.hub.measures import THEMES, Theme
from stadtwabe.hub.models import Datastream, ObservedProperty
from stadtwabe.places.models import Place


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """A theme, how many datastreams of it there are, in how many towns, and what they measure."""

    theme: Theme
    streams: int
    towns: int
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class TownCount:
    """A town, and how many datastreams there are in it."""

    place: Place
    streams: int


def of_theme(streams: QuerySet[Datastream], theme: Theme) -> QuerySet[Datastream]:
    """Narrow ``streams`` to a theme: by what they observe; several values at once by their name."""
    observed = ObservedProperty.objects.filter(
        Q(definition__in=theme.definitions) | Q(name__iregex=theme.words)
    )
    by_name = Q(is_multi=True, name__iregex=theme.words)
    return streams.filter(Q(observed_property__in=observed) | by_name)


def measuring(streams: QuerySet[Datastream], name: str) -> QuerySet[Datastream]:
    """Narrow ``streams`` to those that measure what is called ``name``."""
    return streams.filter(Q(observed_property__name=name) | Q(is_multi=True, name=name))


def theme_counts(streams: QuerySet[Datastream]) -> list[ThemeCount]:
    """Return the themes of which there is something among ``streams``, in their order."""
    rows = (
        streams.order_by()
        .values(
            named=Coalesce("observed_property__name", "name"),
            defined=Coalesce("observed_property__definition", "name"),
            town=F("thing__card__place"),
        )
        .annotate(count=Count("pk"))
    )
    counts: Counter[str] = Counter()
    towns: dict[str, set[str]] = defaultdict(set)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for theme in _themes(row["named"], row["defined"]):
            counts[theme.slug] += row["count"]
            towns[theme.slug].add(row["town"])
            names[theme.slug][row["named"]] += row["count"]
    return [
        ThemeCount(
            theme, counts[theme.slug], len(towns[theme.slug] - {None}), sorted(names[theme.slug])
        )
        for theme in THEMES
        if counts[theme.slug]
    ]


def town_counts(streams: QuerySet[Datastream]) -> list[TownCount]:
    """Return the places in which there is something among ``streams``, by name."""
    rows = streams.order_by().values("thing__card__place").annotate(count=Count("pk"))
    counts = {row["thing__card__place"]: row["count"] for row in rows}
    places = Place.objects.filter(pk__in=[key for key in counts if key]).order_by("name")
    return [TownCount(place, counts[place.pk]) for place in places]


def _themes(name: str, definition: str) -> list[Theme]:
    return [theme for theme in THEMES if theme.covers(name, definition)]
