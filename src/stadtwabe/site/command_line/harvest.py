"""Takes over datasets from other catalogues: those that are due, all, or the ones named.

With --add a source is noted first and asked at once. What the source no longer has is withdrawn
here; what is ours is never touched. The exit status is 2 when a source could not be read or an
entry was refused; the log stands at /daten/uebernahmen/ too.
"""

import argparse

from stadtwabe.hub.commands.harvests import create_harvest, due_harvests, run_harvest
from stadtwabe.hub.models import Harvest, HarvestKind, HarvestLog, Rhythm
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.kit.clock import now
from stadtwabe.kit.errors import NotFound
from stadtwabe.people.commands import party_for_network, party_for_place
from stadtwabe.people.models import Party
from stadtwabe.places.models import Network, Place
from stadtwabe.site.command_line.output import Output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sources."""
    parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="sources by their number")
    parser.add_argument("--all", action="store_true", help="all sources, due or not")
    parser.add_argument("--add", metavar="URL", help="note this source, and ask it")
    parser.add_argument("--kind", choices=HarvestKind.values, default=HarvestKind.DCAT.value)
    parser.add_argument("--owner", metavar="KEY", help="key of a place, or name of a network")
    parser.add_argument("--name", default="", help="what the source is called")
    parser.add_argument("--rhythm", choices=Rhythm.values, default=Rhythm.DAILY.value)


def run(options: argparse.Namespace, output: Output) -> int:
    """Prints one result a source."""
    harvests = _wanted(options)
    failed = 0
    for number, harvest in enumerate(harvests, start=1):
        log = run_harvest(actor=SYSTEM, harvest=harvest, now=now())
        failed += bool(log.failure or log.problems)
        output.result(_record(harvest, log), _text(harvest, log))
        output.progress(number, len(harvests), harvest.name)
    if not harvests:
        output.say("stadtwabe harvest: no source is due.")
    return 2 if failed else 0


def _wanted(options: argparse.Namespace) -> list[Harvest]:
    if options.add:
        return [
            create_harvest(
                actor=SYSTEM,
                owner=_owner(options.owner or ""),
                name=options.name or options.add,
                kind=options.kind,
                address=options.add,
                rhythm=options.rhythm,
                now=now(),
            )
        ]
    running = Harvest.objects.filter(ended_at__isnull=True).order_by("pk")
    if options.ids:
        found = list(running.filter(pk__in=options.ids))
        missing = sorted(set(options.ids) - {harvest.pk for harvest in found})
        if missing:
            raise NotFound(f"There is no source {', '.join(map(str, missing))}.")
        return found
    return list(running) if options.all else due_harvests(now=now())


def _owner(key: str) -> Party:
    if place := Place.objects.filter(key=key).first():
        return party_for_place(place)
    if network := Network.objects.filter(slug=key).first():
        return party_for_network(network)
    raise NotFound(f"There is neither a place nor a network {key!r}.", remedy="See --owner.")


def _record(harvest: Harvest, log: HarvestLog) -> dict[str, object]:
    return {
        "id": harvest.pk,
        "name": harvest.name,
        "address": harvest.address,
        "created": log.created,
        "updated": log.updated,
        "unchanged": log.unchanged,
        "gone": log.gone,
        "problems": log.problems,
        "failure": log.failure or None,
    }


def _text(harvest: Harvest, log: HarvestLog) -> str:
    if log.failure:
        return f"{harvest.name}: not taken over. {log.failure}"
    counts = (
        f"{log.created} new, {log.updated} changed, {log.unchanged} the same, {log.gone} gone,"
        f" {len(log.problems)} refused."
    )
    refused = [f"  {each['entry']}: {each['problem']}" for each in log.problems]
    return "\n".join([f"{harvest.name}: {counts}", *refused])
