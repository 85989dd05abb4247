"""The API as a whole: its description, its page for people, and calls at random."""

import json

from django.test import Client

from stadtwabe.site.api import DOCUMENT, description


def test_the_committed_description_is_that_of_the_code():
    assert DOCUMENT.read_text(encoding="utf-8") == description(), (
        "rewrite it: stadtwabe openapi > docs/openapi.json"
    )


def test_people_read_it_as_a_page(db):
    text = Client().get("/api/docs").content.decode()

    assert "GET /api/v1/cards/{card_id}" in text
    assert "Schlüssel (2, 5, 8 Stellen) oder Name eines Ortes" in text
    assert Client().get("/api/v1/openapi.json").json() == json.loads(description())
