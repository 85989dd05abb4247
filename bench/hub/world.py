"""`python -m bench.hub.world COUNT`: makes datastreams in the database of DATABASE_URL.

Prints their ids and a token that may write to them, as JSON.
"""

import json
import sys

import django


def make(count: int) -> dict[str, object]:
    """A town with a thing for every ten datastreams, and its steward."""
    from stadtwabe.hub.tests.factories import (
        make_datastream,
        make_location,
        make_observed_property,
        make_sensor,
        make_thing,
    )
    from stadtwabe.kit.actor import SYSTEM
    from stadtwabe.people.commands import create_token
    from stadtwabe.people.tests.factories import NOW, Cast

    cast = Cast()
    owner = cast.menden
    sensor, measured = make_sensor(owner), make_observed_property(owner)
    ids = []
    for number in range(count):
        if number % 10 == 0:
            location = make_location(owner, f"Ort {number}")
            thing = make_thing(owner, f"Gerät {number}", locations=[location])
        stream = make_datastream(
            thing, f"Reihe {number}", sensor=sensor, observed_property=measured
        )
        ids.append(stream.pk)
    steward = cast.users["steward"]
    token = create_token(actor=SYSTEM, user=steward, label="Messung", scopes=["data"], now=NOW)[1]
    return {"streams": ids, "token": token}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make(int(sys.argv[1]))))
