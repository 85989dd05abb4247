"""Blacking out words: in the text, in what quotes it, and in the values that were taken from it."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from stadtwabe.catalog.commands import count_words, german_slug, write_card
from stadtwabe.catalog.models import Card, FormerAddress, Link
from stadtwabe.evidence.commands.answers import answer_card, answer_link, can_be_unknown
from stadtwabe.evidence.commands.documents import BLACK, blackened, text_hash
from stadtwabe.evidence.commands.things import parties_of, spec_of
from stadtwabe.evidence.models import Document, Merge, Statement, Suggestion
from stadtwabe.evidence.queries.redaction import values_with
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.similarity import form_of, sketch_of
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require


@transaction.atomic
def redact_document(
    *,
    actor: Actor,
    document: Document,
    start: int,
    end: int,
    because: str,
    now: datetime,
    everywhere: bool = False,
) -> int:
    """Black out characters ``start`` to ``end``; the text keeps its length and its offsets.

    With ``everywhere`` the same words are blacked out wherever they stand. Quotes of statements,
    suggestions and the title lose the words too, and the bytes received are dropped. Values taken
    from the document that hold the words (``queries.redaction.values_with``) are withdrawn, whoever
    owns the thing, and unreadable in the history as well; a title that nothing else states keeps
    the rest of its words, at a new address. Returns the number of passages. Raises Invalid without
    a reason or outside the text.
    """
    require(actor, "evidence.redact_document", document)
    document = Document.objects.select_for_update().get(pk=document.pk)
    if not because.strip():
        raise Invalid(_("Bitte nennen Sie einen Grund."), field="because")
    if not 0 <= start < end <= len(document.text):
        raise Invalid(_("Diese Stelle gibt es in dem Dokument nicht."), field="start")
    words = document.text[start:end]
    spans = [(start, end)]
    if everywhere and words.strip():
        spans = [found.span() for found in re.finditer(re.escape(words), document.text)]
    taken = [
        each
        for each in values_with(document, words)
        if everywhere or _touches(each.start or 0, each.end or 0, spans)
    ]
    for low, high in spans:
        document.text = document.text[:low] + blackened(words) + document.text[high:]
        document.redactions.append(
            {"start": low, "end": high, "because": because.strip(), "on": day_of(now).isoformat()}
        )
    document.title = document.title.replace(words, blackened(words))
    document.file_name = document.file_name.replace(words, blackened(words))
    document.text_sha256 = text_hash(document.text)
    document.sketch = sketch_of(document.text)
    document.original = None
    document.save(
        update_fields=[
            "text",
            "text_sha256",
            "title",
            "file_name",
            "redactions",
            "original",
            "sketch",
        ]
    )
    _withdraw_values(document, taken, words, now)
    _blacken_quotes(document, spans)
    record(
        actor=actor,
        command="evidence.redact_document",
        subject=document,
        now=now,
        details={
            "passages": [list(span) for span in spans],
            "statements": [each.pk for each in taken],
        },
    )
    return len(spans)


def _withdraw_values(document: Document, taken: list[Statement], words: str, now: datetime) -> None:
    cards: dict[int, set[str]] = {}
    links: dict[int, set[str]] = {}
    for statement in taken:
        statement.value = _scrubbed(statement.value, words)
        if statement.state != StatementState.SUPERSEDED:
            statement.state, statement.valid_to = StatementState.WITHDRAWN, day_of(now)
        statement.save(update_fields=["value", "state", "valid_to"])
        if statement.card_id is not None:
            cards.setdefault(statement.card_id, set()).add(statement.property)
        elif statement.link_id is not None:
            links.setdefault(statement.link_id, set()).add(statement.property)
    for card in Card.objects.filter(pk__in=cards):
        _keep_what_is_needed(card, cards[card.pk], taken)
        answer_card(card, cards[card.pk], now=now)
        _leave_address(card, words, now)
    for link in Link.objects.filter(pk__in=links):
        answer_link(link, links[link.pk])
    touched = Suggestion.objects.filter(Q(document=document) | Q(became__in=cards))
    for pk in cards:
        touched |= Suggestion.objects.filter(matches__contains=[{"card": pk}])
    for suggestion in touched:
        suggestion.undo = _scrubbed(suggestion.undo, words)
        suggestion.matches = _scrubbed(suggestion.matches, words)
        suggestion.save(update_fields=["undo", "matches"])
    for merge in Merge.objects.filter(survivor__in=cards):
        merge.moved = _scrubbed(merge.moved, words)
        merge.save(update_fields=["moved"])
    if cards:
        count_words()


def _keep_what_is_needed(card: Card, names: set[str], taken: list[Statement]) -> None:
    """Let a value that no thing can do without stand, blacked out, if no other source has one."""
    for name in names:
        rest = Statement.objects.filter(card=card, property=name, state=StatementState.CURRENT)
        if can_be_unknown(card, name) or rest.exists():
            continue
        mine = [each for each in taken if each.card_id == card.pk and each.property == name]
        for statement in mine[:1]:
            statement.state, statement.valid_to = StatementState.CURRENT, None
            statement.save(update_fields=["state", "valid_to"])


def _leave_address(card: Card, words: str, now: datetime) -> None:
    """Give a card another address when the words stand in it; the old one is forgotten."""
    slug = german_slug(words)
    if not slug or slug not in card.slug:
        return
    kind = thing_kind(card.kind)
    thing = kind.model._default_manager.get(card=card)
    spec = spec_of(
        kind, thing, parties_of(card), owner=card.owner, audience=card.audience, card=card
    )
    wish = "-".join(part for part in card.slug.replace(slug, "-").split("-") if part)
    write_card(spec=replace(spec, slug=wish or kind.name), now=now, card=card)
    FormerAddress.objects.filter(card=card, path__contains=slug).delete()


def _blacken_quotes(document: Document, spans: list[tuple[int, int]]) -> None:
    for statement in Statement.objects.filter(document=document):
        if statement.start is not None and statement.end is not None:
            quote = document.text[statement.start : statement.end]
            if quote != statement.quote:
                statement.quote = quote
                statement.save(update_fields=["quote"])
    for suggestion in Suggestion.objects.filter(document=document):
        proposal = _without(suggestion.proposal, document.text, spans)
        # Values and places may lie outside the passage of the thing itself.
        is_touched = _touches(suggestion.start, suggestion.end, spans)
        if not is_touched and proposal == suggestion.proposal:
            continue
        suggestion.quote = document.text[suggestion.start : suggestion.end]
        suggestion.proposal = proposal
        suggestion.form = form_of(str(proposal["name"]))
        suggestion.draft = {}
        suggestion.save(update_fields=["quote", "proposal", "form", "draft"])


def _without(proposal: dict[str, Any], text: str, spans: list[tuple[int, int]]) -> dict[str, Any]:
    """Return a proposal without what was read from blacked-out passages."""
    kept = dict(proposal)
    for part in ("properties", "places", "alternatives", "facts"):
        if part not in proposal:
            continue
        kept[part] = [e for e in proposal[part] if not _touches(e["start"], e["end"], spans)]
    for entry in proposal["properties"]:
        if entry["name"] == "name" and entry not in kept["properties"]:
            kept["name"] = text[entry["start"] : entry["end"]]
    return kept


def _scrubbed(value: Any, words: str) -> Any:
    """Return a stored value with the words blacked out in every text of it."""
    if isinstance(value, str):
        if value.strip() and value.casefold() in words.casefold():
            return BLACK * len(value)
        return re.sub(re.escape(words), blackened(words), value, flags=re.IGNORECASE)
    if isinstance(value, list):
        return [_scrubbed(item, words) for item in value]
    if isinstance(value, dict):
        return {key: _scrubbed(item, words) for key, item in value.items()}
    return value


def _touches(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < high and end > low for low, high in spans)
