"""The queue of documents to be read: jobs of procrastinate, in the same database.

``defer_reading`` writes the job on Django's own connection, so it is committed together with the
document or not at all.
"""

from procrastinate.contrib.django import app

from stadtwabe.evidence.models import Document

READ_DOCUMENT = "stadtwabe.desk.read_document"


def defer_reading(document: Document) -> None:
    """Queue ``document`` for reading; two jobs for one document never run at once."""
    app.configure_task(READ_DOCUMENT, lock=f"document-{document.pk}", allow_unknown=True).defer(
        document_id=document.pk
    )
