"""Change sets and atomicity groups: all of it, or nothing, observations included."""

import json
import threading
from contextlib import closing

import psycopg
import pytest
from django.db import connection

from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest import blocking
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.models import Datastream, DatastreamState, Observation, Thing
from stadtwabe.hub.sta import batch
from stadtwabe.hub.sta.dispatch import Dispatcher
from stadtwabe.hub.sta.tests.test_writing import ROOT, STATION, STREAM
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.hub.within import storing
from stadtwabe.people.tests.factories import NOW, Cast

committing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(db):
    return Cast()


@pytest.fixture
def steward(cast) -> Dispatcher:
    return Dispatcher(cast.actor("steward"), NOW, ROOT)


@pytest.fixture
def stream(cast):
    return make_datastream(make_thing(cast.menden))


def group(*requests, name="g"):
    return [
        {"id": f"{name}{number}", "atomicityGroup": name, **request}
        for number, request in enumerate(requests)
    ]


def post(url, body):
    return {"method": "post", "url": url, "body": body}


def at(hour, result=1.0):
    return {"result": result, "phenomenonTime": f"2026-11-22T{hour:02}:00:00Z"}


def ask(dispatcher, requests, prefer=""):
    body = json.dumps({"requests": requests}).encode()
    answer = batch.answer(dispatcher, body, "application/json", prefer=prefer)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["responses"]


def results(stream):
    rows = Observation.objects.filter(datastream_id=stream.pk).order_by("phenomenon_time")
    return list(rows.values_list("result", flat=True))


@committing
def test_everything_of_a_group_is_there_and_observations_of_what_it_has_made(steward):
    made = ask(
        steward,
        group(
            post("Things", STATION),
            post("$g0/Datastreams", {**STREAM, "Observations": [at(10, 5), at(11, 6)]}),
            post("$g1/Observations", at(12, 7)),
            post("Observations", {**at(13, 8), "Datastream": {"@iot.id": "$g1"}}),
        ),
    )
    assert [one["status"] for one in made] == [201] * 4, made
    assert {one["atomicityGroup"] for one in made} == {"g"}
    stream = Datastream.objects.get(pk=made[1]["body"]["@iot.id"])
    assert made[1]["body"]["phenomenonTime"] == "2026-11-22T10:00:00Z/2026-11-22T13:00:00Z"
    assert (made[2]["body"]["result"], made[3]["body"]["result"]) == (7.0, 8.0)
    assert results(stream) == [5.0, 6.0, 7.0, 8.0]
    state = DatastreamState.objects.get(pk=stream.pk)
    assert (state.observation_count, state.last_result) == (4, 8.0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n) FROM hub_touchedhour WHERE datastream_id = %s", [stream.pk])
        assert cursor.fetchone() == (4,)
    # The writer goes on from there: the same once more is the same, the next is the next.
    stored = blocking.store(
        connect_parameters(),
        [
            NewObservation(datastream_id=stream.pk, result=8.0, phenomenon_time=time)
            for time in ("2026-11-22T13:00:00Z", "2026-11-22T14:00:00Z")
        ],
    )
    assert (stored.repeated, len(results(stream))) == ({0}, 5)


@pytest.mark.parametrize(
    ("bad", "status", "field"),
    [
        (post("Datastreams({stream})/Observations", at(11, "warm")), 400, "result"),
        (post("Observations", at(11)), 400, "Datastream"),
        (post("Things", {"name": ""}), 400, "name"),
        ({"method": "delete", "url": "Things(999999)"}, 404, None),
        ({"method": "get", "url": "Things"}, 400, "method"),
        (post("$nothing/Datastreams", STREAM), 400, "url"),
        (post("$g1/Datastream", at(11)), 400, "url"),
    ],
)
def test_one_bad_call_takes_everything_back(steward, stream, bad, status, field):
    bad = {**bad, "url": bad["url"].format(stream=stream.pk)}
    made = ask(
        steward,
        group(
            post("Things", {"name": "Mast"}),
            post(f"Datastreams({stream.pk})/Observations", at(10)),
            bad,
            post(f"Datastreams({stream.pk})/Observations", at(12)),
        ),
    )
    assert [one["status"] for one in made] == [424, 424, status, 424]
    assert made[2]["body"].get("field") == field
    assert made[2]["body"]["call"] == "g2"
    assert "g2" in made[0]["body"]["message"]
    assert not Thing.objects.filter(name="Mast").exists()
    assert results(stream) == []
    assert DatastreamState.objects.get(pk=stream.pk).observation_count == 0


def test_what_differs_from_what_is_there_takes_everything_back(cast, steward):
    stream = make_datastream(make_thing(cast.menden), on_differing="error")
    path = f"Datastreams({stream.pk})/Observations"
    ask(steward, group(post(path, at(10, 1))))
    made = ask(steward, group(post(path, at(9, 3)), post(path, at(10, 2)), post(path, at(11, 3))))
    assert [one["status"] for one in made] == [424, 409, 424]
    assert results(stream) == [1.0]


def test_late_repeated_and_other_results_are_taken_as_everywhere(steward, stream):
    path = f"Datastreams({stream.pk})/Observations"
    ask(steward, group(post(path, at(8, 1)), post(path, at(10, 2))))
    made = ask(
        steward,
        group(
            post(path, at(9, 5)),
            post(path, at(10, 2)),
            post(path, {**at(11, 7), "parameters": {"depth": 3}}),
        ),
    )
    assert [one["status"] for one in made] == [201] * 3
    assert results(stream) == [1.0, 5.0, 2.0, 7.0]
    assert made[2]["body"]["parameters"] == {"depth": 3}


def test_changing_and_deleting_belong_to_it(steward, stream):
    path = f"Datastreams({stream.pk})/Observations"
    (first,) = ask(steward, group(post(path, at(10, 1))))
    key = first["body"]["@iot.id"]
    thing = stream.thing_id
    made = ask(
        steward,
        group(
            {"method": "patch", "url": f"Things({thing})", "body": {"name": "Neu"}},
            {"method": "delete", "url": f"Observations({key})"},
            post(path, at(10, 9)),
            {"method": "put", "url": "Nonsense(1)", "body": {}},
        ),
    )
    assert [one["status"] for one in made] == [424, 424, 424, 404]
    assert results(stream) == [1.0]
    assert Thing.objects.get(pk=thing).name != "Neu"
    made = ask(
        steward,
        group(
            {"method": "patch", "url": f"Things({thing})", "body": {"name": "Neu"}},
            {"method": "delete", "url": f"Observations({key})"},
            post(path, at(10, 9)),
        ),
    )
    assert [one["status"] for one in made] == [200, 200, 201]
    assert (results(stream), Thing.objects.get(pk=thing).name) == ([9.0], "Neu")


def test_observations_of_others_are_not_stored(cast, stream):
    foreign = Dispatcher(cast.actor("foreign_steward"), NOW, ROOT)
    made = ask(foreign, group(post(f"Datastreams({stream.pk})/Observations", at(10))))
    assert made[0]["status"] == 403
    assert results(stream) == []


@committing
def test_a_month_that_nobody_has_written_to_before_is_made(steward, stream):
    path = f"Datastreams({stream.pk})/Observations"
    old = {"result": 4.0, "phenomenonTime": "1987-05-03T00:00:00Z"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('hub_observation_1987_05') IS NULL")
        assert cursor.fetchone() == (True,)
    made = ask(steward, group(post("Things", {"name": "Mast"}), post(path, old)))
    assert [one["status"] for one in made] == [201, 201]
    assert Thing.objects.filter(name="Mast").count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM hub_observation_1987_05")
        assert cursor.fetchone() == (1,)


@committing
def test_nothing_is_answered_before_the_commit(steward, stream):
    """Whoever looks from elsewhere sees all of it or nothing, and waits for nobody."""
    path = f"Datastreams({stream.pk})/Observations"
    with closing(psycopg.connect(**_psycopg(), autocommit=True)) as other:
        other.execute("BEGIN")
        other.execute(
            "SELECT FROM hub_datastreamstate WHERE datastream_id = %s FOR UPDATE", [stream.pk]
        )
        made: list[dict[str, object]] = []

        def work():
            try:
                made.extend(ask(steward, group(post("Things", {"name": "M"}), post(path, at(10)))))
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join(1)
        assert thread.is_alive(), "the state is locked: the change set waits for its commit"
        assert not made
        assert other.execute("SELECT count(*) FROM hub_thing WHERE name = 'M'").fetchone() == (0,)
        other.execute("ROLLBACK")
        thread.join(20)
    assert [one["status"] for one in made] == [201, 201]
    assert results(stream) == [1.0]


@committing
def test_two_that_lock_in_opposite_order_both_come_through(steward, cast):
    """PostgreSQL ends one of the two; it is done again as a whole, and nothing is there twice."""
    one, two = (make_datastream(make_thing(cast.menden)) for _ in range(2))
    path = "Datastreams({})/Observations".format
    ask(steward, group(*(post(path(s.pk), at(hour)) for s in (one, two) for hour in (8, 9))))
    keys = {
        s.pk: list(Observation.objects.filter(datastream_id=s.pk).values_list("id", flat=True))
        for s in (one, two)
    }
    barrier = threading.Barrier(2)
    statuses: list[list[int]] = []

    def work(first, second, place):
        try:
            barrier.wait(10)
            made = ask(
                steward,
                group(
                    {"method": "delete", "url": f"Observations({keys[first.pk][place]})"},
                    {"method": "delete", "url": f"Observations({keys[second.pk][place]})"},
                ),
            )
            statuses.append([answer["status"] for answer in made])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=args) for args in ((one, two, 0), (two, one, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert statuses == [[200, 200], [200, 200]]
    assert results(one) == results(two) == []


def test_the_first_error_ends_a_batch_unless_the_client_prefers_to_go_on(steward):
    requests = [
        {"id": "a", "url": "Nonsense"},
        *group(post("Things", {"name": "Mast"})),
        {"id": "b", "url": "Things", "dependsOn": ["a"]},
        {"id": "c", "url": "Things", "dependsOn": ["g"]},
    ]
    assert [one["id"] for one in ask(steward, requests)] == ["a"]
    assert not Thing.objects.exists()
    made = ask(steward, requests, prefer="return=minimal, odata.continue-on-error")
    assert [one["status"] for one in made] == [404, 201, 424, 200]


@pytest.mark.parametrize(
    ("requests", "message"),
    [
        (
            [
                *group({"url": "a"}),
                {"id": "x", "url": "Things"},
                {**group({"url": "b"})[0], "id": "y"},
            ],
            "do not stand together",
        ),
        ([{"id": "a", "url": "Things"}, {"id": "a", "url": "Things"}], "stands twice"),
        ([{"id": "a", "url": "Things", "dependsOn": ["b"]}], "does not stand before it"),
        ([{"id": "a", "url": "Things", "dependsOn": "b"}], "list of ids"),
        ([{"id": "a", "url": "Things", "atomicityGroup": 5}], "is a name"),
        ([{"id": "a", "url": "Things", "headers": []}], None),
        ([{"id": "a", "url": "Things", "headers": ["x"]}], "is an object"),
        ([{"id": "a", "url": "$batch", "method": "post", "body": {}}], "holds no batch"),
        ([{"id": str(n), "url": "Things"} for n in range(1001)], "at most 1000 calls"),
    ],
)
def test_what_is_wrong_with_the_batch_itself_is_said_before_anything_is_done(
    steward, requests, message
):
    answer = batch.answer(steward, json.dumps({"requests": requests}).encode(), "application/json")
    if message is None:
        assert answer.status == 200
    else:
        assert (answer.status, message in answer.body.decode()) == (400, True)


def mail(*sections):
    inner = "".join(f"--c\r\nContent-Type: application/http\r\n{one}\r\n" for one in sections)
    return (
        "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" + inner + "--c--\r\n"
        "--b\r\nContent-Type: application/http\r\n\r\nGET Things?$count=true HTTP/1.1\r\n\r\n\r\n"
        "--b--\r\n"
    ).encode()


def in_mail(name, method, url, body):
    return (
        f"Content-ID: {name}\r\n\r\n{method} {url} HTTP/1.1\r\n"
        f"Content-Type: application/json\r\n\r\n{json.dumps(body)}"
    )


def test_a_change_set_in_multipart(steward):
    body = mail(
        in_mail("mast", "POST", "/sta/v1.1/Things", {"name": "Mast"}),
        in_mail("t", "POST", "$mast/Datastreams", STREAM),
        in_mail("o", "POST", "$t/Observations", at(10)),
    )
    answer = batch.answer(steward, body, "multipart/mixed; boundary=b")
    assert (answer.status, answer.body.count(b"HTTP/1.1 201 Created")) == (200, 3)
    assert b"Content-Type: multipart/mixed; boundary=changeset_" in answer.body
    assert results(Datastream.objects.get()) == [1.0]


def test_a_change_set_in_multipart_that_fails_has_one_answer(steward):
    body = mail(
        in_mail("mast", "POST", "Things", {"name": "Mast"}),
        in_mail("t", "POST", "$mast/Datastreams", {**STREAM, "Observations": [at(10, "warm")]}),
    )
    answer = batch.answer(steward, body, "multipart/mixed; boundary=b", prefer="continue-on-error")
    assert answer.body.count(b"HTTP/1.1") == 2
    assert answer.body.count(b"HTTP/1.1 400 Bad Request") == 1
    assert b"changeset_" not in answer.body
    assert b'"call":"t"' in answer.body
    assert b'"@iot.count":0' in answer.body
    assert answer.headers == {"Preference-Applied": "continue-on-error"}


def _psycopg():
    given = connect_parameters()
    return {
        **{key: value for key, value in given.items() if key != "database"},
        "dbname": given["database"],
    }


def test_a_deadlock_while_storing_is_tried_again(steward, stream, monkeypatch):
    """The rows go past Django's cursors; what PostgreSQL says then counts as much."""
    store, failures = storing.store, [psycopg.errors.DeadlockDetected("deadlock detected")]

    def once(*given):
        if failures:
            raise failures.pop()
        return store(*given)

    monkeypatch.setattr(storing, "store", once)
    made = ask(steward, group(post(f"Datastreams({stream.pk})/Observations", at(10))))
    assert [one["status"] for one in made] == [201]
    assert results(stream) == [1.0]


@pytest.mark.parametrize("late", [group(post("Things", {"name": "B"})), [{"id": "b", "url": ""}]])
def test_a_batch_that_takes_too_long_begins_no_more_calls(steward, monkeypatch, late):
    clock = iter([0.0, 0.0, batch.SECONDS + 1.0])
    monkeypatch.setattr(batch, "monotonic", lambda: next(clock))
    made = ask(steward, [{"id": "a", **post("Things", {"name": "A"})}, *late])
    assert [one["status"] for one in made] == [201, 503]
    assert list(Thing.objects.values_list("name", flat=True)) == ["A"]
