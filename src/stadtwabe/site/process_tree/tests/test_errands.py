"""Errands: children that do one thing and end, such as loading the demo."""

import socket
import subprocess
import sys

import pytest

from stadtwabe.site.process_tree.tree import RESTARTS_PER_MINUTE, Child, ProcessTree


def ended(status: int) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({status})"])
    process.wait()
    return process


@pytest.mark.parametrize(
    ("is_errand", "status", "must_start_again"),
    [(True, 0, False), (True, 1, True), (False, 0, True), (False, 1, True)],
)
def test_an_errand_that_is_done_is_not_started_again(is_errand, status, must_start_again):
    child = Child("demo", is_errand=is_errand, process=ended(status))
    assert child.has_ended is must_start_again


def test_an_errand_that_was_not_started_yet_is_not_missing():
    assert not Child("demo", is_errand=True).has_ended
    assert Child("web").has_ended


def test_an_errand_that_keeps_failing_does_not_stop_the_others(monkeypatch):
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if "the rest goes on" in text:
            tree._asked_to_stop = True

    with socket.socket() as listening:
        tree = ProcessTree(listening, say=say, roles=(), errands=("demo",))
        monkeypatch.setattr(Child, "start", fail)
        monkeypatch.setattr(tree, "_answers", lambda: True)
        assert tree.run(server=None, when_ready=lambda: said.append("ready")) == 0
    assert said[0] == "ready"
    assert said[-1] == "The demo process keeps ending; the rest goes on."
    assert len(tree.children[0].starts) == RESTARTS_PER_MINUTE + 1


def fail(child: Child, _listening: socket.socket) -> None:
    """Stands in for ``start``: the process ends at once with an error."""
    child.starts.append(0.0)
    child.process = ended(1)


WAITING = [sys.executable, "-c", "import os; raise SystemExit(os.read(0, 1) != b'\\n')"]


def test_pages_that_have_loaded_ahead_go_on_when_the_database_is_there(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///here")
    process = subprocess.Popen(WAITING, stdin=subprocess.PIPE)
    with process, socket.socket() as listening:
        Child("web", process=process, waits_for="postgresql:///here").go(listening)
        assert process.wait(60) == 0


def test_pages_that_have_loaded_for_another_database_are_started_again(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///here")
    monkeypatch.setattr(Child, "start", fail)
    process = subprocess.Popen(WAITING, stdin=subprocess.PIPE)
    child = Child("web", process=process, waits_for="postgresql:///elsewhere")
    with process, socket.socket() as listening:
        child.go(listening)
        assert process.wait(60) < 0
    assert child.process is not process
