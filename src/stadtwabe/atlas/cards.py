"""The nouns of the atlas: their cards, and which of their columns carry sources."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas import models as tables
from stadtwabe.atlas.rules import may_join, may_note_reuse, size_class
from stadtwabe.catalog.kinds import CardKind
from stadtwabe.catalog.rules import FacetName, LinkKind, PartyRole
from stadtwabe.catalog.specs import CardSpec
from stadtwabe.evidence.labels import name_links
from stadtwabe.evidence.rules import may_edit
from stadtwabe.evidence.things import (
    PartyInRole,
    SourcedThing,
    ThingKind,
    choice_facet,
    column_of,
    register,
    topic_facets,
)
from stadtwabe.people import permissions
from stadtwabe.people.commands import party_for_organisation
from stadtwabe.people.models import Organisation
from stadtwabe.people.rules import Scope
from stadtwabe.places.models import Network, NetworkMember, Place
from stadtwabe.places.rules import Level

CONCERNED = frozenset({PartyRole.OWNER, PartyRole.LEAD, PartyRole.PARTNER, PartyRole.MEMBER})
"""Roles by which a place is concerned by a thing and shows it in its cell."""


def places_of(parties: Sequence[PartyInRole]) -> tuple[Place, ...]:
    """Return the places among the parties, leaders first, funders and providers left out.

    A network that leads stands for its towns, an organisation that leads for its seat.
    """
    leads = [party for party, role in parties if role in {PartyRole.OWNER, PartyRole.LEAD}]
    others = [party for party, role in parties if role in CONCERNED]
    found = {party.place.key: party.place for party in (*leads, *others) if party.place}
    for party in leads:
        if party.network:
            found |= {each.place_id: each.place for each in current_members(party.network)}
        elif party.organisation and party.organisation.seat:
            found.setdefault(party.organisation.seat.key, party.organisation.seat)
    return tuple(found.values())


def current_members(network: Network) -> Iterable[NetworkMember]:
    """Return the towns that have not left a network: what it leads is theirs, too."""
    return network.members.filter(until=None).select_related("place").order_by("place")


def _is_of_networks_alone(parties: Sequence[PartyInRole]) -> bool:
    """Whether a thing lies in no single place because only networks lead it."""
    return any(party.network for party, _role in parties) and not any(
        party.place for party, role in parties if role in CONCERNED
    )


def card_of(
    kind: str,
    thing: Any,
    parties: Sequence[PartyInRole],
    *,
    facets: dict[tuple[str, str], str] | None = None,
    words: Sequence[str | None] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
    precision: str = "day",
    places: tuple[Place, ...] | None = None,
) -> CardSpec:
    """Return the card of a noun of the atlas: what all of them have in common."""
    where = places_of(parties) if places is None else places
    return CardSpec(
        kind=kind,
        title=thing.title,
        summary=thing.summary or "",
        place=where[0] if where and not _is_of_networks_alone(parties) else None,
        places=where,
        starts_on=starts_on,
        ends_on=ends_on,
        precision=precision,
        parties=tuple(parties),
        facets={**topic_facets(thing), **_size_of(where), **(facets or {})},
        text=" ".join(word for word in words if word),
    )


def _size_of(places: Sequence[Place]) -> dict[tuple[str, str], str]:
    """Return the facets of the sizes of the municipalities concerned."""
    sizes = [size_class(place.population) for place in places if place.level == Level.MUNICIPALITY]
    return {(FacetName.SIZE.value, size.value): str(size.label) for size in sizes if size}


def _project(thing: tables.Project, parties: Sequence[PartyInRole]) -> CardSpec:
    return card_of(
        "project",
        thing,
        parties,
        facets=choice_facet(FacetName.STAGE, thing, "stage"),
        words=(thing.problem, thing.goal, thing.technology, thing.target_group, thing.lessons),
        starts_on=thing.starts_on,
        ends_on=thing.ends_on,
        precision=thing.starts_precision,
    )


def _solution(thing: tables.Solution, parties: Sequence[PartyInRole]) -> CardSpec:
    return card_of("solution", thing, parties, words=(thing.technology, thing.reach))


def _strategy(thing: tables.Strategy, parties: Sequence[PartyInRole]) -> CardSpec:
    return card_of(
        "strategy",
        thing,
        parties,
        facets=choice_facet(FacetName.STATE, thing, "status"),
        words=(thing.parts, thing.adopted_by),
        starts_on=thing.adopted_on or thing.starts_on,
        ends_on=thing.ends_on,
        precision=thing.adopted_precision,
    )


def _publication(thing: tables.Publication, parties: Sequence[PartyInRole]) -> CardSpec:
    return card_of(
        "publication",
        thing,
        parties,
        words=(thing.publisher, thing.authors, thing.method),
        starts_on=thing.published_on,
        precision=thing.published_precision,
    )


def _funding_programme(thing: tables.FundingProgramme, parties: Sequence[PartyInRole]) -> CardSpec:
    return card_of(
        "funding",
        thing,
        parties,
        facets=choice_facet(FacetName.STATE, thing, "state"),
        words=(thing.funder, thing.what, thing.eligible),
        starts_on=thing.starts_on,
        ends_on=thing.ends_on,
        precision=thing.starts_precision,
    )


def _portrait(thing: tables.Portrait, parties: Sequence[PartyInRole]) -> CardSpec:
    return card_of(
        "portrait",
        thing,
        parties,
        facets=choice_facet(FacetName.STATE, thing, "digital_agenda"),
        words=(thing.priorities, thing.challenges, thing.lead_projects, thing.responsible_unit),
        places=(thing.place,),
    )


def _organisation(thing: tables.OrganisationProfile, parties: Sequence[PartyInRole]) -> CardSpec:
    organisation = thing.organisation
    itself = (party_for_organisation(organisation), PartyRole.OWNER.value)
    return card_of(
        "organisation",
        thing,
        tuple(dict.fromkeys([*parties, itself])),
        words=(organisation.short_name, thing.offers, thing.seeks),
        places=(organisation.seat,) if organisation.seat else (),
    )


def _kind(
    name: str,
    model: type[SourcedThing],
    describe: Any,
    fields: str,
    *,
    facts: str,
    story: str,
    asks: str = "title summary parties",
    relations: tuple[tuple[type[Model], str], ...] = (),
    stated_elsewhere: str = "",
    elsewhere: str = "",
    **about: Any,
) -> ThingKind:
    columns = tuple(fields.split())
    labels = tuple((name, column_of(model, name).verbose_name) for name in columns)
    stated = tuple(stated_elsewhere.split())
    labels += tuple((name, column_of(Organisation, name).verbose_name) for name in stated)
    return ThingKind(
        card_kind=CardKind(
            name=name,
            accent="atlas",
            statements=(*labels, ("parties", _("Beteiligte")), ("effects", _("Wirkung"))),
            can_edit_action=f"atlas.edit_{name}",
            **about,
        ),
        domain="atlas",
        model=model,
        fields=columns,
        describe=describe,
        facts=tuple(facts.split()),
        story=tuple(story.split()),
        asks=tuple(asks.split()),
        relations=relations,
        stated_elsewhere=stated,
        elsewhere=elsewhere,
    )


PROJECT = _kind(
    "project",
    tables.Project,
    _project,
    (
        "title summary topics goals stage stopped_because starts_on starts_precision ends_on "
        "ends_precision target_group problem goal cost_band running_cost staff_effort funding "
        "funding_rate procurement operator_model technology data_needed standards licence "
        "repository website participation lessons contact_role"
    ),
    facts="stage parties starts_on ends_on cost_band contact_role",
    story="problem goal participation lessons stopped_because",
    relations=(
        (tables.Grant, "project"),
        (tables.Reuse, "project"),
        (tables.Reuse, "original"),
        (tables.EffectClaim, "project"),
    ),
    label=_("Projekt"),
    plural=_("Projekte"),
    prefix="/atlas/projekte/",
    schema_type="Project",
)
SOLUTION = _kind(
    "solution",
    tables.Solution,
    _solution,
    "title summary topics goals reach technology operator_model licence repository website",
    facts="parties reach licence operator_model website",
    story="",
    relations=((tables.Deployment, "solution"),),
    label=_("Lösung"),
    plural=_("Lösungen"),
    prefix="/atlas/loesungen/",
    schema_type="SoftwareApplication",
    is_dated=False,
)
STRATEGY = _kind(
    "strategy",
    tables.Strategy,
    _strategy,
    (
        "title summary topics goals kind parts status adopted_on adopted_precision adopted_by "
        "starts_on ends_on website"
    ),
    facts="kind status parties adopted_on adopted_by",
    story="",
    label=_("Strategie"),
    plural=_("Strategien"),
    prefix="/atlas/strategien/",
    schema_type="DigitalDocument",
)
PUBLICATION = _kind(
    "publication",
    tables.Publication,
    _publication,
    (
        "title summary topics goals kind publisher authors published_on published_precision "
        "sample_size method website licence"
    ),
    facts="kind publisher authors published_on sample_size",
    story="",
    label=_("Veröffentlichung"),
    plural=_("Veröffentlichungen"),
    prefix="/atlas/publikationen/",
    schema_type="Report",
)
FUNDING = _kind(
    "funding",
    tables.FundingProgramme,
    _funding_programme,
    (
        "title summary topics goals funder what eligible budget_eur rate own_share deadline state "
        "starts_on starts_precision ends_on website checked_on"
    ),
    facts="state funder eligible budget_eur deadline",
    story="what",
    asks="title funder what",
    relations=((tables.Grant, "programme"),),
    label=_("Förderprogramm"),
    plural=_("Förderprogramme"),
    prefix="/atlas/foerderung/",
    schema_type="FundingScheme",
)
PORTRAIT = _kind(
    "portrait",
    tables.Portrait,
    _portrait,
    (
        "title place summary topics goals integrated_strategy cross_department_unit "
        "partner_network digital_agenda responsible_unit contact_role priorities challenges "
        "lead_projects partner_company open_data_portal website confirmed_on"
    ),
    facts=(
        "digital_agenda integrated_strategy cross_department_unit partner_network "
        "responsible_unit contact_role"
    ),
    story="priorities challenges lead_projects",
    asks="place title summary",
    label=_("Porträt"),
    plural=_("Porträts"),
    prefix="/atlas/portraets/",
    schema_type="GovernmentOrganization",
    is_dated=False,
)
ORGANISATION = _kind(
    "organisation",
    tables.OrganisationProfile,
    _organisation,
    "title organisation summary topics goals offers seeks website",
    facts="website",
    story="offers seeks",
    asks="title summary website",
    stated_elsewhere="kind legal_form seat parent",
    elsewhere="organisation",
    label=_("Organisation"),
    plural=_("Organisationen"),
    prefix="/atlas/organisationen/",
    schema_type="Organization",
    is_dated=False,
)

ATLAS_NOUNS = (PROJECT, SOLUTION, STRATEGY, PUBLICATION, FUNDING, PORTRAIT, ORGANISATION)

for _noun in ATLAS_NOUNS:
    register(_noun)
for _verb in ("add", "remove"):
    permissions.register(f"atlas.{_verb}_deployment", may_join, scope=Scope.EDIT)
    permissions.register(f"atlas.{_verb}_grant", may_join, scope=Scope.EDIT)
    permissions.register(f"atlas.{_verb}_reuse", may_note_reuse, scope=Scope.EDIT)
    permissions.register(f"atlas.{_verb}_effect", may_edit, scope=Scope.EDIT)
name_links(LinkKind.USES, tables.Deployment)
name_links(LinkKind.REUSES, tables.Reuse)
name_links(LinkKind.FUNDS, tables.Grant)
