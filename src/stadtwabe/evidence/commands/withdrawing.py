"""Taking one statement back: the value gives way to what other sources say, or is unknown."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.evidence.commands.answers import answer_card, answer_link, can_be_unknown
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.things import thing_kinds
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.errors import Conflict, Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.permissions import require


@transaction.atomic
def withdraw_statement(*, actor: Actor, statement: Statement, because: str, now: datetime) -> None:
    """Say that a source does not say so after all; it stays in the history as withdrawn.

    Without its last reason a fact between two things is taken away. Raises NotAllowed, Invalid
    without a reason, or Conflict when nothing else states what the thing cannot do without.
    """
    require(actor, "evidence.withdraw_statement", statement)
    if not because.strip():
        raise Invalid(_("Bitte nennen Sie einen Grund."), field="because")
    statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if statement.state == StatementState.WITHDRAWN:
        raise Conflict(_("Diese Angabe ist schon zurückgezogen."))
    about = statement.card or statement.link
    assert about is not None  # a constraint of the table
    same = Statement.objects.filter(
        card=statement.card, link=statement.link, property=statement.property
    ).exclude(pk=statement.pk)
    is_last = not same.filter(state__in=[StatementState.CURRENT, StatementState.DISPUTED]).exists()
    if is_last and not can_be_unknown(about, statement.property):
        raise Conflict(
            _("Ohne diese Angabe kann der Eintrag nicht stehen."),
            remedy=_("Tragen Sie zuerst eine andere ein, oder ziehen Sie den Eintrag zurück."),
        )
    with_it = Statement.objects.filter(pk=statement.pk) | Statement.objects.filter(
        card=statement.card,
        link=statement.link,
        document=statement.document,
        property__in=_precisions(statement.property),
        start=statement.start,
    )
    subject = statement.card or statement.link.source  # type: ignore[union-attr]  # one of both
    record(
        actor=actor,
        command="evidence.withdraw_statement",
        subject=subject,
        now=now,
        details={
            "statement": statement.pk,
            "property": statement.property,
            "because": because.strip(),
        },
    )
    Statement.objects.filter(pk__in=list(with_it.values_list("pk", flat=True))).update(
        state=StatementState.WITHDRAWN, valid_to=day_of(now)
    )
    if statement.card is None:
        assert statement.link is not None
        answer_link(statement.link, {statement.property})
    elif statement.card.kind in {kind.name for kind in thing_kinds()}:
        answer_card(statement.card, {statement.property}, now=now)


def _precisions(name: str) -> list[str]:
    """Return the properties that say how exactly a day is known: gone with the day."""
    return [f"{name}_precision", f"{name.removesuffix('_on')}_precision"]
