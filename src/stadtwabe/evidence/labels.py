"""How people read a stored value: ``"pilot"`` is "wird erprobt", a party is its name."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.models import Link
from stadtwabe.catalog.rules import Goal, PartyRole, Topic
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.things import column_of, thing_kind
from stadtwabe.kit.dates import shown_date
from stadtwabe.kit.prepared import among, prepared
from stadtwabe.people.models import Party
from stadtwabe.places.models import Place

PARTIES = "parties"
PRECISION = "_precision"
"""Ends the name of the property that says how exactly a day is known."""


class Labels:
    """Names for the values of many statements, with the names of parties and places read once.

    They are read when the first is asked for: most pages put few of their statements in words.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._statements = list(statements)

    @cached_property
    def _parties(self) -> dict[int, str]:
        wanted = {s.value["party"] for s in self._statements if isinstance(s.value, dict)}
        return {party.pk: str(party) for party in parties_with(list(wanted))}

    @cached_property
    def _places(self) -> dict[str, str]:
        wanted = {str(s.value) for s in self._statements if s.property == "place"}
        return dict(Place.objects.filter(key__in=wanted).values_list("key", "name"))

    @cached_property
    def _precisions(self) -> "dict[Telling, str]":
        return _precisions(self._statements)

    def is_wording(self, statement: Statement) -> bool:
        """Return whether the value of ``statement`` is shown as somebody wrote it, in German."""
        if statement.link is not None:
            model = _link_models.get(statement.link.kind)
        else:
            model = _model_of(statement.card.kind) if statement.card else None
        return model is not None and is_wording(_column(model, statement.property))

    def value(self, statement: Statement) -> str:
        """Return the value of ``statement`` in words."""
        value = statement.value
        if isinstance(value, dict):
            role = dict(PartyRole.choices).get(value.get("role", ""), "")
            return f"{self._parties.get(value['party'], _('unbekannt'))} ({role})"
        if statement.property == "place":
            return self._places.get(str(value), str(value))
        is_precision = statement.property.endswith(PRECISION)
        if not is_precision and (precision := self._precisions.get(_told_with(statement))):
            return shown_date(date.fromisoformat(str(value)[:10]), precision)
        if statement.link is not None:
            model = _link_models.get(statement.link.kind)
            return column_label(model, statement.property, value) if model else _plain(value)
        kind = statement.card.kind if statement.card else ""
        return value_label(kind, statement.property, value)


@prepared
def parties_with(ids: list[int]) -> QuerySet[Party]:
    """Return the parties with these ids, each with what it is called."""
    found = Party.objects.filter(among("people_party.id", ids))
    return found.select_related("place", "network", "organisation")


Telling = tuple[int | None, int | None, int | None, str]


def _told_with(statement: Statement) -> Telling:
    """Return what a day and how exactly it is known have in common: thing, source, name."""
    name = statement.property.removesuffix(PRECISION).removesuffix("_on")
    return statement.card_id, statement.link_id, statement.document_id, name


def _precisions(statements: Iterable[Statement]) -> dict[Telling, str]:
    """Return how exactly days are known that are not known to the day."""
    dated = [s for s in statements if s.property.endswith(("_on", "since"))]
    if not dated:
        return {}
    found = Statement.objects.filter(
        Q(card__in={s.card_id for s in dated}) | Q(link__in={s.link_id for s in dated}),
        property__endswith=PRECISION,
    )
    return {_told_with(each): str(each.value) for each in found}


def property_label(statement: Statement) -> str:
    """Return what people call the property of ``statement``."""
    if statement.link is not None:
        model = _link_models.get(statement.link.kind)
        column = _column(model, statement.property) if model else None
        return str(column.verbose_name) if column else _("Zusammenhang")
    if statement.card is None:
        return statement.property
    return str(kind_of(statement.card.kind).property_label(statement.property))


_link_models: dict[str, type[models.Model]] = {}


def name_links(kind: str, model: type[models.Model]) -> None:
    """Name the properties of links of ``kind`` as the columns of ``model`` are called."""
    _link_models[kind] = model


def model_of_link(kind: str) -> type[models.Model] | None:
    """Return the table of the facts that links of ``kind`` stand for, if there is one."""
    return _link_models.get(kind)


def links_with_facts(links: Iterable[Link]) -> set[int]:
    """Return the ids of those links that are the link of a fact of some domain."""
    by_kind: dict[str, list[int]] = {}
    for link in links:
        by_kind.setdefault(link.kind, []).append(link.pk)
    return {
        pk
        for kind, model in _link_models.items()
        if (wanted := by_kind.get(kind))
        for pk in model._default_manager.filter(link__in=wanted).values_list("link", flat=True)
    }


def is_wording(column: "models.Field[Any, Any] | None") -> bool:
    """Return whether a column holds words that somebody wrote: German, whoever reads them."""
    if isinstance(column, models.URLField) or not isinstance(
        column, models.CharField | models.TextField
    ):
        return False
    return not column.choices


def value_label(kind: str, name: str, value: Any) -> str:
    """Return ``value`` of the property ``name`` of a thing of ``kind`` in words."""
    if name == "topics":
        return str(dict(Topic.choices).get(value, value))
    if name == "goals":
        return f"{value} {dict(Goal.choices).get(int(value), '')}".strip()
    model = _model_of(kind)
    return column_label(model, name, value) if model else _plain(value)


def _model_of(kind: str) -> type[models.Model] | None:
    try:
        return thing_kind(kind).model
    except KeyError:
        return None


def _column(model: type[models.Model], name: str) -> "models.Field[Any, Any] | None":
    try:
        return column_of(model, name)
    except (FieldDoesNotExist, TypeError):  # or a relation that only bears the name
        return None


def column_label(model: type[models.Model], name: str, value: Any) -> str:
    """Return ``value`` of the column ``name`` of ``model`` in words."""
    column = _column(model, name)
    if column is None:
        return _plain(value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.DecimalField) and name.endswith("_eur"):
        amount = Decimal(str(value))
        cents = 0 if amount == amount.to_integral_value() else 2
        return _("%(amount)s Euro") % {"amount": number_format(amount, cents)}
    if isinstance(column, models.DateField):
        return date_format(date.fromisoformat(str(value)[:10]))
    if isinstance(column, models.TimeField):
        return _("%(time)s Uhr") % {"time": str(value)[:5]}
    if isinstance(column, models.PositiveIntegerField):
        return number_format(value)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    return str(value)
