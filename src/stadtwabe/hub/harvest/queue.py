"""The queue of harvests."""

from stadtwabe.hub.models import Harvest
from stadtwabe.kit.jobs import queue_job

RUN_HARVEST = "stadtwabe.hub.run_harvest"


def defer_harvest(harvest: Harvest) -> None:
    """Queue a run of ``harvest``; two runs of one never overlap."""
    queue_job(RUN_HARVEST, f"harvest-{harvest.pk}", harvest_id=harvest.pk)
