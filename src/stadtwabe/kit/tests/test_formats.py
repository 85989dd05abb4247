import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from stadtwabe.kit.errors import Invalid
from stadtwabe.kit.formats import csv_text, geojson, icalendar, json_text, rss
from stadtwabe.kit.formats.negotiation import wanted_format

NOON = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)
TEXTS = st.text(max_size=60)


def read_csv(pieces):
    text = "".join(pieces)
    assert text.startswith(csv_text.BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


class TestCsv:
    @pytest.mark.parametrize(
        "evil",
        ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"],
    )
    def test_a_formula_becomes_text(self, evil):
        assert read_csv(csv_text.write_csv(["Titel"], [[evil]]))[1][0].startswith("'")

    @given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5))
    def test_every_text_comes_back_and_none_is_a_formula(self, rows):
        read = read_csv(csv_text.write_csv(["a", "b"], rows))[1:]
        assert len(read) == len(rows)
        for cells, written in zip(rows, read, strict=True):
            for cell, text in zip(cells, written, strict=True):
                assert text.removeprefix("'") == cell.replace("\x00", "").removeprefix("'")
                assert not text.lstrip().startswith(("=", "+", "-", "@"))

    def test_numbers_stay_numbers_and_the_rest_is_readable(self):
        row = [-5, 1.5, None, True, date(2024, 5, 3), ["Olpe", "Soest"]]
        written = read_csv(csv_text.write_csv(list("abcdef"), [row]))[1]
        assert written == ["-5", "1.5", "", "ja", "2024-05-03", "Olpe | Soest"]

    def test_a_row_of_the_wrong_length_is_an_error(self):
        with pytest.raises(ValueError, match="2 cells where there are 1 columns"):
            list(csv_text.write_csv(["a"], [["x", "y"]]))


class TestJson:
    @given(st.lists(st.dictionaries(TEXTS, TEXTS | st.integers() | st.none()), max_size=4))
    def test_what_goes_in_comes_out(self, entries):
        text = "".join(json_text.write_json(entries, about={"count": len(entries)}))
        assert json.loads(text) == {"count": len(entries), "results": entries}

    def test_dates_and_decimals(self):
        entry = {"on": date(2024, 5, 3), "area": Decimal("12.50"), "people": Decimal(7)}
        read = json.loads("".join(json_text.write_json([entry])))
        assert read["results"] == [{"on": "2024-05-03", "area": 12.5, "people": 7}]

    def test_not_a_number_is_refused(self):
        with pytest.raises(ValueError, match="JSON compliant"):
            list(json_text.write_json([{"value": float("nan")}]))


class TestGeojson:
    @given(
        st.lists(
            st.tuples(TEXTS, st.floats(-180, 180), st.floats(-90, 90)) | st.tuples(TEXTS),
            max_size=5,
        )
    )
    def test_is_a_valid_feature_collection(self, rows):
        items = [
            geojson.Feature(str(at), {"title": row[0]}, *row[1:]) for at, row in enumerate(rows)
        ]
        read = json.loads("".join(geojson.write_geojson(items, about={"licence": "CC BY 4.0"})))
        assert read["type"] == "FeatureCollection"
        assert read["licence"] == "CC BY 4.0"
        assert len(read["features"]) == len(rows)
        for row, feature in zip(rows, read["features"], strict=True):
            assert set(feature) == {"type", "id", "geometry", "properties"}
            assert feature["properties"] == {"title": row[0]}
            if len(row) == 1:
                assert feature["geometry"] is None
            else:
                assert feature["geometry"]["type"] == "Point"
                longitude, latitude = feature["geometry"]["coordinates"]
                assert longitude == pytest.approx(row[1], abs=1e-7)
                assert latitude == pytest.approx(row[2], abs=1e-7)

    @pytest.mark.parametrize(("longitude", "latitude"), [(51.9, 191.0), (float("nan"), 51.0)])
    def test_a_position_off_the_earth_is_an_error(self, longitude, latitude):
        with pytest.raises(ValueError, match=r"Earth|finite"):
            geojson.position(longitude, latitude)


def parse_rss(entries):
    text = "".join(
        rss.write_rss(
            entries,
            title="Neues & mehr",
            link="https://wabe.example/atlas/",
            feed='https://wabe.example/atlas/?format=rss&q="x"',
            summary="Was sich <geändert> hat",
            language="de",
        )
    )
    return etree.fromstring(text.encode())


class TestRss:
    @given(title=TEXTS, summary=TEXTS)
    def test_any_text_gives_well_formed_xml(self, title, summary):
        item = parse_rss([rss.Entry(title, "https://wabe.example/1", summary, NOON)]).find(
            ".//item"
        )
        allowed = re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", title)
        # XML parsers read every line end as \n.
        expected = allowed.replace("\r\n", "\n").replace("\r", "\n")
        assert (item.findtext("title") or "") == expected

    def test_markup_in_a_text_stays_text(self):
        entry = rss.Entry("<script>", "https://wabe.example/?a=1&b=2", "]]>", NOON, ("Bildung",))
        item = parse_rss([entry]).find(".//item")
        assert item.findtext("title") == "<script>"
        assert item.findtext("guid") == "https://wabe.example/?a=1&b=2"
        assert item.findtext("description") == "]]>"
        assert item.findtext("pubDate") == "Fri, 03 May 2024 12:00:00 +0000"
        assert item.findtext("category") == "Bildung"

    def test_a_date_without_time_zone_is_an_error(self):
        naive = NOON.replace(tzinfo=None)
        with pytest.raises(ValueError, match="time zone"):
            parse_rss([rss.Entry("a", "https://wabe.example/", "", naive)])


def calendar(**changes):
    event = icalendar.CalendarEvent(
        uid="1@wabe.example", title="Digitaltag", starts=NOON, changed_at=NOON
    )
    return "".join(icalendar.write_icalendar([replace(event, **changes)], title="Termine"))


def unfold(text):
    return text.replace("\r\n ", "").split("\r\n")


def unescape(value):
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


class TestIcalendar:
    @given(title=st.text(max_size=200), place=st.text(max_size=200))
    def test_lines_are_short_and_texts_come_back(self, title, place):
        text = calendar(title=title, place=place)
        for line in text.removesuffix("\r\n").split("\r\n"):
            assert len(line.encode()) <= icalendar.LINE_BYTES
        summary = next(line for line in unfold(text) if line.startswith("SUMMARY:"))
        lines = title.replace("\r\n", "\n").replace("\r", "\n")
        kept = "".join(sign for sign in lines if sign == "\n" or (sign >= " " and sign != "\x7f"))
        assert unescape(summary.removeprefix("SUMMARY:")) == kept
        assert sum(line.startswith("BEGIN:VEVENT") for line in unfold(text)) == 1

    def test_a_text_cannot_start_a_property_of_its_own(self):
        text = calendar(
            title="Digitaltag\r\nEND:VEVENT", url="https://a.example/\r\nATTACH:https://b.example"
        )
        assert unfold(text).count("END:VEVENT") == 1
        assert not any(line.startswith("ATTACH") for line in unfold(text))

    def test_whole_days_end_on_the_day_after(self):
        lines = unfold(calendar(starts=date(2024, 6, 7), ends=date(2024, 6, 8)))
        assert "DTSTART;VALUE=DATE:20240607" in lines
        assert "DTEND;VALUE=DATE:20240609" in lines

    def test_times_are_in_utc(self):
        assert "DTSTART:20240503T120000Z" in unfold(calendar())

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"ends": date(2024, 6, 8)}, "both be days or both be times"),
            ({"ends": NOON.replace(hour=11)}, "ends before it starts"),
            ({"starts": NOON.replace(tzinfo=None)}, "time zone"),
            ({"status": "MAYBE"}, "status"),
        ],
    )
    def test_nonsense_is_an_error(self, changes, message):
        with pytest.raises(ValueError, match=message):
            calendar(**changes)


class TestNegotiation:
    OFFERED = ("json", "csv")

    def test_the_query_wins_over_the_header(self):
        assert wanted_format({"format": "csv"}, "application/json", offered=self.OFFERED) == "csv"

    @pytest.mark.parametrize(
        ("accept", "expected"),
        [
            ("text/html,application/xhtml+xml,*/*;q=0.8", "html"),
            ("application/json", "json"),
            ("text/csv;q=0.5, application/json;q=0.9", "json"),
            ("application/rss+xml", "html"),
            ("", "html"),
            ("application/json;q=nonsense", "html"),
        ],
    )
    def test_the_header_decides_otherwise(self, accept, expected):
        assert wanted_format({}, accept, offered=self.OFFERED) == expected

    def test_an_unknown_format_names_what_there_is(self):
        with pytest.raises(Invalid) as raised:
            wanted_format({"format": "xls"}, "", offered=self.OFFERED)
        assert "csv, html, json" in raised.value.remedy
        assert raised.value.field == "format"
