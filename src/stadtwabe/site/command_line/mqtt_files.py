"""Writes Mosquitto's password file and access list, which name the devices that may connect.

Into FOLDER: stadtwabe.passwords and stadtwabe.acl. A file is only touched when something has
changed; let Mosquitto read them again then (SIGHUP, `systemctl reload mosquitto`).
"""

import argparse
import os
import tempfile
from pathlib import Path

from django.conf import settings

from stadtwabe.hub.mosquitto import access_list, password_file, steady_hash
from stadtwabe.hub.queries.mqtt import living_mqtt_accounts
from stadtwabe.hub.topics import username
from stadtwabe.kit.errors import Conflict
from stadtwabe.site.command_line.output import Output

MODE = 0o640
"""Of a new file; of one that is there, mode and owner stay."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the files go."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="such as /etc/mosquitto")


def run(options: argparse.Namespace, output: Output) -> int:
    """Prints how many accounts there are, and which files have changed."""
    broker = settings.MQTT_BROKER
    if broker is None or not broker["user"]:
        raise Conflict(
            "It is not known under which name Stadtwabe itself connects.",
            remedy="Set STADTWABE_MQTT_URL, STADTWABE_MQTT_USER and STADTWABE_MQTT_PASSWORD.",
        )
    user, password = str(broker["user"]), str(broker["password"])
    accounts = [(user, steady_hash(user, password, secret_key=settings.SECRET_KEY))]
    accounts += [
        (username(pk), hashed)
        for pk, hashed in living_mqtt_accounts().order_by("pk").values_list("pk", "broker_hash")
    ]
    files = {
        "stadtwabe.passwords": password_file(accounts),
        "stadtwabe.acl": access_list(user=user, prefix=str(broker["prefix"])),
    }
    changed = [name for name, text in files.items() if _write(options.folder / name, text)]
    output.result(
        {"accounts": len(accounts), "changed": changed},
        f"{len(accounts)} accounts. Changed: {', '.join(changed) or 'nothing'}.",
    )
    return 0


def _write(path: Path, text: str) -> bool:
    """Replace a file by ``text`` at once; say whether it was another."""
    former = path.stat() if path.exists() else None
    if former is not None and path.read_text(encoding="utf-8") == text:
        return False
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=path.name, delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new = Path(file.name)
    new.chmod(MODE if former is None else former.st_mode & 0o777)
    if former is not None and (former.st_uid, former.st_gid) != (os.getuid(), os.getgid()):
        os.chown(new, former.st_uid, former.st_gid)
    new.replace(path)
    return True
