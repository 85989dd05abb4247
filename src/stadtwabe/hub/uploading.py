"""The queue of uploads: jobs of procrastinate, in the same database."""

from procrastinate.contrib.django import app

from stadtwabe.hub.models import Upload

STORE_UPLOAD = "stadtwabe.hub.store_upload"


def defer_upload(upload: Upload) -> None:
    """Queue the storing of ``upload``; two runs of one never overlap."""
    app.configure_task(STORE_UPLOAD, lock=f"upload-{upload.pk}", allow_unknown=True).defer(
        upload_id=upload.pk
    )
