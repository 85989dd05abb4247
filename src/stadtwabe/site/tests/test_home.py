import re
from datetime import timedelta

import pytest
from django.test import override_settings

from stadtwabe.catalog.commands.register import fill_place
from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import Audience
from stadtwabe.kit.clock import now
from stadtwabe.places.models import Place
from stadtwabe.places.register import register_rows

pytestmark = pytest.mark.django_db


def test_an_empty_installation_says_what_to_do_next(client):
    html = client.get("/", headers={"accept-language": "de"}).content.decode()
    assert "Hier steht noch nichts" in html
    assert 'action="/suche/"' in html
    assert html.count('role="search"') == 1


def test_every_state_and_district_has_its_cell_and_no_number_is_invented(client):
    rows = [row for row in register_rows() if len(row.key) <= len("05962")]
    Place.objects.bulk_create(fill_place(Place(key=row.key), row) for row in rows)
    html = client.get("/", headers={"accept-language": "de"}).content.decode()
    assert len(re.findall('class="honeycomb__cell honeycomb__cell--0" x=', html)) == 16 + 400
    assert re.findall(r"<dd>(\d+)</dd>", html) == ["0", "0", "0"]
    flensburg = Place.objects.get(key="01001")
    assert f'href="{flensburg.get_absolute_url()}" tabindex="-1"' in html


def test_what_is_not_public_is_neither_shown_nor_counted(client):
    card = {"kind": "project", "created_at": now(), "changed_at": now()}
    Card.objects.create(**card, slug="offen", path="/offen/", title="Offenes Vorhaben")
    Card.objects.create(
        **card, slug="intern", path="/intern/", title="Internes", audience=Audience.NETWORKS
    )
    html = client.get("/", headers={"accept-language": "de"}).content.decode()
    assert "Offenes Vorhaben" in html
    assert "Internes" not in html
    assert re.findall(r"<dd>(\d+)</dd>", html)[0] == "1"


def test_many_new_things_of_one_kind_leave_room_for_others(client):
    for number, kind in enumerate(["project", "event", *["dataset"] * 20]):
        title = f"{kind} {number:02}"
        at = now() + timedelta(minutes=number)
        Card.objects.create(
            kind=kind, slug=title, path=f"/{number}/", title=title, created_at=at, changed_at=at
        )
    html = client.get("/", headers={"accept-language": "de"}).content.decode()
    assert re.findall(r"(?:project|event|dataset) \d\d", html) == [
        *("dataset 21", "dataset 20", "event 01", "project 00"),
        *("dataset 19", "dataset 18"),
    ]


@override_settings(DEMO=True)
def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    for number in range(3):
        Card.objects.create(
            kind="project",
            slug=f"vorhaben-{number}",
            path=f"/vorhaben-{number}/",
            title="Vorhaben",
            created_at=now(),
            changed_at=now(),
        )
    client.get("/")  # counts what is kept until a card changes
    with django_assert_max_num_queries(6):
        client.get("/")
