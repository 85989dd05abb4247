"""The door of the SensorThings API: HTTP to calls, answers to HTTP.

Whatever it says is in English, as are the names of the standard: its readers are programs and
those who write them.
"""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from stadtwabe.hub.sta import answers, batch
from stadtwabe.hub.sta.answers import Answer, Call
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.kit.clock import now
from stadtwabe.kit.numbers import whole_number
from stadtwabe.people.api_access import actor_of_call

NOT_JSON = ("multipart/", "application/xml", "text/xml", "text/csv", "text/html", "image/")
"""Types that are certainly something else; a few clients send JSON under no or a wrong name."""
MIXED = "multipart/mixed"
NO_KEY = answers.refused(
    401,
    "There is no valid key with it, and nobody is signed in.",
    field="Authorization",
    remedy="Send one: Authorization: Bearer …",
)


@translation.override("en")
@csrf_exempt  # actor_of_call asks sessions for their CSRF token; tokens need none
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Answer one request below ``/sta/v1.1/``."""
    if request.method == "OPTIONS":
        return _http(Answer(204))
    actor = actor_of_call(request)
    if actor is None:
        return _http(NO_KEY)
    is_batch = path.strip("/") == "$batch"
    wrong = _wrong_with_body(request, is_batch=is_batch)
    if wrong is not None:
        return _http(wrong)
    dispatcher = Dispatcher(
        actor,
        now(),
        request.build_absolute_uri("/sta/v1.1"),
        whole_number(request.headers.get("Stadtwabe-Party")),
    )
    if is_batch:
        media_type = request.headers.get("Content-Type", "")
        prefer = request.headers.get("Prefer", "")
        return _http(batch.answer(dispatcher, request.body, media_type, prefer=prefer))
    call = Call(
        request.method or "GET",
        path,
        tuple((name, value) for name, values in request.GET.lists() for value in values),
        request.body,
        {name.lower(): value for name, value in request.headers.items()},
    )
    return _http(dispatcher.answer(call))


def _wrong_with_body(request: HttpRequest, *, is_batch: bool) -> Answer | None:
    """Return why the body cannot be taken, before it is read; None: it can."""
    if is_batch and request.method != "POST":
        return answers.refused(405, "POST a batch.", headers={"Allow": "POST"})
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return answers.refused(
            411, "The length of the body is missing.", field="Content-Length", remedy="Send it."
        )
    media_type = request.headers.get("Content-Type", "").lower()
    if media_type.startswith(NOT_JSON) and not (is_batch and media_type.startswith(MIXED)):
        return answers.refused(
            415,
            "The body does not call itself JSON.",
            field="Content-Type",
            remedy="Send Content-Type: application/json.",
        )
    return None


def _http(answer: Answer) -> HttpResponse:
    response = HttpResponse(
        answer.body, status=answer.status, content_type=answer.media_type, headers=answer.headers
    )
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Expose-Headers"] = "Link, Location"
    response["Content-Language"] = "en"
    response["Vary"] = "Authorization, Cookie"
    return response
