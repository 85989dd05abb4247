"""Things for other programs: every value with its statements, and the same commands to write.

Each domain makes one router for each of its kinds: ``thing_router("project", "projects")``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.formats import localize_input
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from stadtwabe.catalog.api import CardPage, ListQuery, card_page
from stadtwabe.catalog.queries import visible_to
from stadtwabe.evidence.commands import create_thing, edit_thing
from stadtwabe.evidence.forms.sources import SourceKind
from stadtwabe.evidence.forms.things import PARTIES, ThingForm
from stadtwabe.evidence.queries.things import thing_view
from stadtwabe.evidence.structured import thing_as_json
from stadtwabe.evidence.things import SourcedThing, ThingKind, thing_kind
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.clock import now as clock_now
from stadtwabe.kit.errors import Invalid, NotFound
from stadtwabe.people.actors import actor_of
from stadtwabe.people.models import Party
from stadtwabe.people.permissions import require

Value = str | int | float | bool | list[str] | list[int] | None


class SourceEntry(Schema):
    """Where a value comes from: the statement's page, and the words that say so."""

    statement: str
    document: str | None
    quote: str | None
    declared_by: str | None
    declared_on: str | None
    method: str
    is_claim: bool
    last_seen: str


class ValueEntry(Schema):
    """A value as stored and in words, with all its sources."""

    value: str
    text: str
    sources: list[SourceEntry]


class PropertyEntry(Schema):
    """A property with what holds, and what other sources say instead."""

    label: str
    values: list[ValueEntry]
    disputed: list[ValueEntry]


class RelationEntry(Schema):
    """Another thing that this one is linked to."""

    relation: str
    label: str
    direction: str
    title: str
    address: str


class ThingEntry(Schema):
    """A thing with every known value and the statements behind it."""

    kind: str
    title: str
    address: str
    is_demo: bool
    changed_at: str
    properties: dict[str, PropertyEntry]
    links: list[RelationEntry]


class PartyInput(Schema):
    """A town, network or organisation by name, and its role."""

    name: str = Field(max_length=200)
    role: str = Field(max_length=20)


class SourceInput(Schema):
    """One source for all values given: a passage (document and quote), or a declaration (on)."""

    document: int | None = Field(None, le=2**62)
    quote: str = Field("", max_length=2000)
    on: date | None = None
    is_claim: bool = False


class ThingInput(Schema):
    """Values to write; days as exactly as known (2021, 2021-05, 2021-05-12), null: unknown."""

    values: dict[str, Value]
    source: SourceInput
    parties: list[PartyInput] | None = Field(None, max_length=30)


class NewThing(ThingInput):
    """The same for a new thing; ``owner`` is the party whose editors look after it."""

    owner: int = Field(le=2**62)


class ThingChange(ThingInput):
    """The same for a known thing; ``beside`` keeps known values and shows the new ones beside."""

    beside: bool = False


def thing_router(
    name: str,
    plural: str,
    *,
    create: Callable[..., Any] = create_thing,
    edit: Callable[..., Any] = edit_thing,
) -> Router:
    """Return the calls for the things of the kind ``name``: list, detail, create, edit."""
    router = Router(tags=[plural])

    @router.get("", response=CardPage, operation_id=f"list_{plural}")
    def list_things(request: HttpRequest, query: Query[ListQuery]) -> dict[str, Any]:
        """Die Liste, nach denselben Filtern wie die Seite."""
        return card_page(request, page_size=query.je_seite, kinds=(name,))

    @router.get("/{slug}", response=ThingEntry, operation_id=f"get_{name}")
    def get_thing(request: HttpRequest, slug: str) -> dict[str, Any]:
        """Ein Eintrag mit allen bekannten Werten und ihren Quellen."""
        kind = thing_kind(name)
        return _entry(request, kind, _thing_at(request, kind, slug))

    @router.post("", response={201: ThingEntry}, operation_id=f"create_{name}")
    def create_one(request: HttpRequest, data: NewThing) -> Status[Any]:
        """Einen Eintrag anlegen; jeder Wert braucht die Quelle."""
        kind, actor, now = thing_kind(name), actor_of(request), clock_now()
        require(actor, kind.action("create"), Party.objects.filter(pk=data.owner).first())
        form = _form(request, kind, data, owner=data.owner)
        owner = form.cleaned_data["owner"]
        thing, _change = create(
            actor=actor,
            kind=kind,
            owner=owner,
            values=form.values,
            sources=dict.fromkeys([*kind.stated, PARTIES], form.source(owner)),
            parties=form.parties or (),
            now=now,
            claims=frozenset(kind.stated) if data.source.is_claim else frozenset(),
        )
        return Status(201, _entry(request, kind, thing))

    @router.patch("/{slug}", response=ThingEntry, operation_id=f"edit_{name}")
    def edit_one(request: HttpRequest, slug: str, data: ThingChange) -> dict[str, Any]:
        """Einzelne Werte ändern; was nicht genannt ist, bleibt."""
        kind, actor, now = thing_kind(name), actor_of(request), clock_now()
        thing = _thing_at(request, kind, slug)
        require(actor, kind.action("edit"), thing)
        form = _form(request, kind, data, thing=thing)
        owner = thing.card.owner
        if owner is None:
            raise Invalid(_("Für diesen Eintrag ist keine Redaktion zuständig."))
        edit(
            actor=actor,
            kind=kind,
            thing=thing,
            values=form.values,
            sources=dict.fromkeys([*kind.stated, PARTIES], form.source(owner)),
            parties=form.parties if data.parties is not None else None,
            now=now,
            beside=data.beside,
            claims=frozenset(kind.stated) if data.source.is_claim else frozenset(),
        )
        return _entry(request, kind, _thing_at(request, kind, slug))

    return router


def _thing_at(request: HttpRequest, kind: ThingKind, slug: str) -> SourcedThing:
    path = f"{kind.card_kind.prefix}{slug}/".replace("\x00", "")
    card = visible_to(actor_of(request)).filter(path=path).first()
    thing = kind.model._default_manager.filter(card=card).first() if card else None
    if card is None or thing is None:
        raise NotFound(_("Diesen Eintrag gibt es nicht."))
    thing.card = card
    return thing


def _entry(request: HttpRequest, kind: ThingKind, thing: SourcedThing) -> dict[str, Any]:
    return thing_as_json(thing_view(actor_of(request), kind, thing))


def _form(
    request: HttpRequest,
    kind: ThingKind,
    data: ThingInput,
    *,
    thing: SourcedThing | None = None,
    owner: int | None = None,
) -> ThingForm:
    """Check the input as the page's form does; raises Invalid naming the first wrong field."""
    unknown = sorted(set(data.values) - {*kind.shown_fields, *kind.stated_elsewhere})
    if unknown:
        raise Invalid(_("Diese Angabe gibt es hier nicht: %s.") % unknown[0], field=unknown[0])
    sent: dict[str, list[str]] = {name: _typed(value) for name, value in data.values.items()}
    for number, party in enumerate(data.parties or ()):
        sent[f"party_{number}"], sent[f"role_{number}"] = [party.name], [party.role]
    sent |= _sent_source(data.source)
    if owner is not None:
        sent["owner"] = [str(owner)]
    form = ThingForm(
        MultiValueDict(sent),
        kind=kind,
        actor=actor_of(request),
        today=day_of(clock_now()),
        thing=thing,
        only=[*data.values] if thing else [*dict.fromkeys(["title", *data.values])],
    )
    if not form.is_valid():
        field, messages = next(iter(form.errors.items()))
        text = " ".join(str(message) for message in messages)
        raise Invalid(text, field=None if field == "__all__" else field)
    return form


def _sent_source(source: SourceInput) -> Mapping[str, list[str]]:
    if source.document is not None:
        return {
            "source_kind": [SourceKind.PASSAGE],
            "source_document": [str(source.document)],
            "source_quote": [source.quote],
        }
    day = source.on.isoformat() if source.on else ""
    return {"source_kind": [SourceKind.DECLARATION], "source_on": [day]}


def _typed(value: Value) -> list[str]:
    """Return a JSON value as a person would have typed it."""
    if isinstance(value, list):
        return [str(item) for item in value]
    if isinstance(value, bool):
        return ["ja" if value else "nein"]
    if isinstance(value, float):
        return [str(localize_input(Decimal(str(value))))]
    return ["" if value is None else str(value)]
