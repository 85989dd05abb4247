"""What somebody who knows the script leaves as proposed in a suggestion, and what they change."""

from dataclasses import dataclass
from typing import Any

from stadtwabe.desk.plans import (
    Choice,
    filled_in,
    organisations_of,
    place_role,
    places_of,
    plan_of,
)
from stadtwabe.evidence.models import Suggestion
from stadtwabe.evidence.similarity import form_of
from stadtwabe.evidence.things import SourcedThing, ThingKind
from stadtwabe.site.demo.content import Content
from stadtwabe.site.demo.script import Entry


@dataclass(frozen=True, slots=True)
class Checked:
    """The choice for one suggestion, and how good the suggestion was.

    ``kept`` and ``changed`` count single values: left as proposed; put right or left out.
    ``columns`` are those that the choice fills in, ``parties`` the names (places: keys) with
    their roles. ``is_corrected``: its kind or its name had to be changed.
    """

    choice: Choice
    kept: int
    changed: int
    columns: frozenset[str]
    parties: frozenset[tuple[str, str]]
    is_corrected: bool


def check(
    entry: Entry,
    kind: ThingKind,
    suggestion: Suggestion,
    content: Content,
    known: SourcedThing | None,
) -> Checked:
    """Compare a suggestion with the entry that it means, value by value."""
    proposed = plan_of(suggestion, Choice(kind=kind.name)).values
    is_named = form_of(str(proposed["title"])) == form_of(entry.name)
    values: dict[str, Any] = {} if is_named else {"title": entry.name}
    columns, kept, changed = {"title"}, int(is_named), int(not is_named)
    for column, shown in filled_in(suggestion, kind.name).items():
        if column in {"title", "topics"}:
            continue
        if column in proposed and proposed[column] == content.values.get(column):
            columns.add(column)
            kept += 1
            continue
        values[column] = ""
        # The text of the passage stands where our own sentence will: that is no mistake.
        changed += bool(shown) and column != "summary"
    topics = [topic for topic in proposed.get("topics", ()) if topic in entry.topics]
    values["topics"] = topics
    kept += len(topics)
    changed += len(proposed.get("topics", ())) - len(topics)
    places, wrong_places = _places(entry, kind, suggestion)
    starts, wrong_organisations, organisations = _organisations(entry, kind, suggestion)
    at_places = {(key, str(place_role(kind.name))) for key in places.values() if key}
    return Checked(
        choice=Choice(
            kind=kind.name,
            values=values,
            places=places,
            organisations=starts,
            facts=frozenset(),  # the script tells of them itself
            merge_with=known.card if known else None,
        ),
        kept=kept + len(at_places) + len(organisations),
        changed=changed + wrong_places + wrong_organisations,
        columns=frozenset(columns),
        parties=frozenset({*at_places, *organisations}),
        is_corrected=not is_named or suggestion.kind != kind.name,
    )


def _places(entry: Entry, kind: ThingKind, suggestion: Suggestion) -> tuple[dict[int, str], int]:
    """Return which places stay, by the start of their passage, and how many were wrong."""
    role = str(place_role(kind.name))
    wanted = {party.place for party in entry.parties if party.place and party.role == role}
    proposed = places_of(suggestion)
    wrong = sum(bool(place.chosen) and place.chosen not in wanted for place in proposed)
    return {p.start: p.chosen if p.chosen in wanted else "" for p in proposed}, wrong


def _organisations(
    entry: Entry, kind: ThingKind, suggestion: Suggestion
) -> tuple[frozenset[int], int, set[tuple[str, str]]]:
    wanted = {
        (form_of(party.name), party.role): party.name
        for party in entry.parties
        if not party.place and not party.network
    }
    starts, wrong, named = set(), 0, set()
    for each in organisations_of(suggestion, kind.name):
        pair = (form_of(each.name), str(each.role))
        if pair in wanted:
            starts.add(each.start)
            named.add((wanted[pair], pair[1]))
        else:
            wrong += each.is_chosen
    return frozenset(starts), wrong, named
