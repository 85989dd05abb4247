"""Accepting, rejecting, undoing: one transaction each, through the commands of the domains."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.catalog.models import Card, Link
from stadtwabe.desk.facts import facts_of, write_facts
from stadtwabe.desk.matching import ALIKE, SAME, Sought, known_beside, known_things, likeness
from stadtwabe.desk.plans import (
    Choice,
    Plan,
    ProposedOrganisation,
    organisations_of,
    place_role,
    places_of,
    plan_of,
)
from stadtwabe.desk.proposals import sought
from stadtwabe.evidence.changes import Change
from stadtwabe.evidence.commands import (
    create_thing,
    edit_thing,
    keep_draft,
    note_accepted,
    open_suggestion,
    reopen_suggestion,
    undo_change,
    undo_fact,
)
from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.rules import SuggestionState
from stadtwabe.evidence.sources import Passage
from stadtwabe.evidence.things import PartyInRole, SourcedThing, thing_kind, thing_of
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.kit.names import name_form
from stadtwabe.people.audit import record
from stadtwabe.people.commands import (
    create_organisation,
    party_for_organisation,
    party_for_place,
)
from stadtwabe.people.models import Organisation, Party
from stadtwabe.people.permissions import require
from stadtwabe.people.queries import organisation_called
from stadtwabe.places.models import Place
from stadtwabe.places.rules import Level

AS_PROPOSED = Choice()


@transaction.atomic
def accept_suggestion(
    *, actor: Actor, suggestion: Suggestion, choice: Choice = AS_PROPOSED, now: datetime
) -> Card:
    """Make the proposed thing, or enrich a known one, with a statement behind each value.

    Organisations that take part are made where they are not known, and suggestions of the same
    document that propose just these are accepted with it. Raises NotAllowed; Conflict when the
    suggestion is decided already; Invalid by field. Then nothing is written.
    """
    suggestion = open_suggestion(actor=actor, suggestion=suggestion)
    work = _Acceptance(actor, suggestion, choice, now)
    card = work.write()
    undo = {
        "changes": [change.as_json() for change in work.changes],
        "also": work.also,
        "facts": work.facts,
    }
    note_accepted(actor=actor, suggestion=suggestion, became=card, undo=undo, now=now)
    _match_again(suggestion.document, [card.pk, *(change.card_id for change in work.changes)])
    return card


@transaction.atomic
def undo_decision(*, actor: Actor, suggestion: Suggestion, now: datetime) -> None:
    """Take a decision back: what it wrote is undone, and the suggestion is open again.

    Raises Conflict when it is open, or when somebody has changed the same values since.
    """
    require(actor, "evidence.decide_suggestion", suggestion)
    suggestion = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if suggestion.state not in {SuggestionState.ACCEPTED, SuggestionState.REJECTED}:
        raise Conflict(_("Dieser Vorschlag ist noch nicht entschieden."))
    changes = [Change.from_json(stored) for stored in suggestion.undo.get("changes", [])]
    for fact in reversed(suggestion.undo.get("facts", [])):
        if link := Link.objects.filter(pk=fact["link"]).first():
            undo_fact(actor=actor, link=link, added=fact["added"], now=now)
    for change in reversed(changes):
        undo_change(actor=actor, change=change, now=now)
    together = Suggestion.objects.filter(pk__in=suggestion.undo.get("also", []))
    for other in together.filter(state=SuggestionState.ACCEPTED):
        reopen_suggestion(actor=actor, suggestion=other, now=now)
    reopen_suggestion(actor=actor, suggestion=suggestion, now=now)
    _match_again(suggestion.document, [change.card_id for change in changes])


@transaction.atomic
def accept_safe_places(*, actor: Actor, document: Document, now: datetime) -> int:
    """Confirm every safe place in the open suggestions of a document; return how many."""
    require(actor, "evidence.redact_document", document)
    count = 0
    for suggestion in document.suggestions.filter(state=SuggestionState.OPEN):
        confirmed = {
            str(place.start): place.chosen
            for place in places_of(suggestion)
            if place.is_safe and place.chosen and not place.is_confirmed
        }
        if confirmed:
            count += len(confirmed)
            chosen = {**suggestion.draft.get("places", {}), **confirmed}
            keep_draft(
                actor=actor, suggestion=suggestion, draft={**suggestion.draft, "places": chosen}
            )
    record(
        actor=actor,
        command="desk.accept_safe_places",
        subject=document,
        now=now,
        details={"places": count},
    )
    return count


class _Acceptance:
    """The work of one acceptance; collects what undoing needs."""

    def __init__(self, actor: Actor, suggestion: Suggestion, choice: Choice, now: datetime) -> None:
        self.actor, self.suggestion, self.choice, self.now = actor, suggestion, choice, now
        self.document = suggestion.document
        self.changes: list[Change] = []
        self.also: list[int] = []
        self.facts: list[dict[str, Any]] = []
        self._siblings = {
            form: other
            for other in self.document.suggestions.filter(
                kind="organisation", state=SuggestionState.OPEN
            ).exclude(pk=suggestion.pk)
            for form in _forms(other)
        }

    def write(self) -> Card:
        plan = plan_of(self.suggestion, self.choice)
        if plan.kind.name == "organisation" and self.choice.merge_with is None:
            organisation = self._organisation(self.suggestion, str(plan.values["title"]), plan)
            return Card.objects.get(organisationprofile__organisation=organisation)
        parties, spans = self._parties(plan.kind.name)
        sources: dict[str, Passage] = {**plan.sources, **spans}
        self._place_of_event(plan, sources)
        if self.choice.merge_with is not None:
            card = self._enrich(plan, parties, sources)
            self._write_facts(card, parties, spans)
            return card
        thing, change = create_thing(
            actor=self.actor,
            kind=plan.kind,
            owner=self.document.owner,
            values=plan.values,
            sources=sources,
            parties=parties,
            is_demo=self.document.is_demo,
            now=self.now,
        )
        self.changes.append(change)
        self._write_facts(thing.card, parties, spans)
        return thing.card

    def _write_facts(
        self, card: Card, parties: Sequence[PartyInRole], spans: dict[str, Passage]
    ) -> None:
        """Write the facts between this thing and others that were chosen."""
        wanted = self.choice.facts
        facts = facts_of(self.suggestion, card.kind)
        self.facts = write_facts(
            actor=self.actor,
            suggestion=self.suggestion,
            card=card,
            facts=[fact for fact in facts if wanted is None or fact.key in wanted],
            towns=[
                (party, spans[f"parties:{party.pk}"]) for party, _role in parties if party.place
            ],
            now=self.now,
        )

    def _enrich(
        self, plan: Plan, parties: Sequence[PartyInRole], sources: dict[str, Passage]
    ) -> Card:
        """Add to a known thing: contradictions stand beside, unless they were to replace."""
        card = self.choice.merge_with
        thing = thing_of(card) if card and not card.is_withdrawn else None
        if card is None or thing is None or card.kind != plan.kind.name:
            raise Invalid(
                _("Damit lässt sich dieser Vorschlag nicht zusammenführen."), field="card"
            )
        beside = {
            name: value
            for name, value in plan.values.items()
            if name not in self.choice.replace and not _is_own_wording(thing, name, value)
        }
        if likeness(str(plan.values["title"]), thing.title) >= ALIKE or not beside:
            beside["title"] = thing.title  # the same name, from one more source
        instead = {name: plan.values[name] for name in self.choice.replace if name in plan.values}
        for values, is_beside in ((beside, True), (instead, False)):
            if values or (is_beside and parties):
                self.changes.append(
                    edit_thing(
                        actor=self.actor,
                        kind=plan.kind,
                        thing=thing,
                        values=values,
                        sources=sources,
                        parties=parties if is_beside else None,
                        now=self.now,
                        beside=is_beside,
                    )
                )
        return card

    def _parties(self, kind: str) -> tuple[list[PartyInRole], dict[str, Passage]]:
        """Return the parties with their roles, and the passage that names each."""
        parties: list[PartyInRole] = []
        spans: dict[str, Passage] = {}

        def add(party: Party, role: str, start: int, end: int) -> None:
            if (party, role) not in parties:
                parties.append((party, role))
                spans.setdefault(f"parties:{party.pk}", Passage(self.document, start, end))

        if kind == "organisation":
            return parties, spans
        for place in places_of(self.suggestion):
            key = self.choice.places.get(place.start, place.chosen)
            if key and not (kind == "event" and place.role != "actor"):
                found = Place.objects.filter(key=key).first()
                if found is None:
                    raise Invalid(
                        _("Diesen Ort gibt es nicht: %(key)s.") % {"key": key}, field="place"
                    )
                add(party_for_place(found), str(place_role(kind)), place.start, place.end)
        if self.choice.further_place.strip():
            found = _place_called(self.choice.further_place.strip())
            whole = self.suggestion
            add(party_for_place(found), str(place_role(kind)), whole.start, whole.end)
        for each in organisations_of(self.suggestion, kind):
            chosen = self.choice.organisations
            if each.is_chosen if chosen is None else each.start in chosen:
                add(self._party_of(each), str(each.role), each.start, each.end)
        return parties, spans

    def _place_of_event(self, plan: Plan, sources: dict[str, Passage]) -> None:
        """An event lies at its first place."""
        if plan.kind.name != "event":
            return
        for place in places_of(self.suggestion):
            key = self.choice.places.get(place.start, place.chosen)
            found = Place.objects.filter(key=key).first() if key else None
            if found is not None:
                plan.values["place"] = found
                sources["place"] = Passage(self.document, place.start, place.end)
                return

    def _party_of(self, each: ProposedOrganisation) -> Party:
        """Return the party of an organisation that takes part; it is made if nobody knows it."""
        sibling = self._siblings.get(name_form(each.name))
        passage = Passage(self.document, each.start, each.end)
        name = str(sibling.proposal["name"]) if sibling else each.name
        plan = (
            Plan(thing_kind("organisation"), {"title": name}, {"title": passage})
            if sibling is None
            else plan_of(sibling, AS_PROPOSED)
        )
        return party_for_organisation(self._organisation(sibling, name, plan))

    def _organisation(self, suggestion: Suggestion | None, name: str, plan: Plan) -> Organisation:
        """Return the organisation called ``name``, with its page; both are made if missing."""
        organisation = organisation_called(name)
        if organisation is None and suggestion != self.suggestion:
            organisation = _organisation_meant(name)
        if organisation is None:
            organisation = create_organisation(
                actor=self.actor, name=name[:200], now=self.now, **_about(suggestion)
            )
        card = Card.objects.filter(organisationprofile__organisation=organisation).first()
        profile = thing_of(card) if card else None
        if profile is None or profile.card.is_withdrawn:
            self._write_profile(plan, organisation, profile)
        if suggestion is not None and suggestion.pk != self.suggestion.pk:
            card = Card.objects.get(organisationprofile__organisation=organisation)
            note_accepted(
                actor=self.actor, suggestion=suggestion, became=card, undo={}, now=self.now
            )
            self.also.append(suggestion.pk)
            self._siblings = {f: s for f, s in self._siblings.items() if s.pk != suggestion.pk}
        return organisation

    def _write_profile(
        self, plan: Plan, organisation: Organisation, profile: SourcedThing | None
    ) -> None:
        values = {**plan.values, "title": organisation.name, "organisation": organisation}
        sources = {**plan.sources, "organisation": plan.sources["title"]}
        if profile is None:
            _thing, change = create_thing(
                actor=self.actor,
                kind=plan.kind,
                owner=self.document.owner,
                values=values,
                sources=sources,
                is_demo=self.document.is_demo,
                now=self.now,
            )
        else:  # withdrawn by an earlier undo: writing its card brings it back
            change = edit_thing(
                actor=self.actor,
                kind=plan.kind,
                thing=profile,
                values=values,
                sources=sources,
                now=self.now,
            )
        self.changes.append(change)


def _is_own_wording(thing: SourcedThing, name: str, value: Any) -> bool:
    """Whether a value is wording rather than a fact: two summaries contradict nothing."""
    return name in {"title", "summary"} and bool(getattr(thing, name)) and value is not None


def _place_called(name: str) -> Place:
    """Return the place with this key or name. Raises Invalid when there is none, or several."""
    places = Place.objects.filter(key=name) or Place.objects.filter(name__iexact=name)
    towns = [place for place in places if place.level == Level.MUNICIPALITY] or list(places)
    if len(towns) == 1:
        return towns[0]
    raise Invalid(
        _("Welcher Ort ist mit „%(name)s“ gemeint?") % {"name": name},
        field="place",
        remedy=_("Geben Sie den amtlichen Gemeindeschlüssel an: %(keys)s.")
        % {"keys": ", ".join(f"{place.key} ({place.name})" for place in towns[:5]) or "8 Ziffern"},
    )


def _organisation_meant(name: str) -> Organisation | None:
    """Return the organisation that merging would propose first: "Deutschen Städtetag", inflected.

    Only for one that comes along with another thing; of its own suggestion a person decides.
    """
    [found] = known_things([Sought("organisation", name)]).values()
    if not found or found[0]["score"] < SAME:
        return None
    return Organisation.objects.filter(profile__card=found[0]["card"]).first()


def _about(suggestion: Suggestion | None) -> dict[str, str]:
    """Return what a suggestion says of the organisation itself, not of its page."""
    if suggestion is None:
        return {}
    said = {each["name"]: each["value"] for each in suggestion.proposal["properties"]}
    return {
        column: said[name][:60]
        for name, column in (("alias", "short_name"), ("legal_form", "legal_form"))
        if said.get(name)
    }


def _forms(suggestion: Suggestion) -> set[str]:
    """Return the names under which a proposed organisation stands in its document."""
    names = [
        each["value"]
        for each in suggestion.proposal["properties"]
        if each["name"] in {"name", "alias"}
    ]
    return {name_form(name) for name in (suggestion.proposal["name"], *names)}


def _match_again(document: Document, cards: Iterable[int]) -> None:
    """Look which open suggestions of a document may be the things that were just written."""
    changed = list(Card.objects.filter(pk__in=set(cards)))
    for other in document.suggestions.filter(state=SuggestionState.OPEN):
        known = known_beside(sought(other.kind, other.proposal), other.matches, changed)
        if known != other.matches:
            other.matches = known
            other.save(update_fields=["matches"])
