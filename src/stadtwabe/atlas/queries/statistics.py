"""Figures of the atlas, as the Smart-City-Atlas reports them, counted from what is known.

Each figure comes with the address of the list behind it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, Value, When
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from stadtwabe.atlas.models import Portrait, Project
from stadtwabe.atlas.rules import (
    HAS_AGENDA,
    SIZE_FROM,
    SizeClass,
    Stage,
    StrategyStatus,
    size_class,
)
from stadtwabe.catalog.queries import visible_to
from stadtwabe.catalog.rules import Topic
from stadtwabe.kit.actor import Actor
from stadtwabe.places.models import Place
from stadtwabe.places.rules import Level

PORTRAITS, PROJECTS = "/atlas/portraets/", "/atlas/projekte/"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number; where shares count, ``towns`` of it are towns (Städte), out of ``of`` there are.

    That is how the Smart-City-Atlas counts: 50 of 2,061 towns (Destatis, end of 2017).

    ``address`` leads to the list behind it; where there is nothing to list it is empty.
    """

    key: str
    label: str
    count: int
    list_address: str
    towns: int | None = None
    of: int | None = None

    @property
    def share(self) -> float | None:
        """How much of all towns that is, in per cent; None where there are none."""
        return 100 * self.towns / self.of if self.towns is not None and self.of else None

    @property
    def address(self) -> str:
        """The list behind the number."""
        return self.list_address if self.count else ""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures that belong together; ``unit`` says what is counted."""

    key: str
    title: str
    unit: str
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Statistics:
    """All figures: ``towns`` is the number of towns (Städte) in the register.

    ``towns_by_edition`` says how many of them each edition of the register (Gebietsstand) holds.
    """

    towns: int
    towns_by_edition: Mapping[str, int]
    head: Sequence[Figure]
    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class _Town:
    state: str
    size: SizeClass | None
    is_town: bool
    agenda: str | None
    topics: Sequence[str]


def statistics(actor: Actor) -> Statistics:
    """Count what ``actor`` may see; the number of queries does not depend on how much that is."""
    seen = visible_to(actor).values("pk")
    rows = Portrait.objects.filter(card__in=seen).select_related("place")
    portraits = [
        _Town(
            portrait.place.key[:2],
            size_class(portrait.place.population),
            portrait.place.is_town and portrait.place.level == Level.MUNICIPALITY,
            portrait.digital_agenda,
            portrait.topics,
        )
        for portrait in rows
    ]
    projects = list(Project.objects.filter(card__in=seen).values_list("stage", "topics"))
    by_state, by_size, by_edition = _towns_of_the_register()
    towns = sum(by_state.values())
    rated = [town for town in portraits if town.agenda]
    with_agenda = [town for town in portraits if town.agenda in HAS_AGENDA]
    # Lists know only values that some entry has: others would be refused as a mistake.
    agenda = [("status", str(each)) for each in HAS_AGENDA if any(t.agenda == each for t in rated)]
    names = dict(Place.objects.filter(level=Level.STATE).values_list("key", "name"))
    return Statistics(
        towns=towns,
        towns_by_edition=by_edition,
        head=[
            _figure("portraits", _("Porträts"), portraits, _list(PORTRAITS), towns),
            _figure(
                "agenda", _("mit Digitaler Agenda"), with_agenda, _list(PORTRAITS, *agenda), towns
            ),
            Figure("projects", _("Projekte"), len(projects), PROJECTS),
        ],
        tables=[
            Table(
                "agenda",
                _("Wie weit die Digitalen Agenden sind"),
                _("Porträts"),
                [
                    Figure(
                        each.value,
                        str(each.label),
                        sum(town.agenda == each for town in portraits),
                        _list(PORTRAITS, ("status", each.value)),
                    )
                    for each in StrategyStatus
                ],
            ),
            Table(
                "states",
                _("Digitale Agenda nach Land"),
                _("Städte und Gemeinden"),
                [
                    _figure(
                        key,
                        name,
                        [town for town in with_agenda if town.state == key],
                        _list(PORTRAITS, *agenda, ("ort", key)),
                        by_state.get(key, 0),
                    )
                    for key, name in sorted(names.items(), key=lambda item: item[1])
                ],
            ),
            Table(
                "sizes",
                _("Digitale Agenda nach Größe"),
                _("Städte und Gemeinden"),
                [
                    _figure(
                        size.value,
                        str(size.label),
                        [town for town in with_agenda if town.size == size],
                        _list(PORTRAITS, *agenda, ("groesse", size.value)),
                        by_size.get(size.value, 0),
                    )
                    for size in SizeClass
                ],
            ),
            _by_topic(
                "portrait-topics",
                _("Schwerpunkte der Städte nach Thema"),
                _("Porträts"),
                (town.topics for town in portraits),
                PORTRAITS,
            ),
            _by_topic(
                "project-topics",
                _("Projekte nach Thema"),
                _("Projekte"),
                (topics for _stage, topics in projects),
                PROJECTS,
            ),
            Table(
                "stages",
                _("Projekte nach Stand"),
                _("Projekte"),
                [
                    Figure(
                        stage.value,
                        str(stage.label),
                        sum(found == stage for found, _topics in projects),
                        _list(PROJECTS, ("phase", stage.value)),
                    )
                    for stage in Stage
                ],
            ),
        ],
    )


def _by_topic(
    key: str, title: str, unit: str, things: Iterable[Sequence[str]], prefix: str
) -> Table:
    counts = Counter(topic for topics in things for topic in topics)
    return Table(
        key,
        title,
        unit,
        [
            Figure(
                topic.value,
                str(topic.label),
                counts[topic.value],
                _list(prefix, ("thema", topic.value)),
            )
            for topic in Topic
        ],
    )


def _figure(key: str, label: str, found: Sequence[_Town], address: str, of: int) -> Figure:
    towns = sum(town.is_town for town in found)
    return Figure(key, label, len(found), address, towns, of)


def _list(prefix: str, *filters: tuple[str, str]) -> str:
    return f"{prefix}?{urlencode(filters)}" if filters else prefix


def _towns_of_the_register() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Return how many towns (Städte) the register holds by state, by size class, by edition."""
    classes = sorted(SIZE_FROM.items(), key=lambda item: -item[1])
    size = Case(
        *(When(population__gte=least, then=Value(each.value)) for each, least in classes),
        default=Value(""),
        output_field=CharField(),
    )
    rows = (
        Place.objects.filter(level=Level.MUNICIPALITY, is_town=True)
        .annotate(state=Substr("key", 1, 2), size=size)
        .values("state", "size", "edition")
        .annotate(count=Count("pk"))
    )
    by_state: Counter[str] = Counter()
    by_size: Counter[str] = Counter()
    by_edition: Counter[str] = Counter()
    for row in rows:
        by_state[row["state"]] += row["count"]
        by_size[row["size"]] += row["count"]
        by_edition[row["edition"]] += row["count"]
    return dict(by_state), dict(by_size), dict(by_edition)
