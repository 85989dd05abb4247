"""The queue of documents to be read."""

from stadtwabe.evidence.models import Document
from stadtwabe.kit.jobs import queue_job

READ_DOCUMENT = "stadtwabe.desk.read_document"


def defer_reading(document: Document) -> None:
    """Queue ``document`` for reading; two jobs for one document never run at once."""
    queue_job(READ_DOCUMENT, f"document-{document.pk}", document_id=document.pk)
