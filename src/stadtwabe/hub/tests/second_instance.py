"""Another installation, empty: brings up its tables, harvests an address twice, says what it has.

Started by ``test_second_instance`` with a database of its own:
``python second_instance.py CATALOGUE``; prints JSON.
"""

import json
import sys
from dataclasses import asdict

import django
from django.core.management import call_command

django.setup()

from stadtwabe.hub.dcat.describe import entry_of  # noqa: E402 - after the set-up
from stadtwabe.hub.queries.datasets import datasets_visible_to, with_distributions  # noqa: E402
from stadtwabe.kit.actor import VISITOR  # noqa: E402
from stadtwabe.people.tests.factories import make_place  # noqa: E402
from stadtwabe.site.command_line import main  # noqa: E402

call_command("migrate", verbosity=0)
make_place("05962040", "Menden (Sauerland)")
status = [
    main(["harvest", "--add", sys.argv[1], "--owner", "05962040"]),
    main(["harvest", "--all"]),
]
found = with_distributions(datasets_visible_to(VISITOR), VISITOR).order_by("title")
entries = [asdict(entry_of(each, root="https://second.example")) for each in found]
sys.stdout.write("\n" + json.dumps({"status": status, "entries": entries}, default=str))
