"""The command line and the night: what moves, what is only said, and what is tidied up."""

import argparse
import json
from datetime import date
from typing import Any

import pytest

from stadtwabe.hub.archive import lake
from stadtwabe.hub.commands.archive import archive_old, drop_emptied_months, month_before
from stadtwabe.hub.models import ArchiveMonth
from stadtwabe.hub.tests.archive.world import MONTHS, NOW, archive, fill_stream, follow, rows
from stadtwabe.hub.tests.factories import make_datastream, make_thing
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.tests.factories import Cast
from stadtwabe.site.command_line import archive_observations
from stadtwabe.site.command_line.output import Output


@pytest.mark.django_db
def test_a_dry_run_says_what_would_move_and_a_run_moves_it(capsys, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(lake, "_folder", [tmp_path])
    stream = make_datastream(make_thing(Cast().menden))
    fill_stream(stream)

    def run(*words: str) -> list[dict[str, Any]]:
        parser = argparse.ArgumentParser()
        archive_observations.add_arguments(parser)
        output = Output(as_json=True)
        assert archive_observations.run(parser.parse_args(words), output) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert run() == []
    said = run("2026-03", "--dry-run")
    assert said == [{"month": "2026-03", "observations": 239, "datastreams": 1}]
    assert not ArchiveMonth.objects.exists()
    (moved,) = run("2026-03")
    assert (moved["observations"], len(moved["files"])) == (239, 1)
    assert [each["month"] for each in run("--older-than", "6")] == ["2026-04"]
    files = run()
    assert [each["observations"] for each in files] == [239, 231]
    assert all((tmp_path / each["file"]).stat().st_size == each["bytes"] for each in files)
    with pytest.raises(Invalid, match="2026-03"):
        run("März")


def test_so_many_months_stay() -> None:
    assert month_before(NOW, 1) == date(2026, 10, 1)
    assert month_before(NOW, 12) == date(2025, 11, 1)


@pytest.mark.django_db(transaction=True)
def test_tables_of_months_are_dropped_when_nobody_can_see_their_rows(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(lake, "_folder", [tmp_path])
    stream = make_datastream(make_thing(Cast().menden))
    fill_stream(stream)
    archive_old(actor=SYSTEM, before=month_before(NOW, 5), now=NOW)
    left = rows("SELECT relname FROM pg_class WHERE relname ~ 'hub_observation_2026_0[34]$'")
    assert left == []
    assert len(follow(SYSTEM, "Observations", top=500)) == 700
    # It comes back with the first late value, by itself.
    rows("SELECT hub_ensure_months('2026-03-05Z', '2026-03-05Z')")
    rows("INSERT INTO hub_observation SELECT 1, '2026-03-05Z', 1, 0")
    assert drop_emptied_months(actor=SYSTEM, before=MONTHS[1]) == []
    assert archive() == []
