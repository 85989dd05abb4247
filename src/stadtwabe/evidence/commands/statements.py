"""Writing down why a value is what it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.catalog.models import Card, Link
from stadtwabe.evidence.changes import json_value
from stadtwabe.evidence.models import Statement
from stadtwabe.evidence.rules import Method, StatementState
from stadtwabe.evidence.sources import Declaration, ImportRow, Passage, Source
from stadtwabe.kit.actor import Actor
from stadtwabe.kit.clock import day_of
from stadtwabe.kit.errors import Invalid


@dataclass(slots=True)
class Recorded:
    """Ids of the statements that were added, and of those they took the place of."""

    added: list[int] = field(default_factory=list)
    superseded: list[int] = field(default_factory=list)


def record_statements(
    *,
    actor: Actor,
    about: Card | Link,
    values: Mapping[str, Any],
    sources: Mapping[str, Source],
    now: datetime,
    beside: bool = False,
    claims: frozenset[str] = frozenset(),
    method: Method | None = None,
) -> Recorded:
    """Write one statement for each value; each item of a list is a value of its own.

    The same value from the same source again only moves ``last_seen``. A new value takes the
    place of earlier ones unless ``beside``: then it is kept as disputed, next to the current
    one. A value that is empty now withdraws nothing but supersedes what was said before.
    A party may have a source of its own: ``"parties:<id>"`` beside or instead of ``"parties"``.
    ``claims`` names the properties that are somebody's claim. Called inside the transaction of
    the command that changes the columns. Raises Invalid when a value has no source.
    """
    recorded = Recorded()
    for name, value in values.items():
        wanted = [json_value(item) for item in _items(value)]
        known = list(_about(about).filter(property=name).exclude(state=StatementState.WITHDRAWN))
        if not beside:
            for statement in known:
                if statement.value not in wanted and statement.state == StatementState.CURRENT:
                    statement.state = StatementState.SUPERSEDED
                    statement.valid_to = day_of(now)
                    statement.save(update_fields=["state", "valid_to"])
                    recorded.superseded.append(statement.pk)
        for item in wanted:
            source = _source_of(name, item, sources)
            _refuse_future(source, now)
            columns = source_columns(source)
            same = [
                statement
                for statement in known
                if statement.value == item
                and all(_same(statement, key, value) for key, value in columns.items())
            ]
            if same:
                same[0].last_seen = max(same[0].last_seen, now)
                if same[0].state == StatementState.SUPERSEDED and not beside:
                    same[0].state, same[0].valid_to = StatementState.CURRENT, None
                same[0].save(update_fields=["last_seen", "state", "valid_to"])
                continue
            contradicts = (
                beside
                and not isinstance(value, list | tuple)
                and any(
                    statement.state == StatementState.CURRENT and statement.value != item
                    for statement in known
                )
            )
            statement = Statement.objects.create(
                **_subject(about),
                property=name,
                value=item,
                **columns,
                method=method or _method(source),
                is_claim=name in claims,
                state=StatementState.DISPUTED if contradicts else StatementState.CURRENT,
                stated_by=actor.person,
                first_seen=now,
                last_seen=now,
            )
            recorded.added.append(statement.pk)
    return recorded


def source_columns(source: Source) -> dict[str, Any]:
    """Return the columns of a statement that name its source.

    Raises Invalid when a passage lies outside its document's text.
    """
    match source:
        case Passage(document=document, start=start, end=end):
            if not 0 <= start < end <= len(document.text):
                raise Invalid(_("Diese Stelle gibt es in dem Dokument nicht."), field="source")
            return {"document": document, "start": start, "end": end, "quote": source.quote}
        case Declaration(party=party, role=role, on=on):
            return {"declared_by": party, "declared_role": role, "declared_on": on}
        case ImportRow(name=name, row=row):
            return {"import_name": name, "import_row": row}


def _source_of(name: str, item: Any, sources: Mapping[str, Source]) -> Source:
    own = f"{name}:{item['party']}" if isinstance(item, dict) and "party" in item else name
    if own not in sources and name not in sources:
        raise Invalid(_("Zu dieser Angabe fehlt die Quelle."), field=name)
    return sources.get(own) or sources[name]


def _refuse_future(source: Source, now: datetime) -> None:
    if isinstance(source, Declaration) and source.on > day_of(now):
        raise Invalid(
            _("Der Stand der Angabe liegt in der Zukunft."),
            field="source_on",
            remedy=_("Nennen Sie den Tag, an dem die Angabe galt, spätestens heute."),
        )


def _same(statement: Statement, column: str, value: Any) -> bool:
    return column == "declared_on" or getattr(statement, column) == value


def _items(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _subject(about: Card | Link) -> dict[str, Card | Link]:
    return {"card": about} if isinstance(about, Card) else {"link": about}


def _about(about: Card | Link) -> Any:
    return Statement.objects.filter(**_subject(about)).order_by("pk")


def _method(source: Source) -> Method:
    match source:
        case Passage():
            return Method.READ_CONFIRMED
        case Declaration():
            return Method.DECLARED
        case ImportRow():
            return Method.IMPORTED
