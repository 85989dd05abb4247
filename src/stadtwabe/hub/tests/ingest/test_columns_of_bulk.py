"""The quick way of bulk gives what the way of single rows gives."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.hub.ingest import hours, rows
from stadtwabe.hub.ingest.batch import Run
from stadtwabe.hub.ingest.streams import Stream
from stadtwabe.hub.ingest.times import parse_instant, parse_many

FORMS = (
    "2026-11-22T10:00:00Z",
    "2026-11-22T10:00:00.5Z",
    "2026-11-22T10:00:00.123456+00:00",
    "2026-11-22T10:00:00+01:00",
    "2026-11-22T10:00:00",
    "2026-11-22 10:00:00Z",
    "2026-02-30T10:00:00Z",
    "2026-11-22T24:00:00Z",
    "2026-11-22T10:00:60Z",
    "2026-11-22T10:00Z",
    "+026-11-22T10:00:00Z",
    "2026-11-22T10:00:00.Z",
    "NaT",
    "Zürich",
    "Z",
    "",
    "9999-12-31T23:59:59.999999Z",
)
STREAM = Stream(5, 1, 1, "public", False, ("OM_Measurement",), True, None, 7)


@given(st.lists(st.sampled_from(FORMS), min_size=1, max_size=3))
def test_many_times_are_those_of_single_ones_or_left_to_them(texts):
    found = parse_many(texts)
    if found is not None:
        assert found == [parse_instant(text) for text in texts]


@given(
    st.lists(
        st.datetimes(timezones=st.just(UTC)),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["seconds", "milliseconds", "microseconds"]),
    st.sampled_from(["Z", "+00:00"]),
)
def test_times_of_one_form_are_read_at_once(moments, precision, zone):
    texts = [moment.replace(tzinfo=None).isoformat(timespec=precision) + zone for moment in moments]
    assert parse_many(texts) == [parse_instant(text) for text in texts]


def test_another_zone_goes_the_other_way():
    zone = timezone(timedelta(hours=1))
    assert parse_many([datetime(2026, 1, 1, tzinfo=zone).isoformat()]) is None
    assert parse_many([]) is None


def run(size: int, feature_id: int | None = 7) -> Run:
    times = [848_656_800_000_000 + 300_000_000 * number for number in range(size)]
    results: list[float | None] = [20 + number % 7 / 10 for number in range(size)]
    stream = STREAM._replace(feature_id=feature_id)
    return Run(stream, times, results, range(size), ids=list(range(10**10, 10**10 + size)))


def test_rows_and_hours_are_the_same_either_way(monkeypatch):
    for feature_id in (7, None):
        many = run(2500, feature_id)
        quick = b"".join(rows.encode(many)), hours.added_to_hours(5, many.times, many.results)
        with monkeypatch.context() as patch:
            patch.setattr(rows, "MANY", 10**9)
            patch.setattr(hours, "MANY", 10**9)
            slow = b"".join(rows.encode(many)), hours.added_to_hours(5, many.times, many.results)
        assert quick[0] == slow[0]
        for one, other in zip(quick[1], slow[1], strict=True):
            assert one[:3] + one[4:] == other[:3] + other[4:]
            assert abs(one[3] - other[3]) < 1e-9
            assert list(map(type, one)) == list(map(type, other))
