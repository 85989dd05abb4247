"""Files of datasets."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from stadtwabe.hub.models import DistributionKind
from stadtwabe.hub.queries.datasets import distributions_visible_to
from stadtwabe.people.actors import actor_of


@require_safe
def dataset_file(request: HttpRequest, slug: str, pk: int, name: str) -> HttpResponseBase:
    """Hand out a file to those who may see its dataset.

    Always as an attachment, and with nothing allowed: a browser neither shows nor runs it.
    """
    files = distributions_visible_to(actor_of(request)).filter(kind=DistributionKind.FILE)
    found = files.filter(pk=pk, dataset__card__slug=slug, file_name=name).first()
    if found is None or not found.file.storage.exists(found.file.name or ""):
        raise Http404
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.file_name,
        content_type=found.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["ETag"] = f'"{found.sha256}"'
    response["Last-Modified"] = http_date(found.changed_at.timestamp())
    patch_vary_headers(response, ["Cookie"])
    return response
