"""`mqtt files`: Mosquitto's files, from the keys of devices."""

import argparse
import io
from pathlib import Path
from typing import Any

import pytest

from stadtwabe.hub.commands import create_device_token, revoke_device_token
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.errors import Conflict
from stadtwabe.people.tests.factories import NOW, Cast
from stadtwabe.site.command_line import check, mqtt_files
from stadtwabe.site.command_line.output import Output

pytestmark = pytest.mark.django_db

BROKER = {"host": "localhost", "port": 1, "prefix": "", "user": "stadtwabe", "password": "unser"}


def write(folder: Path) -> str:
    written = io.StringIO()
    output = Output(as_json=False, results=written, talk=io.StringIO())
    assert mqtt_files.run(argparse.Namespace(folder=folder), output) == 0
    return written.getvalue()


def test_files_name_the_living_accounts_and_are_touched_only_for_a_change(
    tmp_path: Path, settings: Any
) -> None:
    settings.MQTT_BROKER = BROKER
    owner = Cast().menden
    token, secret = create_device_token(actor=SYSTEM, owner=owner, label="A", now=NOW)
    other, _secret = create_device_token(actor=SYSTEM, owner=owner, label="B", now=NOW)
    write(tmp_path)
    passwords = tmp_path / "stadtwabe.passwords"
    names = [line.partition(":")[0] for line in passwords.read_text().splitlines()]
    assert names == ["stadtwabe", f"swd{token.pk}", f"swd{other.pk}"]
    assert secret not in passwords.read_text()
    assert passwords.stat().st_mode & 0o777 == 0o640
    assert "pattern write in/%u/v1.1/#" in (tmp_path / "stadtwabe.acl").read_text()
    assert "nothing" in write(tmp_path)

    passwords.chmod(0o600)
    revoke_device_token(actor=SYSTEM, token=token, now=NOW)
    assert "stadtwabe.passwords" in write(tmp_path)
    assert f"swd{token.pk}:" not in passwords.read_text()
    assert passwords.stat().st_mode & 0o777 == 0o600


def test_without_an_account_of_our_own_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="under which name"):
        write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_check_says_that_nobody_holds_the_connection(settings: Any) -> None:
    assert check.about_the_broker() == []
    settings.MQTT_BROKER = BROKER
    assert [each.what for each in check.about_the_broker()] == [
        "Nobody holds the connection to the MQTT broker."
    ]
