"""A desk with one document that has been read by the real reader."""

from stadtwabe.catalog.tests.factories import make_places
from stadtwabe.desk.commands import submit_document
from stadtwabe.desk.reading import read_document
from stadtwabe.desk.tests.documents import NEWSLETTER, PLACES
from stadtwabe.evidence.commands import Origin
from stadtwabe.evidence.tests.factories import NOW, editor_of, town

__all__ = ["NOW", "editor_of", "read_newsletter", "submitted", "town"]


def submitted(party, text=NEWSLETTER, name="rundbrief.txt", **origin):
    """Bring in a document as the editor of ``party``."""
    document, _was_there = submit_document(
        actor=editor_of(party),
        owner=party,
        data=text.encode() if isinstance(text, str) else text,
        origin=Origin(file_name=name, **origin),
        now=NOW,
    )
    return document


def read_newsletter(party, text=NEWSLETTER, name="rundbrief.txt"):
    """Return a document that was submitted and read."""
    make_places(*PLACES)
    document = submitted(party, text, name)
    assert read_document(document=document, now=NOW)
    document.refresh_from_db()
    return document
