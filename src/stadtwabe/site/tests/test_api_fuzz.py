"""Calls at random, made from the description: every answer is a result or a refusal in words."""

import json
import re
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok

from stadtwabe.catalog.tests.factories import make_card, make_places
from stadtwabe.site.api import description

SAME_CODE = re.compile(
    "/(solutions|strategies|funding|publications|organisations|portraits|events)"
)
"""Kinds of things whose calls are made by the same factory as those of projects."""
SCHEMA = schemathesis.openapi.from_dict(json.loads(description()))
OPERATIONS = {
    found.ok().label: found.ok()
    for found in SCHEMA.get_all_operations()
    if isinstance(found, Ok) and not SAME_CODE.search(found.ok().label)
}


@pytest.fixture
def world(db):
    places = make_places("05962024")
    make_card("Mitfahrbank", places=places.values(), facets={("thema", "mobility"): "Mobilität"})


@pytest.mark.parametrize("label", OPERATIONS)
def test_calls_at_random_are_answered_or_refused_with_words(label, world):
    client = Client()

    @settings(
        max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(OPERATIONS[label].as_strategy())
    def call(case):
        path = case.formatted_path
        query = urlencode(
            {k: v for k, v in (case.query or {}).items() if v is not None}, doseq=True
        )
        body = json.dumps(case.body) if isinstance(case.body, dict | list) else ""
        response = client.generic(
            case.method, quote(path, safe="/%"), body, "application/json", QUERY_STRING=query
        )
        assert response.status_code in {200, 400, 401, 403, 404, 405, 410, 422}, (path, query)
        if response.status_code != 200 and response["Content-Type"].startswith("application/json"):
            assert response.json()["detail"]

    call()
