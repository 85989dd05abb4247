"""Uploads that are too large are cut off while they come in, before they take memory or disk.

The handler stands first in ``FILE_UPLOAD_HANDLERS``: of a file over the limit the rest is read
off and thrown away, its name and the size so far are noted, and the other files of the same form
come through. A form as a whole may be ten times the limit.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

FILES_PER_FORM = 10
"""How many files at the limit a form may hold."""


class LimitedUpload(FileUploadHandler):
    """Skips files over ``UPLOAD_LIMIT_BYTES``."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django calls it so
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse a form that is too large as a whole, unread."""
        if content_length > settings.UPLOAD_LIMIT_BYTES * FILES_PER_FORM:
            raise RequestDataTooBig

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass on what is within the limit."""
        self._received += len(raw_data)
        if self._received > settings.UPLOAD_LIMIT_BYTES:
            if self.request is not None:
                refused = getattr(self.request, "_refused_files", [])
                self.request._refused_files = [  # type: ignore[attr-defined]  # read below
                    *refused,
                    (self.file_name or "", self._received),
                ]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def refused_files(request: HttpRequest) -> list[tuple[str, int]]:
    """Return name and size (at least) of the files of ``request`` that were cut off."""
    _ = request.FILES  # reads the form
    return list(getattr(request, "_refused_files", []))
