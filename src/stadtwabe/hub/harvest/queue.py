"""The queue of harvests: jobs of procrastinate, in the same database."""

from procrastinate.contrib.django import app

from stadtwabe.hub.models import Harvest

RUN_HARVEST = "stadtwabe.hub.run_harvest"


def defer_harvest(harvest: Harvest) -> None:
    """Queue a run of ``harvest``; two runs of one never overlap."""
    app.configure_task(RUN_HARVEST, lock=f"harvest-{harvest.pk}", allow_unknown=True).defer(
        harvest_id=harvest.pk
    )
