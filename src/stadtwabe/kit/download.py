"""A table as a file to keep."""

from collections.abc import Iterable, Sequence

from django.http import StreamingHttpResponse

from stadtwabe.kit.formats.csv_text import MEDIA_TYPE, write_csv


def csv_download(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, name: str
) -> StreamingHttpResponse:
    """Hand out ``rows`` as CSV, row by row; ``name`` is what the file is called, without ending."""
    response = StreamingHttpResponse(write_csv(columns, rows), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
