"""Taking over datasets: repeatable, logged, with tombstones, and nothing of ours is touched."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from stadtwabe.hub.commands.datasets import create_dataset, withdraw_dataset
from stadtwabe.hub.commands.harvests import (
    GIVEN_UP_AFTER,
    create_harvest,
    due_harvests,
    end_harvest,
    request_harvest,
    run_harvest,
)
from stadtwabe.hub.dcat.describe import entry_of
from stadtwabe.hub.dcat.entries import Entry, Offer
from stadtwabe.hub.dcat.reader import Problem, ReadPage
from stadtwabe.hub.dcat.tests.test_round_trip import AIR
from stadtwabe.hub.harvest.asking import SourceFailed
from stadtwabe.hub.models import Dataset, Harvest, HarvestLog
from stadtwabe.hub.queries.datasets import datasets_visible_to, with_distributions
from stadtwabe.hub.vocabularies import DataLicence
from stadtwabe.kit.actor import SYSTEM, VISITOR
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed
from stadtwabe.people.tests.factories import NOW, Cast, make_place

pytestmark = pytest.mark.django_db

WATER = Entry(
    address="https://elsewhere.example/dataset/pegel",
    title="Pegel",
    offers=(
        Offer(access_url="https://elsewhere.example/1.csv", licence="cc-by/4.0"),
        Offer(access_url="https://elsewhere.example/2.csv", licence="cc-zero"),
    ),
)


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def source(cast):
    return make_source(cast.menden)


def make_source(owner, address="https://elsewhere.example/catalog.ttl", **more):
    values = {"name": "Landesportal", "kind": "dcat", "rhythm": "daily", **more}
    return create_harvest(actor=SYSTEM, owner=owner, address=address, now=NOW, **values)


def run(harvest, *entries, now=NOW, problems=(), actor=SYSTEM):
    def read(_kind, _address):
        return ReadPage(tuple(entries), tuple(problems), "")

    log = run_harvest(actor=actor, harvest=harvest, now=now, read=read)
    return log.created, log.updated, log.unchanged, log.gone


def public():
    found = with_distributions(datasets_visible_to(VISITOR), VISITOR).order_by("title")
    return [entry_of(each, root="https://wabe.example") for each in found]


def test_everything_arrives_and_again_is_nothing_new(source, cast):
    make_place("05962040", "Menden (Sauerland)")
    assert run(source, AIR, WATER) == (2, 0, 0, 0)
    air, water = public()
    kept = {name: getattr(AIR, name) for name in ("title", "description", "themes", "keywords")}
    assert {name: getattr(air, name) for name in kept} == kept
    assert (air.publisher, air.place_key, air.frequency) == (
        "Menden (Sauerland)",
        "05962040",
        "HOURLY",
    )
    assert (air.issued, air.modified, air.identifier) == (AIR.issued, AIR.modified, AIR.identifier)
    assert air.offers == AIR.offers
    assert [offer.licence for offer in water.offers] == ["cc-by/4.0", "cc-zero"]
    changed_at = Dataset.objects.get(title="Pegel").card.changed_at
    assert run(source, AIR, WATER, now=NOW + timedelta(days=1)) == (0, 0, 2, 0)
    assert Dataset.objects.get(title="Pegel").card.changed_at == changed_at


def test_changes_come_and_what_vanished_leaves_a_tombstone_until_it_is_back(source):
    run(source, AIR, WATER)
    path = Dataset.objects.get(title="Pegel").card.path
    assert run(source, replace(WATER, title="Wasserstände")) == (0, 1, 0, 1)
    air = Dataset.objects.get(title=AIR.title)
    assert air.card.is_withdrawn
    assert "Quelle" in air.card.withdrawn_because
    assert Dataset.objects.get(title="Wasserstände").card.path == path
    assert run(source, AIR, WATER) == (0, 2, 0, 0)
    assert not Dataset.objects.get(pk=air.pk).card.is_withdrawn
    assert Dataset.objects.count() == 2


def test_a_source_that_does_not_answer_makes_nothing_vanish(source):
    run(source, AIR)

    def read(_kind, _address):
        raise SourceFailed("nicht zu erreichen")

    log = run_harvest(actor=SYSTEM, harvest=source, now=NOW, read=read)
    assert (log.failure, log.gone) == ("nicht zu erreichen", 0)
    assert len(public()) == 1
    assert Harvest.objects.get().running_since is None


def test_a_reader_that_breaks_down_leaves_the_source_free_for_the_next_run(source):
    def read(_kind, _address):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run_harvest(actor=SYSTEM, harvest=source, now=NOW, read=read)
    assert run(source, AIR) == (1, 0, 0, 0)


def test_one_bad_entry_is_named_and_the_others_are_taken(source):
    bad = replace(WATER, address="https://elsewhere.example/nul", title="a\x00b")
    problem = Problem("https://elsewhere.example/ohne", "", "Der Titel fehlt.")
    assert run(source, bad, AIR, problems=[problem]) == (1, 0, 0, 0)
    log = HarvestLog.objects.get()
    assert [each["entry"] for each in log.problems] == [problem.entry, bad.address]
    assert len(public()) == 1


def test_an_entry_that_is_there_but_broken_now_is_not_gone(source):
    run(source, AIR)
    problem = Problem(AIR.address, "", "Der Titel fehlt.")
    assert run(source, problems=[problem]) == (0, 0, 0, 0)
    assert len(public()) == 1


def test_nothing_but_its_own_datasets_is_touched(source, cast):
    values = {"title": AIR.title, "description": "Unsere.", "licence": DataLicence.CC_BY}
    ours = create_dataset(actor=SYSTEM, owner=cast.menden, values=values, now=NOW)
    other = make_source(cast.menden, "https://third.example/catalog.ttl")
    run(other, AIR)
    run(source, AIR)
    run(source)
    assert Dataset.objects.get(pk=ours.pk).description == "Unsere."
    assert {entry.title for entry in public()} == {AIR.title}
    assert len(public()) == 2, "ours and that of the other source"


def test_what_a_portal_has_from_us_does_not_come_back(source, cast, settings):
    settings.ALLOWED_HOSTS = ["wabe.example"]
    values = {"title": "Luft", "description": "Unsere.", "licence": DataLicence.CC_BY}
    create_dataset(actor=SYSTEM, owner=cast.menden, values=values, now=NOW)
    again = replace(
        AIR,
        address="https://elsewhere.example/dataset/luft",
        identifier="https://wabe.example/daten/datensaetze/luft/",
    )
    assert run(source, again) == (0, 0, 0, 0)
    assert "von hier" in HarvestLog.objects.get().problems[0]["problem"]


def test_one_that_a_steward_withdrew_stays_withdrawn(source):
    run(source, AIR)
    withdraw_dataset(actor=SYSTEM, dataset=Dataset.objects.get(), because="Falsch", now=NOW)
    assert run(source, replace(AIR, title="Anders")) == (0, 0, 1, 0)
    assert public() == []


def test_dates_the_wrong_way_round_and_unknown_places_do_no_harm(source):
    assert AIR.starts_on
    odd = replace(AIR, ends_on=AIR.starts_on - timedelta(days=1), place_key="99999999")
    run(source, odd)
    (found,) = public()
    assert (found.ends_on, found.place_key) == (None, "")


@pytest.mark.parametrize("name", Cast.names)
def test_only_stewards_of_the_owner_and_operators_may(cast, source, name):
    actor = cast.actor(name)
    if name in {"steward", "operator"}:
        assert run(source, AIR, actor=actor) == (1, 0, 0, 0)
        return
    with pytest.raises(NotAllowed):
        run(source, AIR, actor=actor)
    with pytest.raises(NotAllowed):
        request_harvest(actor=actor, harvest=source, now=NOW)
    with pytest.raises(NotAllowed):
        end_harvest(actor=actor, harvest=source, now=NOW)
    with pytest.raises(NotAllowed):
        create_harvest(
            actor=actor,
            owner=cast.menden,
            name="x",
            kind="ckan",
            address="https://a.example/",
            rhythm="never",
            now=NOW,
        )


def test_two_runs_at_once_are_one_and_a_dead_one_is_forgotten(source):
    Harvest.objects.update(running_since=NOW)
    with pytest.raises(Conflict):
        run(source, AIR, now=NOW + timedelta(hours=1))
    assert run(source, AIR, now=NOW + GIVEN_UP_AFTER + timedelta(minutes=1)) == (1, 0, 0, 0)


def test_it_is_due_by_its_rhythm_or_when_somebody_asks(cast, source):
    by_hand = make_source(cast.menden, "https://third.example/", rhythm="never")
    assert due_harvests(now=NOW) == [source]
    run(source)
    assert due_harvests(now=NOW + timedelta(hours=23)) == []
    request_harvest(actor=SYSTEM, harvest=by_hand, now=NOW + timedelta(hours=23))
    assert due_harvests(now=NOW + timedelta(hours=23)) == [by_hand]
    run(by_hand, now=NOW + timedelta(hours=24))
    assert due_harvests(now=NOW + timedelta(hours=24)) == [source]


def test_ending_withdraws_what_came_from_there(source):
    run(source, AIR, WATER)
    assert end_harvest(actor=SYSTEM, harvest=source, now=NOW) == 2
    assert public() == []
    assert due_harvests(now=NOW + timedelta(days=9)) == []
    with pytest.raises(Conflict):
        run(source, AIR)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "ftp"}, "kind"),
        ({"rhythm": "immer"}, "rhythm"),
        ({"address": "ftp://a.example/"}, "address"),
    ],
)
def test_a_source_that_makes_no_sense_is_refused(cast, change, field):
    values = {"address": "https://a.example/", **change}
    with pytest.raises(Invalid) as caught:
        make_source(cast.menden, **values)
    assert caught.value.field == field


def test_the_same_source_twice_is_a_conflict(cast, source):
    with pytest.raises(Conflict):
        make_source(cast.menden)
    end_harvest(actor=SYSTEM, harvest=source, now=NOW)
    make_source(cast.menden)


def test_the_log_can_be_shown_as_json(source):
    run(source, AIR)
    assert json.dumps(HarvestLog.objects.values().get(), default=str)
