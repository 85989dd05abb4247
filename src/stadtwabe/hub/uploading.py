"""The queue of uploads."""

from stadtwabe.hub.models import Upload
from stadtwabe.kit.jobs import queue_job

STORE_UPLOAD = "stadtwabe.hub.store_upload"


def defer_upload(upload: Upload) -> None:
    """Queue the storing of ``upload``; two runs of one never overlap."""
    queue_job(STORE_UPLOAD, f"upload-{upload.pk}", upload_id=upload.pk)
