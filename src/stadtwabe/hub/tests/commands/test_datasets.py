"""Datasets: who may make them, what they offer, and that nothing narrower comes out."""

import hashlib
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from stadtwabe.catalog.models import Card
from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands import edit_datastream, edit_thing
from stadtwabe.hub.commands.datasets import (
    Grouping,
    add_datastreams,
    create_dataset,
    edit_dataset,
    publish_datastreams,
    withdraw_dataset,
)
from stadtwabe.hub.commands.distributions import add_file, add_link, remove_distribution
from stadtwabe.hub.dcat.describe import entry_of
from stadtwabe.hub.models import Dataset
from stadtwabe.hub.queries.datasets import datasets_visible_to, with_distributions
from stadtwabe.hub.tests.factories import (
    HubWorld,
    make_datastream,
    make_observed_property,
    make_thing,
    put_observations,
)
from stadtwabe.hub.vocabularies import DataLicence
from stadtwabe.kit.actor import SYSTEM, VISITOR
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.models import AuditEntry
from stadtwabe.people.tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db

ROOT = "https://wabe.example"
AIR = {"title": "Luft in Menden", "description": "Feinstaub.", "licence": DataLicence.DL_ZERO}


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def air(cast):
    return create_dataset(actor=SYSTEM, owner=cast.menden, values=AIR, now=NOW)


def seen_by(actor, dataset):
    found = with_distributions(datasets_visible_to(actor), actor).get(pk=dataset.pk)
    return entry_of(found, root=ROOT)


def csv(name="werte.csv", data=b"zeit;wert\n1;2\n"):
    return ContentFile(data, name=name)


@pytest.mark.parametrize("name", Cast.names)
def test_only_the_stewards_of_the_owner_and_operators_make_and_change_them(cast, air, name):
    actor = cast.actor(name)
    attempts = [
        lambda: create_dataset(actor=actor, owner=cast.menden, values=AIR, now=NOW),
        lambda: edit_dataset(actor=actor, dataset=air, values={"title": "Neu"}, now=NOW),
        lambda: add_file(actor=actor, dataset=air, file=csv(), now=NOW),
        lambda: add_link(
            actor=actor, dataset=air, address="https://a.example/", file_type="", now=NOW
        ),
        lambda: withdraw_dataset(actor=actor, dataset=air, because="x", now=NOW),
    ]
    for attempt in attempts:
        if name in {"steward", "operator"}:
            attempt()
        else:
            with pytest.raises(NotAllowed):
                attempt()


def test_a_steward_of_another_town_may_not(cast, air):
    with pytest.raises(NotAllowed):
        create_dataset(actor=cast.actor("steward"), owner=cast.beckum, values=AIR, now=NOW)


def test_it_has_a_card_and_a_history(cast, air):
    assert air.card.path == "/daten/datensaetze/luft-in-menden/"
    assert air.card.place == cast.menden.place
    assert AuditEntry.objects.filter(command="hub.create_dataset").count() == 1
    edit_dataset(
        actor=SYSTEM,
        dataset=air,
        values={"title": "Stadtluft", "themes": ["ENVI"], "keywords": ["Luft", "Luft ", ""]},
        now=NOW,
    )
    card = Card.objects.get(pk=air.card_id)
    assert (card.title, card.path) == ("Stadtluft", "/daten/datensaetze/luft-in-menden/")
    assert Dataset.objects.get().keywords == ["Luft"]


def test_pages_beside_the_datasets_keep_their_addresses(cast):
    made = create_dataset(actor=SYSTEM, owner=cast.menden, values={**AIR, "title": "Neu"}, now=NOW)
    assert made.card.path == "/daten/datensaetze/datensatz-neu/"
    edit_dataset(actor=SYSTEM, dataset=made, values={"description": "Anders"}, now=NOW)
    assert made.card.path == "/daten/datensaetze/datensatz-neu/"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"description": ""}, "description"),
        ({"licence": ""}, "licence"),
        ({"licence": "erfunden"}, "licence"),
        ({"starts_on": date(2025, 1, 2), "ends_on": date(2025, 1, 1)}, "ends_on"),
        ({"contact_page": "javascript:alert(1)"}, "contact_page"),
        ({"contact_email": "niemand"}, "contact_email"),
        ({"contributor": "ich"}, "contributor"),
        ({"themes": ["XXXX"]}, "themes"),
        ({"title": "a\x00b"}, "title"),
        ({"owner": None}, "owner"),
    ],
)
def test_what_makes_no_sense_is_refused_and_named(cast, values, field):
    with pytest.raises(Invalid) as caught:
        create_dataset(actor=SYSTEM, owner=cast.menden, values={**AIR, **values}, now=NOW)
    assert caught.value.field == field
    assert not Dataset.objects.exists()


def test_a_file_is_kept_with_size_checksum_and_types(air):
    data = b"zeit;wert\n1;2\n"
    made = add_file(actor=SYSTEM, dataset=air, file=csv("../Werte März 2026.csv", data), now=NOW)
    assert made.file_name == "werte-maerz-2026.csv"
    assert (made.byte_size, made.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    (offer,) = seen_by(VISITOR, air).offers
    assert offer.file_type == "CSV"
    assert offer.media_type == "text/csv"
    assert offer.licence == DataLicence.DL_ZERO
    assert offer.access_url == f"{ROOT}{air.card.path}dateien/{made.pk}/werte-maerz-2026.csv"
    assert made.file.open().read() == data


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("seite.html", b"<script>alert(1)</script>", "file"),
        ("bild.svg", b"<svg onload='alert(1)'/>", "file"),
        ("programm.exe", b"MZ", "file"),
        ("ohne", b"x", "file"),
        ("leer.csv", b"", "file"),
        ("doch-kein.pdf", b"<html>", "file"),
        ("doch-kein.parquet", b"PK\x03\x04", "file"),
        ("doch-kein.csv", b"\x7fELF\x00\x00", "file"),
    ],
)
def test_what_is_no_data_file_is_refused(air, name, data, field):
    with pytest.raises(Invalid) as caught:
        add_file(actor=SYSTEM, dataset=air, file=ContentFile(data, name=name), now=NOW)
    assert caught.value.field == field
    assert not air.distributions.exists()


def test_a_file_over_the_limit_is_refused(air, settings):
    settings.UPLOAD_LIMIT_BYTES = 10
    with pytest.raises(Invalid, match="zu groß"):
        add_file(actor=SYSTEM, dataset=air, file=csv(), now=NOW)


def test_a_removed_file_is_deleted_once_that_is_committed(air, django_capture_on_commit_callbacks):
    made = add_file(actor=SYSTEM, dataset=air, file=csv(), now=NOW)
    stored = made.file.name or ""
    with django_capture_on_commit_callbacks(execute=True):
        remove_distribution(actor=SYSTEM, distribution=made, now=NOW)
        assert default_storage.exists(stored)
    assert not default_storage.exists(stored)


def test_a_link_leads_to_the_web_and_nowhere_else(air):
    with pytest.raises(Invalid):
        add_link(actor=SYSTEM, dataset=air, address="file:///etc/passwd", file_type="", now=NOW)
    add_link(actor=SYSTEM, dataset=air, address="https://a.example/x.csv", file_type="CSV", now=NOW)
    (offer,) = seen_by(VISITOR, air).offers
    assert (offer.access_url, offer.media_type) == ("https://a.example/x.csv", "text/csv")


def test_public_datastreams_are_published_at_once_one_dataset_for_each_thing(cast):
    thing = make_thing(cast.menden, "Wetterstation")
    stream = make_datastream(thing, "Temperatur")
    put_observations(stream, 1, 2)
    make_datastream(thing, "Geheim", narrowed_to=Audience.OWNER)
    make_datastream(make_thing(cast.menden, "Zähler", audience=Audience.OWNER), "Strom")
    make_datastream(make_thing(cast.beckum, "Fremde Station"))

    def publish():
        return publish_datastreams(
            actor=cast.actor("steward"),
            owner=cast.menden,
            grouping=Grouping.THING,
            values={"licence": DataLicence.CC_BY},
            now=NOW,
        )

    assert (publish().created, Dataset.objects.count()) == (1, 1)
    entry = seen_by(VISITOR, Dataset.objects.get())
    assert entry.title == "Wetterstation"
    assert entry.starts_on == NOW.date()
    assert [offer.file_type for offer in entry.offers] == ["JSON", "CSV", "GEOJSON"]
    assert entry.offers[0].access_url == f"{ROOT}/sta/v1.1/Datastreams({stream.pk})"
    again = publish()
    assert (again.created, again.extended, again.datastreams) == (0, 0, 0)
    make_datastream(thing, "Feuchte")
    third = publish()
    assert (third.created, third.extended, third.datastreams) == (0, 1, 1)
    assert len(seen_by(VISITOR, Dataset.objects.get()).offers) == 6


def test_or_one_for_each_property_over_all_things(cast):
    what = make_observed_property(cast.menden, "Lufttemperatur")
    for name in ("Nord", "Süd"):
        make_datastream(make_thing(cast.menden, name), observed_property=what)
    publish_datastreams(
        actor=SYSTEM,
        owner=cast.menden,
        grouping=Grouping.PROPERTY,
        values={"licence": DataLicence.CC_BY},
        now=NOW,
    )
    dataset = Dataset.objects.get()
    assert dataset.title == "Lufttemperatur: Menden (Sauerland)"
    assert dataset.distributions.count() == 2


def test_a_dataset_is_never_wider_than_what_it_offers(cast):
    world = HubWorld(cast)
    secret = world.streams["menden", Audience.OWNER]
    internal = world.streams["menden", Audience.NETWORKS]
    public = create_dataset(actor=SYSTEM, owner=cast.menden, values=AIR, now=NOW)
    for stream in (secret, internal):
        with pytest.raises(Invalid, match="sehen"):
            add_datastreams(actor=SYSTEM, dataset=public, datastreams=[stream], now=NOW)
    own = create_dataset(
        actor=SYSTEM, owner=cast.menden, values=AIR, audience=Audience.OWNER, now=NOW
    )
    assert add_datastreams(actor=SYSTEM, dataset=own, datastreams=[secret, internal], now=NOW) == 2
    with pytest.raises(Invalid, match="sehen"):
        edit_dataset(actor=SYSTEM, dataset=own, values={}, audience=Audience.PUBLIC, now=NOW)
    foreign = world.streams["beckum", Audience.OWNER]
    with pytest.raises(Invalid, match="sehen"):
        add_datastreams(actor=SYSTEM, dataset=own, datastreams=[foreign], now=NOW)


def test_a_datastream_that_becomes_narrower_disappears_from_its_dataset(cast):
    thing = make_thing(cast.menden)
    stream = make_datastream(thing, "Geheimwort")
    publish_datastreams(
        actor=SYSTEM,
        owner=cast.menden,
        grouping=Grouping.THING,
        values={"licence": DataLicence.CC_BY},
        now=NOW,
    )
    dataset = Dataset.objects.get()
    assert len(seen_by(VISITOR, dataset).offers) == 3
    assert "Geheimwort" not in str(Card.objects.filter(pk=dataset.card_id).values())
    edit_datastream(
        actor=SYSTEM, datastream=stream, values={"narrowed_to": Audience.OWNER}, now=NOW
    )
    assert "Geheimwort" not in str(seen_by(VISITOR, dataset))
    assert len(seen_by(cast.actor("steward"), dataset).offers) == 3
    edit_datastream(actor=SYSTEM, datastream=stream, values={"narrowed_to": None}, now=NOW)
    edit_thing(actor=SYSTEM, thing=thing, values={"audience": Audience.OWNER}, now=NOW)
    assert seen_by(VISITOR, dataset).offers == ()


def test_datasets_are_seen_by_their_audience(cast):
    cast.users  # noqa: B018 - the network's members are made with them
    made = {
        audience: create_dataset(
            actor=SYSTEM,
            owner=cast.menden,
            values=AIR,
            audience=audience,
            networks=[cast.network] if audience == Audience.NETWORKS else [],
            now=NOW,
        )
        for audience in Audience.values
    }
    seen = {
        name: {each.card.audience for each in datasets_visible_to(cast.actor(name))}
        for name in Cast.names
    }
    public, all_of_them = {Audience.PUBLIC}, set(made)
    for name in ("visitor", "citizen", "foreign_editor"):
        assert seen[name] == public, name
    assert seen["network_admin"] == {Audience.PUBLIC, Audience.NETWORKS}
    for name in ("editor", "steward", "operator"):
        assert seen[name] == all_of_them, name


def test_for_networks_means_naming_one(cast):
    with pytest.raises(Invalid) as caught:
        create_dataset(
            actor=SYSTEM, owner=cast.menden, values=AIR, audience=Audience.NETWORKS, now=NOW
        )
    assert caught.value.field == "networks"


def test_a_withdrawn_dataset_leaves_a_tombstone_and_is_not_edited(air):
    withdraw_dataset(actor=SYSTEM, dataset=air, because="Fehler", now=NOW)
    assert not datasets_visible_to(SYSTEM).exists()
    with pytest.raises(Conflict):
        edit_dataset(actor=SYSTEM, dataset=air, values={"title": "Doch"}, now=NOW)
