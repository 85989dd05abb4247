"""Fills a database of its own and asks for pages; prints milliseconds as JSON."""

import json
import sys
import time
from statistics import median, quantiles

import django

ROUNDS = 5


def main(cards: int) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from bench.search import texts
    from stadtwabe.catalog.commands import load_register
    from stadtwabe.catalog.search.results import WEIGHTS
    from stadtwabe.catalog.search.terms import Loose, parse, to_tsquery
    from stadtwabe.kit.actor import SYSTEM
    from stadtwabe.kit.clock import now
    from stadtwabe.places.models import Place
    from stadtwabe.site.installation import opened

    settings.ALLOWED_HOSTS = ["*"]

    def say(text: str) -> None:
        print(text, file=sys.stderr)

    with opened(migrated=True, say=say):
        load_register(actor=SYSTEM, now=now())
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalog_card")
        fill(cards, list(Place.objects.filter(level="municipality", population__gt=20_000)))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        client = Client()
        times: dict[str, list[float]] = {}
        processor: dict[str, list[float]] = {}
        asked = texts.queries()
        for number in range(ROUNDS + 1):
            for name, queries in asked.items():
                for query in queries:
                    began, worked = time.perf_counter(), time.thread_time()
                    response = client.get("/suche/?" + query.replace(" ", "+"))
                    took = (time.perf_counter() - began) * 1000
                    assert response.status_code == 200, query
                    if number:  # the first round warms up
                        times.setdefault(name, []).append(took)
                        ours = (time.thread_time() - worked) * 1000
                        processor.setdefault(name, []).append(ours)
        for query in asked["search"]:
            terms = to_tsquery(parse(query.removeprefix("q=")), Loose.STRICT)
            for number in range(ROUNDS + 1):
                began = time.perf_counter()
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT id, title FROM catalog_card, to_tsquery('stadtwabe', %s) asked"
                        " WHERE search @@ asked AND audience = 'public'"
                        " ORDER BY ts_rank(%s::float4[], search, asked, 1) DESC LIMIT 20",
                        [terms, WEIGHTS],
                    )
                    cursor.fetchall()
                if number:
                    times.setdefault("bare", []).append((time.perf_counter() - began) * 1000)
    found = {}
    for name, taken in times.items():
        cuts = quantiles(taken, n=100)
        found[name] = {"p50": cuts[49], "p95": cuts[94]}
        if name in processor:
            found[name]["cpu"] = median(processor[name])
    print(json.dumps(found))


def fill(cards: int, places: list) -> None:
    from bench.search.texts import KINDS, specs
    from stadtwabe.catalog.commands import count_words, write_cards
    from stadtwabe.catalog.kinds import all_kinds
    from stadtwabe.kit.clock import now

    known = {kind.name for kind in all_kinds()}
    kinds = [kind for kind in KINDS if kind in known] or ["network"]
    waiting = []
    for spec in specs(cards, places, kinds):
        waiting.append(spec)
        if len(waiting) == 5000:
            write_cards(specs=waiting, now=now())
            waiting = []
    if waiting:
        write_cards(specs=waiting, now=now())
    count_words()


main(int(sys.argv[1]))
