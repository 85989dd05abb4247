"""The scripted editor: one document after the other, with the commands that the desk uses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from stadtwabe.atlas.commands import create_organisation_profile
from stadtwabe.atlas.models import OrganisationProfile, Portrait
from stadtwabe.catalog.commands import link_cards
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import PlaceKind
from stadtwabe.desk.columns import COLUMNS
from stadtwabe.desk.commands import accept_suggestion
from stadtwabe.desk.plans import Choice
from stadtwabe.evidence.commands import (
    create_thing,
    edit_thing,
    record_statements,
    reject_suggestion,
)
from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.rules import Rejection, SuggestionState
from stadtwabe.evidence.sources import Passage, Source
from stadtwabe.evidence.things import (
    PartyInRole,
    SourcedThing,
    ThingKind,
    thing_kind,
    thing_of,
)
from stadtwabe.kit.actor import Actor
from stadtwabe.people.commands import (
    edit_organisation,
    party_for_network,
    party_for_organisation,
    party_for_place,
)
from stadtwabe.people.models import Organisation, Party
from stadtwabe.people.rules import OrganisationKind
from stadtwabe.places.models import Network, Place
from stadtwabe.places.rules import Level
from stadtwabe.site.demo.choices import check
from stadtwabe.site.demo.commands.facts import write_fact
from stadtwabe.site.demo.content import Content, content_of, lead_of
from stadtwabe.site.demo.matching import suggestion_for, suggestion_named
from stadtwabe.site.demo.passages import Passages
from stadtwabe.site.demo.script import BEYOND_READING, Entry, Fact, NamedParty

OF_THE_ORGANISATION = ("kind", "legal_form", "seat", "parent")
"""Facts of an organisation that stand in its identity, not on its page."""


@dataclass(slots=True)
class Counts:
    """What ``DemoDocument`` keeps; see there."""

    found: int = 0
    corrected: int = 0
    added: int = 0
    unknown_to_reading: int = 0
    rejected: int = 0
    values_found: int = 0
    values_corrected: int = 0
    values_added: int = 0


class ScriptedEditor:
    """Writes the entries of one document, as somebody at the desk would."""

    def __init__(self, *, actor: Actor, owner: Party, document: Document, now: datetime) -> None:
        self.actor, self.owner, self.now = actor, owner, now
        self.document = document
        self.passages = Passages(document)
        self.counts = Counts()
        self._open = list(document.suggestions.filter(state=SuggestionState.OPEN))

    def write(self, entry: Entry) -> None:
        """Write one entry: a new thing, more about a known one, or a fact between two."""
        if entry.kind in BEYOND_READING:
            self.counts.unknown_to_reading += 1
        match entry.kind:
            case "network":
                self._write_members(entry)
            case "organisation":
                self._write_organisation(entry)
            case "deployment" | "reuse" | "grant" | "effect":
                parties = [party for party, _role in self.parties_of(entry)]
                write_fact(entry, self.passages, parties, actor=self.actor, now=self.now)
            case _:
                self._write_thing(entry)

    def reject_the_rest(self) -> None:
        """Reject what is no entry of its own; the reason teaches later readings nothing."""
        for suggestion in self._open:
            reject_suggestion(
                actor=self.actor,
                suggestion=suggestion,
                rejection=Rejection.OTHER,
                because=gettext("kein eigener Eintrag"),
                now=self.now,
            )
            self.counts.rejected += 1
        self._open = []

    def link(self, entry: Entry) -> int:
        """Link an entry to the things it names, as far as they are there; return how many."""
        source = card_called(entry.kind, entry.name)
        made = 0
        for kind, name in entry.links:
            target = card_named(name)
            if source is None or target is None or source == target:
                continue
            link = link_cards(source=source, target=target, kind=kind)
            passage = self.passages.naming(name, otherwise=lead_of(entry, self.passages))
            record_statements(
                actor=self.actor,
                about=link,
                values={"relation": True},
                sources={"relation": passage},
                now=self.now,
                beside=True,
            )
            made += 1
        return made

    def parties_of(self, entry: Entry) -> list[tuple[Party, str]]:
        """Return the parties of an entry in their roles; organisations are made when needed."""
        lead = lead_of(entry, self.passages)
        return [(self._party(party, lead), party.role) for party in entry.parties]

    def _write_thing(self, entry: Entry) -> None:
        kind = thing_kind(entry.kind)
        content, parties = content_of(entry, kind, self.passages), self.parties_of(entry)
        known = thing_called(kind, entry)
        suggestion = suggestion_for(entry, self._open) if entry.kind in COLUMNS else None
        if suggestion is not None:
            thing = self._accept(entry, kind, suggestion, content, parties, known)
        elif known is not None:
            thing = known
            self._add_to(kind, thing, content, parties)
        else:
            thing, _change = create_thing(
                actor=self.actor,
                kind=kind,
                owner=self.owner,
                values=content.values,
                sources=content.sources,
                parties=parties,
                now=self.now,
                claims=frozenset(content.claims),
                is_demo=True,
            )
        self.counts.added += suggestion is None and entry.kind not in BEYOND_READING
        for name, value, passage in content.others:
            edit_thing(
                actor=self.actor,
                kind=kind,
                thing=thing,
                values={name: value},
                sources={name: passage},
                now=self.now,
                beside=True,
                claims=frozenset(content.claims & {name}),
            )

    def _accept(
        self,
        entry: Entry,
        kind: ThingKind,
        suggestion: Suggestion,
        content: Content,
        parties: list[PartyInRole],
        known: SourcedThing | None,
    ) -> SourcedThing:
        """Accept what is right in a suggestion, then add what it lacks; count both."""
        checked = check(entry, kind, suggestion, content, known)
        thing = self._take(suggestion, checked.choice)
        missing = Content(
            {name: v for name, v in content.values.items() if name not in checked.columns},
            content.sources,
            content.claims,
        )
        if "topics" in missing.values:
            told = set(checked.choice.values["topics"])
            missing.values["topics"] = [t for t in entry.topics if t not in told]
        if getattr(thing, "place_id", None):
            missing.values.pop("place", None)
        lacking = [
            pair
            for pair, named in zip(parties, entry.parties, strict=True)
            if (named.place or named.name, named.role) not in checked.parties
        ]
        self._add_to(kind, thing, missing, lacking)
        self.counts.corrected += checked.is_corrected
        self.counts.values_found += checked.kept
        self.counts.values_corrected += checked.changed
        facts = {name for name in missing.values if not name.endswith("_precision")}
        self.counts.values_added += len(facts - {"summary", "topics"}) + len(lacking)
        self.counts.values_added += len(missing.values.get("topics", ()))
        return thing

    def _take(self, suggestion: Suggestion, choice: Choice) -> SourcedThing:
        """Accept a suggestion, which may bring along those of organisations that take part."""
        before = len(self._open)
        card = accept_suggestion(
            actor=self.actor, suggestion=suggestion, choice=choice, now=self.now
        )
        self._open = list(self.document.suggestions.filter(state=SuggestionState.OPEN))
        self.counts.found += before - len(self._open)
        thing = thing_of(card)
        if thing is None:
            message = f"{card} is no thing with sources"
            raise TypeError(message)
        return thing

    def _add_to(
        self,
        kind: ThingKind,
        thing: SourcedThing,
        content: Content,
        parties: list[PartyInRole],
    ) -> None:
        """Add what this document says to a known thing; what contradicts stays beside it."""
        # Two summaries in other words do not contradict each other.
        told = {name for name in ("title", "summary") if getattr(thing, name)}
        values = {name: value for name, value in content.values.items() if name not in told}
        if not values and not parties:
            return
        edit_thing(
            actor=self.actor,
            kind=kind,
            thing=thing,
            values=values,
            sources=content.sources,
            parties=parties or None,
            now=self.now,
            beside=True,
            claims=frozenset(content.claims & values.keys()),
        )

    def _write_organisation(self, entry: Entry) -> None:
        kind = thing_kind("organisation")
        lead = lead_of(entry, self.passages)
        organisation = self._organisation(entry.name, lead)
        profile = OrganisationProfile.objects.select_related("card").get(organisation=organisation)
        content = Content()
        block = self.passages.block_around(lead)
        if not profile.summary:
            content.add("summary", entry.summary, block)
        if entry.topics:
            content.add("topics", list(entry.topics), block)
        if content.values:
            self._add_to(kind, profile, content, [])
        identity: dict[str, Any] = {}
        stated: dict[str, str] = {}
        sources: dict[str, Source] = {}
        for fact in entry.facts:
            if fact.name not in OF_THE_ORGANISATION:
                continue
            sources[fact.name] = self.passages.quoting(fact.quote)
            value, words = _identity(fact)
            stated[fact.name] = words
            if value is not None:
                identity[fact.name] = value
        if identity:
            edit_organisation(actor=self.actor, organisation=organisation, now=self.now, **identity)
        record_statements(
            actor=self.actor,
            about=profile.card,
            values=stated,
            sources=sources,
            now=self.now,
            beside=True,
        )

    def _write_members(self, entry: Entry) -> None:
        """State where the members of a network are named; the register already lists them."""
        network = Network.objects.get(name=entry.name)
        card = Card.objects.get(kind=PlaceKind.NETWORK, slug=network.slug)
        names = Place.objects.filter(key__in=entry.places).order_by("key")
        record_statements(
            actor=self.actor,
            about=card,
            values={"members": [place.name for place in names]},
            sources={"members": lead_of(entry, self.passages)},
            now=self.now,
            beside=True,
        )

    def _party(self, named: NamedParty, lead: Passage) -> Party:
        if named.place:
            return party_for_place(Place.objects.get(key=named.place))
        if named.network:
            return party_for_network(Network.objects.get(name=named.network))
        return party_for_organisation(self._organisation(named.name, lead))

    def _organisation(self, name: str, lead: Passage) -> Organisation:
        """Return the organisation of that name; a new one gets its page, with its source."""
        profile = OrganisationProfile.objects.filter(organisation__name__iexact=name).first()
        organisations = [each for each in self._open if each.kind == "organisation"]
        suggestion = suggestion_named(name, organisations)
        if suggestion is not None:
            choice = Choice(kind="organisation", values={"title": name, "website": ""})
            self._take(suggestion, choice)
        elif profile is None:
            create_organisation_profile(
                actor=self.actor,
                owner=self.owner,
                values={"title": name},
                sources={"title": self.passages.naming(name, otherwise=lead)},
                now=self.now,
                is_demo=True,
            )
            self.counts.added += 1
        return Organisation.objects.get(name__iexact=name)


def thing_called(kind: ThingKind, entry: Entry) -> SourcedThing | None:
    """Return the thing that an entry tells more about; a portrait is known by its place."""
    if kind.model is Portrait:
        return Portrait.objects.filter(place_id=entry.places[0]).select_related("card").first()
    return kind.model._default_manager.filter(title=entry.name).select_related("card").first()


def card_called(kind: str, name: str) -> Card | None:
    """Return the card of that kind and title."""
    return Card.objects.filter(kind=kind, title=name, withdrawn_at=None).first()


def card_named(name: str) -> Card | None:
    """Return the thing that a link means by ``name``: programmes and solutions before others."""
    cards = Card.objects.filter(title=name, withdrawn_at=None, is_demo=True)
    order = ("funding", "solution", "strategy", "project", "publication", "event")
    found = {card.kind: card for card in cards}
    return next((found[kind] for kind in order if kind in found), None)


def _identity(fact: Fact) -> tuple[Any, str]:
    """Return the column's value, if the words name one, and the words that people read."""
    words = str(fact.value)
    if fact.name == "kind":
        return words, str(OrganisationKind(words).label)
    if fact.name == "seat":
        places = Place.objects.filter(name=words, level=Level.MUNICIPALITY)
        return places.first() if places.count() == 1 else None, words
    if fact.name == "parent":
        return Organisation.objects.filter(name=words).first(), words
    return words, words
