"""Every command: its name, where it lives, what it needs. See README.md for adding one."""

from dataclasses import dataclass, field
from enum import IntEnum


class Needs(IntEnum):
    """What is made ready before the module of a command is imported and run."""

    NOTHING = 0
    """Nothing, or it makes ready itself what it needs."""
    SETTINGS = 1
    """Django is set up; no database."""
    DATABASE = 2
    """The database runs."""
    TABLES = 3
    """The database runs and its tables are up to date."""


@dataclass(frozen=True)
class Command:
    """One line of the table."""

    module: str
    """Name of the module in this package."""
    summary: str
    needs: Needs = Needs.TABLES
    returns: bool = False
    """Whether it returns something, which `--json` then prints as JSON."""
    environment: dict[str, str] = field(default_factory=dict)
    """Variables set before the settings are read."""


COMMANDS = {
    "demo": Command(
        "serve",
        "Start Stadtwabe with demo content and demo accounts",
        Needs.NOTHING,
        environment={"STADTWABE_DEMO": "1"},
    ),
    "serve": Command("serve", "Start Stadtwabe", Needs.NOTHING),
    "check": Command(
        "check", "Say what is missing before the installation goes public", returns=True
    ),
    "check catalog": Command(
        "check_catalog", "Check the public catalogue of data against shapes", returns=True
    ),
    "harvest": Command("harvest", "Take over datasets from other catalogues", returns=True),
    "mqtt files": Command(
        "mqtt_files", "Write who may connect to the MQTT broker, for Mosquitto", returns=True
    ),
    "read": Command("read", "Read documents and print what they say", Needs.NOTHING, returns=True),
    "seal anew": Command("seal_anew", "Seal kept secrets with the newest secret key", returns=True),
    "migrate": Command("migrate", "Bring the tables up to date", Needs.DATABASE, returns=True),
    "import documents": Command(
        "import_documents", "Bring in documents, to be read and decided at the desk", returns=True
    ),
    "token create": Command("create_token", "Make a token for the API", returns=True),
    "import register": Command(
        "import_register", "Load states, districts, municipalities and networks", returns=True
    ),
    "openapi": Command("openapi", "Print the OpenAPI description of the API", Needs.SETTINGS),
    "export": Command("export", "Write what everybody may see as JSON lines or CSV", returns=True),
    "archive": Command(
        "archive_observations",
        "Move observations of closed months into Parquet files",
        returns=True,
    ),
    "backup": Command("backup", "Write the database and all files into one archive", returns=True),
    "screenshot": Command(
        "screenshot", "Take a picture of a page (needs Chromium)", Needs.NOTHING, returns=True
    ),
    "restore": Command(
        "restore", "Replace everything by the content of a backup", Needs.DATABASE, returns=True
    ),
}
