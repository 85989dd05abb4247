"""Things whose values carry sources: what the content domains build their nouns from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog import kinds
from stadtwabe.catalog.kinds import CardKind
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import FacetName, Goal, Topic
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.evidence.rules import may_create_for, may_edit
from stadtwabe.kit.prepared import prepared
from stadtwabe.people import permissions
from stadtwabe.people.models import Party
from stadtwabe.people.rules import Scope


class SourcedThing(models.Model):
    """A noun with a card, whose columns are the current answer; its statements are the why.

    Everything but the title may be unknown: NULL or an empty list, and is shown as unknown.
    """

    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="%(class)s")
    title = models.CharField(_("Titel"), max_length=250)
    summary = models.TextField(_("Zusammenfassung"), null=True, blank=True)
    topics = ArrayField(
        models.CharField(max_length=30, choices=Topic.choices),
        verbose_name=_("Themen"),
        default=list,
        blank=True,
    )
    goals = ArrayField(
        models.PositiveSmallIntegerField(choices=Goal.choices),
        verbose_name=_("Nachhaltigkeitsziele"),
        default=list,
        blank=True,
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the permanent address of the thing."""
        return str(self.card.path)


def column_of(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    """Return the column ``name`` of ``model``; it is never a reverse relation."""
    column = model._meta.get_field(name)
    if not isinstance(column, models.Field):
        message = f"{model.__name__}.{name} is no column"
        raise TypeError(message)
    return column


PartyInRole = tuple[Party, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingKind:
    """One noun: its model, its sourced columns in order of display, and its card.

    ``describe`` gets a thing and its parties in their roles and returns its card.
    Actions are called ``<domain>.create_<noun>``, ``<domain>.edit_<noun>`` and so on.
    ``facts`` are the few that matter, shown even while unknown; ``story`` are the columns told in
    sentences; ``asks`` are what its form asks first. ``relations`` names the columns of other
    tables that point to it, so that merging can move them.
    """

    card_kind: CardKind
    domain: str
    model: type[SourcedThing]
    fields: tuple[str, ...]
    describe: Callable[[Any, Sequence[PartyInRole]], CardSpec]
    facts: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    asks: tuple[str, ...] = ("title", "summary", "parties")
    relations: tuple[tuple[type[models.Model], str], ...] = ()
    stated_elsewhere: tuple[str, ...] = ()
    """Properties that its card states although their columns stand in another domain."""
    elsewhere: str = ""
    """The column that leads to the row in which they stand."""

    @property
    def name(self) -> str:
        """The noun, as cards and actions call it."""
        return self.card_kind.name

    def action(self, verb: str) -> str:
        """Return the name of the permission to do ``verb`` to such a thing."""
        return f"{self.domain}.{verb}_{self.name}"

    @property
    def shown_fields(self) -> tuple[str, ...]:
        """The columns that are values of their own, not how exactly another one is known."""
        return tuple(name for name in self.fields if not name.endswith("_precision"))

    @property
    def stated(self) -> tuple[str, ...]:
        """All columns that a source can be given for."""
        return (*self.fields, *self.stated_elsewhere)

    @property
    def model_elsewhere(self) -> type[models.Model]:
        """The table in which ``stated_elsewhere`` stands."""
        related = column_of(self.model, self.elsewhere).related_model
        if related is None or isinstance(related, str):
            message = f"{self.name}: {self.elsewhere} leads nowhere"
            raise TypeError(message)
        return related

    def precision_of(self, name: str) -> str | None:
        """Return the column that says how exactly the day in ``name`` is known, if there is one."""
        wanted = name.removesuffix("_on") + "_precision"
        return wanted if wanted != name and wanted in self.fields else None


_kinds: dict[str, ThingKind] = {}


def register(kind: ThingKind) -> None:
    """Make a noun known, with who may write it; called in ``apps.ready``."""
    _kinds[kind.name] = kind
    kinds.register(kind.card_kind)
    permissions.register(kind.action("create"), may_create_for, scope=Scope.EDIT)
    for verb in ("edit", "withdraw", "merge"):
        permissions.register(kind.action(verb), may_edit, scope=Scope.EDIT)


def thing_kind(name: str) -> ThingKind:
    """Return the noun called ``name``; KeyError when there is none."""
    return _kinds[name]


def thing_kinds() -> tuple[ThingKind, ...]:
    """Return all nouns in the order of their registration."""
    return tuple(_kinds.values())


def thing_of(card: Card) -> SourcedThing | None:
    """Return the thing of ``card``, or None when it is of a kind without sources."""
    kind = _kinds.get(card.kind)
    return next(iter(_rows_of(kind.model)(card.pk)), None) if kind else None


@cache
def _rows_of(model: type[SourcedThing]) -> Callable[[int], list[SourcedThing]]:
    """Return the question for the thing of a card."""
    return prepared(lambda card: model._default_manager.filter(card=card))


def topic_facets(thing: SourcedThing) -> dict[tuple[str, str], str]:
    """Return the facets that every noun with topics and goals has."""
    topics = {(FacetName.TOPIC.value, each): str(Topic(each).label) for each in thing.topics}
    goals = {
        (FacetName.GOAL.value, str(each)): f"{each} {Goal(each).label}" for each in thing.goals
    }
    return {**topics, **goals}


def choice_facet(name: FacetName, thing: SourcedThing, column: str) -> dict[tuple[str, str], str]:
    """Return the facet of a column with choices, or nothing when it is unknown."""
    value = getattr(thing, column)
    if not value:
        return {}
    return {(name.value, value): str(dict(column_of(type(thing), column).flatchoices)[value])}
