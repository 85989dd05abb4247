"""The router: what it answers itself, and what it lets through to Django."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from stadtwabe.site import asgi
from stadtwabe.site.asgi import application


def ask(path: str, *, query: bytes = b"", headers: tuple[tuple[bytes, bytes], ...] = ()) -> Any:
    """Status and body of one GET, through the router and all of Django."""
    sent: list[Any] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(b"host", b"localhost"), *headers],
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 8000),
    }
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        if messages:
            return messages.pop()
        return await asyncio.Future()

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(application(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], body.decode()


def test_health_needs_no_database() -> None:
    assert ask("/-/health") == (200, "ok\n")


@pytest.mark.parametrize(
    ("query", "is_file"),
    [(b"", False), (b"q=format", False), (b"format=csv", True), (b"q=Bus&format=json", True)],
)
def test_files_of_lists_leave_the_threads_of_pages_alone(
    query: bytes, is_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answering(name: str) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            asked.append(name)
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        return app

    monkeypatch.setattr(asgi, "django", answering("pages"))
    monkeypatch.setattr(asgi, "files", answering("files"))
    ask("/suche/", query=query)
    assert asked == ["files" if is_file else "pages"]


@pytest.mark.django_db(transaction=True)
def test_a_page_that_does_not_exist_is_answered_by_django(monkeypatch: pytest.MonkeyPatch) -> None:
    # The thread of pages stays, its connection must not: the database is taken away at the end.
    monkeypatch.setitem(connections.databases["default"], "CONN_MAX_AGE", 0)
    status, body = ask("/gibt-es-nicht/")
    assert status == 404
    assert "<html" in body


def test_a_query_with_raw_bytes_is_refused_instead_of_failing() -> None:
    status, body = ask("/impressum/", query="q=Köln".encode("latin1"))
    assert status == 400
    assert "kodiert" in body


def test_a_header_with_an_underscore_cannot_pass_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed: list[bytes] = []

    async def django(scope: Any, _receive: Any, send: Any) -> None:
        passed.extend(name for name, _value in scope["headers"])
        await send({"type": "http.response.start", "status": 204, "headers": []})

    monkeypatch.setattr("stadtwabe.site.asgi.django", django)
    ask("/", headers=((b"x_forwarded_proto", b"https"), (b"accept-language", b"de")))
    assert passed == [b"host", b"accept-language"]


def test_the_life_of_the_server_is_acknowledged() -> None:
    asked = ["lifespan.startup", "lifespan.shutdown"]
    answered = []

    async def receive() -> Any:
        return {"type": asked.pop(0)}

    async def send(message: Any) -> None:
        answered.append(message["type"])

    asyncio.run(application({"type": "lifespan"}, receive, send))
    assert answered == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize(("key", "status", "said"), [("x", 0, ""), ("", 1, "no secret key")])
def test_any_server_can_load_the_application_by_hand(
    tmp_path: Path, key: str, status: int, said: str
) -> None:
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(asgi.__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", "from stadtwabe.site.asgi import application"],
        env={**own, "STADTWABE_DATA": str(tmp_path), "STADTWABE_SECRET_KEY": key},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert said in done.stderr
