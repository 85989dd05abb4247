"""The watch goes on, whatever one of its jobs or the database does."""

import threading

from django.db import OperationalError

from stadtwabe.hub import watching


def test_a_job_that_fails_keeps_nobody_from_their_turn(monkeypatch, caplog):
    done = []

    def broken():
        message = "kaputt"
        raise ValueError(message)

    monkeypatch.setattr(watching, "JOBS", (broken, lambda: done.append(1)))
    assert watching.look_once()
    assert done == [1]
    assert "broken failed" in caplog.text


def test_a_database_that_is_away_is_said_once_and_waited_for(monkeypatch, caplog):
    stop, looks = threading.Event(), []

    def away():
        looks.append(1)
        if len(looks) == 4:
            stop.set()
        if len(looks) < 4:
            raise OperationalError

    monkeypatch.setattr(watching, "JOBS", (away,))
    monkeypatch.setattr(watching, "close_old_connections", lambda: None)
    watching.keep_watching(stop, every=0.001)
    assert len(looks) == 4
    assert caplog.text.count("database is away") == 1
