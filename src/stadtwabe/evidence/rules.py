"""States and methods of documents, suggestions and statements."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.rules import PartyRole
from stadtwabe.kit.actor import Actor
from stadtwabe.people.rules import Role

RELATION = "relation"
"""The property of a link that says why two things belong together at all; it needs a source."""


class DocumentState(models.TextChoices):
    """Where a document is on its way."""

    RECEIVED = "received", _("eingegangen")
    READING = "reading", _("wird gelesen")
    READ = "read", _("gelesen")
    FAILED = "failed", _("nicht lesbar")
    DONE = "done", _("abgearbeitet")


class Licence(models.TextChoices):
    """What a document's licence lets us show."""

    UNKNOWN = "unknown", _("unbekannt")
    PROTECTED = "protected", _("geschützt")
    CC0 = "CC0-1.0", _("CC0 1.0")
    CC_BY = "CC-BY-4.0", _("CC BY 4.0")
    CC_BY_SA = "CC-BY-SA-4.0", _("CC BY-SA 4.0")
    DL_DE_BY = "dl-de/by-2-0", _("Datenlizenz Deutschland Namensnennung 2.0")
    DL_DE_ZERO = "dl-de/zero-2-0", _("Datenlizenz Deutschland Zero 2.0")
    EUPL = "EUPL-1.2", _("EUPL 1.2")
    OFFICIAL = "official", _("amtliches Werk (§ 5 UrhG)")


OPEN_LICENCES = frozenset(set(Licence) - {Licence.UNKNOWN, Licence.PROTECTED})
"""Licences under which the public may see the full text."""


class SuggestionState(models.TextChoices):
    """What became of a suggestion."""

    OPEN = "open", _("offen")
    ACCEPTED = "accepted", _("übernommen")
    REJECTED = "rejected", _("verworfen")
    SUPERSEDED = "superseded", _("durch erneutes Lesen ersetzt")


class Rejection(models.TextChoices):
    """Why a suggestion was rejected."""

    WRONG = "wrong", _("So etwas ist hier nicht gemeint")
    UNWANTED = "unwanted", _("Gehört nicht in den Atlas")
    DUPLICATE = "duplicate", _("Steht schon an anderer Stelle")
    OTHER = "other", _("Anderer Grund")


TEACHING = frozenset({Rejection.WRONG, Rejection.UNWANTED})
"""Rejections that say something about the name itself, wherever it is read next."""


class StatementState(models.TextChoices):
    """Whether a statement is the answer."""

    CURRENT = "current", _("gilt")
    DISPUTED = "disputed", _("widersprochen")
    SUPERSEDED = "superseded", _("abgelöst")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


class Method(models.TextChoices):
    """How a value came to be known."""

    READ_CONFIRMED = "read_confirmed", _("gelesen und bestätigt")
    EDITOR = "editor", _("von der Redaktion erfasst")
    DECLARED = "declared", _("selbst erklärt")
    IMPORTED = "imported", _("eingelesen aus einer Datei")


def may_create_for(actor: Actor, owner: Any) -> bool:
    """Editors make things in the cell of the party at which they are editors."""
    return owner is not None and actor.holds(Role.EDITOR, owner.pk)


def may_edit(actor: Actor, thing: Any) -> bool:
    """Editors of the owner may, and of any party that leads the thing: it is in their cell too."""
    if not actor.holds_anywhere(Role.EDITOR):
        return False
    card = thing.card
    if card.owner_id is not None and actor.holds(Role.EDITOR, card.owner_id):
        return True
    leads = card.card_parties.filter(role__in=[PartyRole.OWNER, PartyRole.LEAD])
    return any(actor.holds(Role.EDITOR, each.party_id) for each in leads)


def may_submit_documents(actor: Actor, owner: Any) -> bool:
    """Editors of a party bring in documents for it."""
    return actor.holds(Role.EDITOR, owner.pk)


def may_handle_document(actor: Actor, document: Any) -> bool:
    """Editors of the owner read, redact and work through a document; nobody else sees it."""
    return actor.holds(Role.EDITOR, document.owner_id)


def may_decide_suggestion(actor: Actor, suggestion: Any) -> bool:
    """Whoever works through the document decides its suggestions."""
    return actor.holds(Role.EDITOR, suggestion.document.owner_id)


def may_withdraw_statement(actor: Actor, statement: Any) -> bool:
    """Whoever edits the thing that it is about; of a fact between two things, either of them."""
    link = statement.link
    cards = [statement.card] if link is None else [link.source, link.target]
    return any(may_edit(actor, _About(card)) for card in cards)


@dataclass(frozen=True, slots=True)
class _About:
    """What ``may_edit`` asks of a thing."""

    card: Any
