"""What ``test_second_instance`` does in the other installation, whose database is another.

``second_instance.py prepare`` makes the tables and the town, ``second_instance.py show`` prints its
public datasets as JSON.
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

if sys.argv[1] == "prepare":
    call_command("migrate", verbosity=0)
    make_place("05962040", "Menden (Sauerland)")
else:
    found = with_distributions(datasets_visible_to(VISITOR), VISITOR).order_by("title")
    entries = [asdict(entry_of(each, root="https://second.example")) for each in found]
    sys.stdout.write(json.dumps(entries, default=str))
