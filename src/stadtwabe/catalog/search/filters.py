"""What a list is narrowed and sorted by: from the query string, checked, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtwabe.catalog.kinds import all_kinds
from stadtwabe.catalog.models import Facet
from stadtwabe.catalog.rules import FacetName, Goal, Topic
from stadtwabe.catalog.search.places import places_called
from stadtwabe.catalog.search.terms import LONGEST_QUERY
from stadtwabe.kit.errors import Invalid
from stadtwabe.kit.numbers import whole_number
from stadtwabe.places.models import Network, Place

MOST_VALUES = 20
LAST_PAGE = 500


class Sort(models.TextChoices):
    """Orders of a list."""

    RELEVANCE = "relevanz", gettext_lazy("Am besten passend")
    NEWEST = "neu", gettext_lazy("Zuletzt geändert")
    DATE = "datum", gettext_lazy("Neueste zuerst")
    SOONEST = "beginn", gettext_lazy("Früheste zuerst")
    TITLE = "titel", gettext_lazy("Titel A bis Z")
    DISTANCE = "entfernung", gettext_lazy("Entfernung")


@dataclass(frozen=True, slots=True)
class Problem:
    """A value of the query string that makes no sense, and what to do about it."""

    parameter: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Filters:
    """One list. ``values`` are the chosen values by facet; values of one facet are alternatives.

    ``fixed`` are the kinds that the list is about whatever the reader chooses.
    """

    text: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    sort: str = ""
    near: Place | None = None
    page: int = 1
    problems: tuple[Problem, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether the reader has asked for anything but the whole list."""
        return bool(self.text or self.values)

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the chosen values of a facet."""
        return self.values.get(name, ())

    def without(self, name: str) -> "Filters":
        """Return the same list without that facet."""
        return replace(self, values={key: v for key, v in self.values.items() if key != name})


def read_filters(query: QueryDict, *, kinds: Iterable[str] = ()) -> Filters:
    """Read the filters of an address.

    What makes no sense is left out and noted in ``problems``: pages show it, interfaces refuse.
    ``ort`` and ``von`` take a key of the register or the name of a place.
    """
    problems: list[Problem] = []
    values: dict[str, tuple[str, ...]] = {}
    for name in FacetName:
        wanted = [value for value in map(_cleaned, query.getlist(name.value)) if value]
        if len(wanted) > MOST_VALUES:
            problems.append(
                Problem(name.value, "", _("Wählen Sie höchstens %s Werte.") % MOST_VALUES)
            )
        if name is FacetName.PLACE:
            found = _places(name.value, wanted[:MOST_VALUES], problems)
            chosen = [place.key for place in found]
        else:
            chosen = _known_values(name, wanted[:MOST_VALUES], problems)
        if chosen:
            values[name.value] = tuple(dict.fromkeys(chosen))
    sort = query.get("sort", "").strip()
    if sort and sort not in Sort.values:
        problems.append(
            Problem(
                "sort",
                sort,
                _("Diese Sortierung gibt es nicht. Möglich sind: %s.") % ", ".join(Sort.values),
            )
        )
        sort = ""
    near = _places("von", [_cleaned(query.get("von", ""))], problems)
    if sort == Sort.DISTANCE and not near:
        problems.append(
            Problem("von", "", _("Nennen Sie den Ort, von dem aus die Entfernung zählt (von=…)."))
        )
        sort = ""
    return Filters(
        text=_cleaned(query.get("q", ""))[:LONGEST_QUERY],
        values=values,
        fixed=tuple(kinds),
        sort=sort,
        near=near[0] if near else None,
        page=_page(query.get("seite", ""), problems),
        problems=tuple(problems),
    )


def refuse_problems(filters: Filters) -> None:
    """Raise Invalid for the first value that makes no sense."""
    for problem in filters.problems:
        raise Invalid(problem.message, field=problem.parameter)


def _cleaned(text: str) -> str:
    """Return ``text`` without spaces around it and without NUL, which no database text has."""
    return text.replace("\x00", "").strip()


def _page(text: str, problems: list[Problem]) -> int:
    if not text:
        return 1
    page = whole_number(text)
    if page is not None and 1 <= page <= LAST_PAGE:
        return page
    message = _("Seiten gibt es von 1 bis %s.") % LAST_PAGE
    problems.append(Problem("seite", text, message))
    return 1


def _places(parameter: str, wanted: list[str], problems: list[Problem]) -> list[Place]:
    found: list[Place] = []
    keys = {value for value in wanted if value.isascii() and value.isdigit()}
    by_key = Place.objects.in_bulk(keys) if keys else {}
    for value in wanted:
        if not value:
            continue
        candidates = [by_key[value]] if value in by_key else []
        if value not in keys:
            candidates = places_called(value)
        if len(candidates) == 1:
            found.append(candidates[0])
        elif candidates:
            names = "; ".join(f"{place.official_name} ({place.key})" for place in candidates[:5])
            message = _("„%(name)s“ kann mehrere Orte meinen: %(names)s.")
            problems.append(Problem(parameter, value, message % {"name": value, "names": names}))
        else:
            message = _("Den Ort „%s“ kennt das Verzeichnis nicht.") % value
            problems.append(Problem(parameter, value, message))
    return found


def _known_values(name: FacetName, wanted: list[str], problems: list[Problem]) -> list[str]:
    if not wanted:
        return []
    known = _vocabulary(name, wanted)
    message = _("Den Wert „%(value)s“ gibt es bei „%(name)s“ nicht.")
    problems.extend(
        Problem(name.value, value, message % {"value": value, "name": name.label})
        for value in wanted
        if value not in known
    )
    return [value for value in wanted if value in known]


def _vocabulary(name: FacetName, wanted: list[str]) -> set[str]:
    """Return which values a facet may have: a fixed list, or what cards have."""
    if name is FacetName.TOPIC:
        return set(Topic.values)
    if name is FacetName.GOAL:
        return {str(goal) for goal in Goal.values}
    if name is FacetName.KIND:
        return {kind.name for kind in all_kinds()}
    if name is FacetName.NETWORK:
        return set(Network.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    if name is FacetName.PERIOD:
        return {each for each in wanted if len(each) == len("2026") and whole_number(each)}
    return set(Facet.objects.filter(name=name, value__in=wanted).values_list("value", flat=True))
