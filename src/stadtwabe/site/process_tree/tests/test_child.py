"""What the children of the tree load: all that they need, and not what others do."""

import os
import re
import subprocess
import sys

from stadtwabe.site.postgres.tests.conftest import SOURCE

NAMED = re.compile(r"^[A-Z_]+ = \"(stadtwabe\.[a-z.]+\.[a-z_]+)\"$", re.MULTILINE)

TASKS = """
import sys, django
django.setup()
assert not [name for name in sys.modules if name.endswith(".tasks") and "stadtwabe" in name]
from procrastinate.contrib.django import app
from stadtwabe.site.process_tree.child import load_tasks
load_tasks()
print(*app.tasks)
"""


def said_by(program: str) -> list[str]:
    environment = {
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "stadtwabe.site.settings",
        "STADTWABE_SECRET_KEY": "of-a-test",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_the_worker_alone_loads_the_jobs_and_knows_all_that_are_queued_by_name():
    queued = {
        name
        for file in SOURCE.glob("stadtwabe/**/*.py")
        if file.name != "settings.py"
        for name in NAMED.findall(file.read_text(encoding="utf-8"))
    }
    assert {"stadtwabe.desk.read_document", "stadtwabe.hub.store_upload"} <= queued
    assert queued <= set(said_by(TASKS))


def test_the_garbage_of_pages_is_not_looked_for_among_what_is_loaded():
    frozen, looked_through = map(
        int,
        said_by(
            "import gc, django; django.setup();"
            " from stadtwabe.site.process_tree.child import load_pages; load_pages();"
            " print(gc.get_freeze_count(), len(gc.get_objects()))"
        ),
    )
    assert frozen > 50 * max(looked_through, 1000)
