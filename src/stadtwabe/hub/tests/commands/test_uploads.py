"""From an uploaded table to stored observations, through the real writer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from stadtwabe.hub.commands import store_observations
from stadtwabe.hub.commands import uploads as commands
from stadtwabe.hub.commands.uploads import (
    delete_upload,
    forget_old_uploads,
    map_upload,
    receive_upload,
    start_upload,
    store_upload,
)
from stadtwabe.hub.models import Observation, Upload, UploadState
from stadtwabe.hub.queries.uploads import fillable
from stadtwabe.hub.rules import ObservationType
from stadtwabe.hub.tables.mapping import Columns
from stadtwabe.hub.tests.factories import HubWorld, make_datastream, make_thing
from stadtwabe.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from stadtwabe.people.models import Membership
from stadtwabe.people.tests.factories import NOW, Cast

WIDE = (
    "Zeit;Temperatur;Fenster offen;Notiz\r\n"
    "22.11.2026 10:00;12,5;ja;\r\n"
    "22.11.2026 10:15;=cmd|'/c calc'!A1;nein;\r\n"
    "31.12.9999;1,0;ja;\r\n"
    "22.11.2026 10:30;;vielleicht;\r\n"
    "22.11.2026 10:45;13,25;nein;\r\n"
)


class Town:
    """Menden with a weather station of two series, and its steward."""

    def __init__(self) -> None:
        self.cast = Cast()
        self.user = self.cast.users["steward"]
        self.actor = self.cast.actor("steward")
        self.thing = make_thing(self.cast.menden, "Station")
        self.warmth = make_datastream(self.thing, "Temperatur")
        self.window = make_datastream(
            self.thing, "Fenster offen", observation_type=ObservationType.TRUTH
        )

    def receive(self, text: str = WIDE, **more: Any) -> Upload:
        given: dict[str, Any] = {
            "actor": self.actor,
            "owner": self.cast.menden,
            "user": self.user,
            **more,
        }
        file = ContentFile(text.encode(), name="C:\\fakepath\\messung.csv")
        return receive_upload(file=file, now=NOW, **given)

    def store(self, upload: Upload) -> Upload:
        started = start_upload(actor=self.actor, upload=upload, now=NOW)
        store_upload(upload=started, clock=lambda: NOW)
        upload.refresh_from_db()
        return upload

    def results(self, stream) -> list[tuple[str, object]]:
        found = Observation.objects.filter(datastream_id=stream.pk).order_by("phenomenon_time")
        return [(f"{each.phenomenon_time:%H:%M}", each.value) for each in found]


def counts(upload):
    names = ("rows", "stored", "repeated", "versioned", "refused", "blank")
    return tuple(getattr(upload, name) for name in names)


@pytest.fixture
def town(db):
    return Town()


@pytest.fixture
def working_town(transactional_db):
    return Town()


def test_a_table_goes_in_row_by_row_and_what_was_wrong_is_kept(working_town):
    town = working_town
    upload = town.receive()
    assert upload.file_name == "messung.csv"
    guessed = Columns.of(upload.columns)
    assert guessed.streams == {1: town.warmth.pk, 2: town.window.pk}, "by their headings"
    town.store(upload)
    assert upload.state == UploadState.DONE
    assert counts(upload) == (5, 5, 0, 0, 3, 1)
    assert town.results(town.warmth) == [("09:00", 12.5), ("09:45", 13.25)]
    assert town.results(town.window) == [("09:00", True), ("09:15", False), ("09:45", False)]
    told = {row.line: row.reasons for row in upload.refused_rows.all()}
    assert sorted(told) == [3, 4, 5]
    assert told[3][0]["column"] == 1
    assert "Formeln" in told[3][0]["reason"]
    assert "9999" in told[4][0]["reason"]

    again = town.store(town.receive())
    assert counts(again) == (5, 0, 5, 0, 3, 1), "the same file once more stores nothing"
    changed = town.store(town.receive(WIDE.replace("13,25", "14,0")))
    assert counts(changed) == (5, 0, 4, 1, 3, 1)
    assert Observation.objects.count() == 5


def test_a_column_may_name_the_series(working_town):
    town = working_town
    text = "Wann,Was,Wert\n2026-11-22T10:00Z,Fühler 1,1.5\n2026-11-22T10:00Z,Fühler 9,2.5\n"
    upload = town.receive(text)
    columns = Columns(time=0, series=1, value=2, names={"Fühler 1": town.warmth.pk})
    map_upload(actor=town.actor, upload=upload, columns=columns, now=NOW)
    upload.refresh_from_db()
    town.store(upload)
    assert town.results(town.warmth) == [("10:00", 1.5)]
    [row] = upload.refused_rows.all()
    assert row.reasons[0]["cell"] == "Fühler 9"
    # The next file of these columns comes with the same mapping.
    assert Columns.of(town.receive(text).columns) == columns


def test_a_run_that_died_goes_on_behind_the_last_stored_row(working_town, monkeypatch):
    town = working_town
    monkeypatch.setattr(commands, "ROWS_PER_BATCH", 2)
    upload = start_upload(actor=town.actor, upload=town.receive(), now=NOW)

    class Killed(BaseException):
        pass

    sent: list[object] = []

    def dies_at_the_second_batch(**given):
        if sent:
            raise Killed
        sent.append(given)
        return store_observations(**given)

    monkeypatch.setattr(commands, "store_observations", dies_at_the_second_batch)
    with pytest.raises(Killed):
        store_upload(upload=upload, clock=lambda: NOW)
    monkeypatch.setattr(commands, "store_observations", store_observations)
    upload.refresh_from_db()
    assert (upload.state, upload.rows) == (UploadState.RUNNING, 2)
    store_upload(upload=upload, clock=lambda: NOW)
    assert Upload.objects.get().rows == 2, "another worker may have it"
    later = NOW + timedelta(hours=1)
    restarted = start_upload(actor=town.actor, upload=upload, now=later)
    store_upload(upload=restarted, clock=lambda: later)
    upload.refresh_from_db()
    assert upload.state == UploadState.DONE
    assert counts(upload) == (5, 5, 0, 0, 3, 1)
    with pytest.raises(Conflict):
        start_upload(actor=town.actor, upload=upload, now=later)


def test_a_file_that_breaks_off_keeps_what_was_good(working_town):
    town = working_town
    more = "".join(f"22.11.2026 11:00:{second};1;ja;\r\n" for second in range(10, 60))
    upload = town.store(town.receive(WIDE + more + '22.11.2026 12:00;"12,'))
    assert upload.state == UploadState.FAILED
    assert "Zeile 57" in upload.failure
    assert "nie geschlossen" in upload.failure
    assert upload.rows == 55
    assert len(town.results(town.warmth)) == 52


def test_an_error_of_ours_is_told_in_words_and_has_an_end(working_town, monkeypatch):
    town = working_town
    upload = start_upload(actor=town.actor, upload=town.receive(), now=NOW)

    def fails(**_given):
        raise ZeroDivisionError

    monkeypatch.setattr(commands, "store_observations", fails)
    with pytest.raises(ZeroDivisionError):
        store_upload(upload=upload, clock=lambda: NOW)
    upload.refresh_from_db()
    assert (upload.state, upload.ended_at) == (UploadState.FAILED, NOW)
    assert "ZeroDivisionError" not in upload.failure
    assert "liegt an Stadtwabe" in upload.failure
    monkeypatch.undo()
    assert town.store(upload).state == UploadState.DONE, "it can be tried again"


def test_who_lost_the_role_meanwhile_stores_nothing(working_town):
    town = working_town
    upload = start_upload(actor=town.actor, upload=town.receive(), now=NOW)
    Membership.objects.filter(user=town.user).delete()
    store_upload(upload=upload, clock=lambda: NOW)
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED
    assert not Observation.objects.exists()


def test_only_stewards_upload_and_only_into_their_own_series(town):
    for name in ("editor", "foreign_steward", "visitor"):
        with pytest.raises(NotAllowed):
            town.receive(actor=town.cast.actor(name))
    upload = town.receive()
    foreign = make_datastream(make_thing(town.cast.beckum, "Fremd"), "Fremd")
    with pytest.raises(NotFound):
        map_upload(
            actor=town.actor,
            upload=upload,
            columns=Columns(time=0, streams={1: foreign.pk}),
            now=NOW,
        )
    with pytest.raises(NotAllowed):
        start_upload(actor=town.cast.actor("foreign_steward"), upload=upload, now=NOW)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (Columns(time=0, streams={0: 1}), "nur eines"),
        (Columns(time=0), "mindestens eine"),
        (Columns(time=9, streams={1: 1}), "Spalte gibt es nicht"),
        (Columns(time=0, streams={1: 1, 2: 1}), "dieselbe Messreihe"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(town, columns, why):
    with pytest.raises(Invalid, match=why):
        map_upload(actor=town.actor, upload=town.receive(), columns=columns, now=NOW)


def test_what_is_no_table_leaves_nothing_behind(town, settings):
    folder = settings.MEDIA_ROOT / "hub" / "uploads"
    before = set(folder.iterdir()) if folder.exists() else set()
    for text in ("", "%PDF-1.4", "Zeit;Wert\r\n"):
        with pytest.raises(Invalid):
            town.receive(text)
    settings.UPLOAD_LIMIT_BYTES = 10
    with pytest.raises(Invalid, match="größer"):
        town.receive()
    assert not Upload.objects.exists()
    assert set(folder.iterdir()) == before


@pytest.mark.django_db(transaction=True)
def test_files_are_deleted_by_hand_and_after_a_month():
    town = Town()
    first, second = town.receive(), town.receive()
    delete_upload(actor=town.actor, upload=first, now=NOW)
    assert not Path(first.file.path).exists()
    assert forget_old_uploads(now=NOW + timedelta(days=29)) == 0
    path = Path(second.file.path)
    assert forget_old_uploads(now=NOW + timedelta(days=31)) == 1
    assert not path.exists()
    second.refresh_from_db()
    with pytest.raises(Exception, match="30 Tagen"), transaction.atomic():
        start_upload(actor=town.actor, upload=second, now=NOW)


def test_towns_of_the_world_are_apart(db):
    """What a steward is offered as targets is the owner's alone."""
    world = HubWorld()
    own = {pk for (town, _audience), pk in world.streams.items() if town == "menden"}
    offered = fillable(world.cast.actor("steward"), world.cast.menden)
    assert {each.pk for each in offered} == {each.pk for each in own}
