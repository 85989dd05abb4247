"""The small link "Quelle" beside every displayed value that has one."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from stadtwabe.catalog.kinds import kind_of
from stadtwabe.catalog.models import Card, Link
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.queries.statements import statements_for
from stadtwabe.evidence.rules import StatementState
from stadtwabe.kit.templatetags.kit import source_mark

register = template.Library()


@register.inclusion_tag("evidence/sourced.html")
def sourced(about: Card | Link, name: str, value: Any = None) -> dict[str, object]:
    """Link to the statements behind ``value`` of the property ``name`` of a card or link.

    ``{{ project.get_stage_display }} {% sourced card "stage" project.stage %}`` writes a link
    "Quelle", with the number of sources if there are several, and one for each value that
    contradicts.
    ``value`` is the stored value (of a list: one item; of parties: ``{"party", "role"}`` or the
    CardParty). Nothing is written when there is no statement. Pages with several cards call
    ``evidence.queries.statements.prefetch_statements(cards)`` first: one query for all.
    """
    found = statements_for(about, name, _stored(value))
    label = kind_of(about.kind).property_label(name) if isinstance(about, Card) else name
    return {
        "label": label,
        "sources": [s for s in found if s.state == StatementState.CURRENT],
        "disputes": [
            s
            for s in statements_for(about, name)
            if s.state == StatementState.DISPUTED and s.value != _stored(value)
        ],
    }


@register.simple_tag
def sources(statements: Sequence[Statement], label: str | Promise) -> SafeString:
    """Write one mark for the statements that say the same: the first one's page lists the others.

    Nothing is written when there is none.
    """
    if not statements:
        return SafeString("")
    first = statements[0]
    title = first.document.title if first.document else ""
    return source_mark(first.get_absolute_url(), label, title, len(statements))


@register.simple_tag
def source_address(about: Card | Link, name: str, value: Any = None) -> str:
    """Return the address of the first statement behind a value, or an empty text."""
    found = statements_for(about, name, _stored(value))
    return found[0].get_absolute_url() if found else ""


def _stored(value: Any) -> Any:
    if hasattr(value, "party_id") and hasattr(value, "role"):
        return {"party": value.party_id, "role": str(value.role)}
    return value
