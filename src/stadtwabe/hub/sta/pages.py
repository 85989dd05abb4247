"""The door of the SensorThings API: HTTP to calls, answers to HTTP."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from stadtwabe.hub.sta import answers, batch
from stadtwabe.hub.sta.answers import Answer, Call
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.kit.clock import now
from stadtwabe.people.api_access import actor_of_call


@csrf_exempt  # actor_of_call asks sessions for their CSRF token; tokens need none
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Answer one request below ``/sta/v1.1/``."""
    if request.method == "OPTIONS":
        return _http(Answer(204))
    actor = actor_of_call(request)
    if actor is None:
        return _http(answers.refused(401, "Sign in, or send a token: Authorization: Bearer …"))
    owner = request.headers.get("Stadtwabe-Party", "")
    dispatcher = Dispatcher(
        actor,
        now(),
        request.build_absolute_uri("/sta/v1.1"),
        int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 16 else None,
    )
    try:
        body = request.body
    except RequestDataTooBig:
        return _http(answers.refused(413, "The body is too large."))
    if path.strip("/") == "$batch":
        if request.method != "POST":
            return _http(answers.refused(405, "POST a batch."))
        return _http(batch.answer(dispatcher, body, request.headers.get("Content-Type", "")))
    call = Call(
        request.method or "GET",
        path,
        tuple((name, value) for name, values in request.GET.lists() for value in values),
        body,
        {name.lower(): value for name, value in request.headers.items()},
    )
    return _http(dispatcher.answer(call))


def _http(answer: Answer) -> HttpResponse:
    response = HttpResponse(
        answer.body, status=answer.status, content_type=answer.media_type, headers=answer.headers
    )
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Expose-Headers"] = "Link, Location"
    response["Vary"] = "Authorization, Cookie"
    return response
