"""Towns, editors, documents and projects for tests."""

import hashlib
from datetime import UTC, datetime

from stadtwabe.catalog.rules import PartyRole
from stadtwabe.catalog.tests.factories import make_places
from stadtwabe.evidence.commands import create_thing
from stadtwabe.evidence.models import Document
from stadtwabe.evidence.sources import Passage
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.actor import Actor, Grant
from stadtwabe.people.commands import party_for_place
from stadtwabe.people.models import Membership, User

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEXT = (
    "Aus den Städten\n\n"
    "Seit Mai erprobt Köln „Jugend meets Verwaltung“. Das Angebot läuft dauerhaft. "
    "Niemand sonst kennt es."
)


def town(key="05315000"):
    """Return the party of a town."""
    return party_for_place(make_places(key)[key])


def editor_of(party, number=7):
    """Return an editor of ``party`` as an actor."""
    return Actor(person=number, grants=frozenset({Grant("editor", party.pk)}))


def account_of(party, email="redaktion@example.org"):
    """Return an account that is editor of ``party``."""
    user = User.objects.create_user(email, "ein langes Kennwort")
    Membership.objects.create(user=user, party=party, role="editor", since=NOW.date())
    return user


def document_of(party, text=TEXT, **fields):
    """Return a document that has been read."""
    return Document.objects.create(
        **{
            "title": "Rundbrief",
            "owner": party,
            "retrieved_at": NOW,
            "media_type": "text/plain",
            "file_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "text": text,
            "state": "read",
            **fields,
        }
    )


def passage(document, words):
    """Return where ``words`` first stand in ``document``."""
    start = document.text.index(words)
    return Passage(document, start, start + len(words))


def project_of(party, document, **values):
    """Return a project of ``party`` whose values quote ``document``."""
    project, _change = create_thing(
        actor=editor_of(party),
        kind=thing_kind("project"),
        owner=party,
        values={"title": "Jugend meets Verwaltung", "stage": "pilot", **values},
        sources={
            "title": passage(document, "„Jugend meets Verwaltung“"),
            "stage": passage(document, "erprobt"),
            "parties": passage(document, "Köln"),
            **{name: passage(document, "Angebot") for name in values},
        },
        parties=[(party, PartyRole.LEAD)],
        now=NOW,
    )
    return project
