"""The second reader, against a real server on this machine."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stadtwabe.reading.reading import read
from stadtwabe.reading.second_reader import MOST, Endpoint, SecondReaderError, read_again

TEXT = "Die Stadt Siegen baut den Pegelwart auf. Er soll 20.000 Euro kosten und im Mai starten.\n"

Answering = Callable[[int, str], Endpoint]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A server that gives one answer and keeps what it was asked."""
    servers = []

    def start(status: int, content: str) -> Endpoint:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked.append((self.path, self.headers["Authorization"], json.loads(body)))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, *_: object) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return Endpoint(f"http://127.0.0.1:{server.server_port}/v1", "modell", "geheim", timeout=5)

    asked: list[tuple[str, str, dict[str, Any]]] = []
    start.asked = asked  # type: ignore[attr-defined]
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def answer(*things: dict[str, Any]) -> str:
    content = "```json\n" + json.dumps({"things": things}, ensure_ascii=False) + "\n```"
    return json.dumps({"choices": [{"message": {"content": content}}]})


TRUE = {
    "kind": "project",
    "name": "Pegelwart",
    "quote": "Die Stadt Siegen baut den Pegelwart auf.",
    "properties": [
        {"name": "amount", "value": "20000", "quote": "20.000 Euro"},
        {"name": "amount", "value": "90000", "quote": "90.000 Euro"},
        {"name": "colour", "value": "blau", "quote": "Pegelwart"},
    ],
}


def test_a_claim_counts_where_its_passage_stands_in_the_text(answering):
    endpoint = answering(200, answer(TRUE))
    thing = read_again(read(TEXT), endpoint).things[-1]
    assert (thing.name, thing.confidence, thing.reasons) == ("Pegelwart", MOST, ("zweiter Leser",))
    assert [(p.name, p.value) for p in thing.properties] == [
        ("name", "Pegelwart"),
        ("amount", "20000"),
    ]
    for one in thing.properties:
        assert TEXT[one.start : one.end] == one.quote
    [(path, key, question)] = answering.asked
    assert (path, key, question["model"]) == ("/v1/chat/completions", "Bearer geheim", "modell")
    assert question["messages"][1]["content"] == TEXT


@pytest.mark.parametrize(
    "claim",
    [
        {**TRUE, "quote": "Die Stadt Siegen plant den Pegelwart."},
        {**TRUE, "name": "Flutmelder"},
        {**TRUE, "kind": "miracle"},
        {**TRUE, "quote": None},
        {"name": 3},
    ],
)
def test_an_invented_claim_is_dropped(answering, claim):
    first = read(TEXT)
    assert read_again(first, answering(200, answer(claim))) == first


def test_what_is_known_already_is_left_as_it_is(answering):
    text = "Die Stadt Siegen startet die App „Pegelwart“.\n"
    first = read(text)
    claim = {"kind": "project", "name": "Pegelwart", "quote": "die App „Pegelwart“"}
    assert read_again(first, answering(200, answer(claim))) == first


@pytest.mark.parametrize(
    ("status", "content"),
    [(500, "kaputt"), (200, "kein JSON"), (200, "{}"), (200, answer().replace("things", "dinge"))],
)
def test_a_broken_answer_is_an_error_and_the_first_reading_stands(answering, status, content):
    with pytest.raises(SecondReaderError):
        read_again(read(TEXT), answering(status, content))


def test_nobody_answers():
    with pytest.raises(SecondReaderError, match="antwortet nicht"):
        read_again(read(TEXT), Endpoint("http://127.0.0.1:9", "modell", timeout=2))


def test_a_text_that_is_too_long_is_not_sent(answering):
    endpoint = Endpoint("http://127.0.0.1:9", "modell", max_characters=10)
    with pytest.raises(SecondReaderError, match="zu lang"):
        read_again(read(TEXT), endpoint)
