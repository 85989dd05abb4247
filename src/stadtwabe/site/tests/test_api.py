"""The API as a whole: its description, its page for people, and calls at random."""

import json

from django.test import Client

from stadtwabe.site.api import DOCUMENT, description


def test_the_committed_description_is_that_of_the_code():
    assert DOCUMENT.read_text(encoding="utf-8") == description(), (
        "rewrite it: stadtwabe openapi > docs/openapi.json"
    )


def test_people_read_it_under_the_strict_policy():
    response = Client().get("/api/docs")

    text = response.content.decode()
    assert "/api/v1/openapi.json" in text
    assert "http://" not in text
    assert "https://" not in text
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "<script>" not in text
    assert Client().get("/api/v1/openapi.json").json() == json.loads(description())
