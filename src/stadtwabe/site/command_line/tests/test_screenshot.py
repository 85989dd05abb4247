"""The command that makes the picture in README.md."""

import struct
import threading

import pytest

from stadtwabe.kit.tests.web_server import Site
from stadtwabe.site.command_line import DONE, FAILED, main

PAGE = b"<!doctype html><title>Stadtwabe</title><h1>Guten Tag</h1>"


@pytest.fixture
def site():
    site = Site()
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    site.page("/", PAGE)
    yield site
    site.shutdown()
    site.server_close()


def size_of(picture):
    """Width and height as the header of a PNG has them."""
    return struct.unpack(">II", picture.read_bytes()[16:24])


@pytest.mark.journey
def test_the_picture_has_the_wanted_size(site, tmp_path):
    picture = tmp_path / "Bild mit Leerzeichen.png"
    words = ["screenshot", str(picture), "--page", f"{site.address}/", "--width", "320"]
    assert main([*words, "--height", "480"]) == DONE
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert size_of(picture) == (320, 480)
    assert site.agents


@pytest.mark.journey
def test_a_page_that_does_not_answer_leaves_no_picture(site, tmp_path, capsys):
    picture = tmp_path / "bild.png"
    assert main(["screenshot", str(picture), "--page", f"{site.address}/fehlt"]) == FAILED
    assert "Is Stadtwabe running there?" in capsys.readouterr().err
    assert not picture.exists()


def test_without_a_browser_it_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["screenshot", str(tmp_path / "bild.png")]) == FAILED
    assert "Chromium is not installed." in capsys.readouterr().err
