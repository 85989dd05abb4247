"""The hot door with a stand-in for Django behind it, and how tests post to it."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from stadtwabe.hub.ingest.http import Door, Receive, Scope, Send
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.models import Datastream
from stadtwabe.hub.tests.ingest.conftest import with_service

TIME = "2026-11-22T12:00:00Z"
ROOT = "https://daten.example/sta/v1.1/"
LIMIT = 1_000_000


async def django(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for Django behind the door: says what it was given."""
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode() + b" " + body})


Post = Callable[..., Awaitable[httpx.Response]]


def through_the_door(use: Callable[[Post, Service], Awaitable[Any]]) -> Any:
    """Runs ``use`` with a function that posts to a door of its own."""

    async def run(service: Service) -> Any:
        door = Door(service, django, most_bytes=LIMIT)

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await (door if door.takes(scope) else django)(scope, receive, send)

        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url=ROOT) as client:

            async def post(
                address: str, body: Any, secret: str | None, **headers: str
            ) -> httpx.Response:
                if secret is not None:
                    headers["Authorization"] = f"Bearer {secret}"
                given = [
                    (name.encode(), value.encode("latin-1")) for name, value in headers.items()
                ]
                if isinstance(body, bytes):
                    return await client.post(address, content=body, headers=given)
                return await client.post(address, json=body, headers=given)

            return await use(post, service)

    return with_service(run)


def send(address: str, body: Any, secret: str | None, **headers: str) -> httpx.Response:
    response = through_the_door(lambda post, _service: post(address, body, secret, **headers))
    assert isinstance(response, httpx.Response)
    return response


def one(stream: Datastream, **members: Any) -> dict[str, Any]:
    return {
        "phenomenonTime": TIME,
        "result": 21.5,
        "Datastream": {"@iot.id": stream.pk},
        **members,
    }
