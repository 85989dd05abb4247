"""How fast documents are read: megabytes of text a second, in one process.

usage: PYTHONPATH=src python bench/reading/speed.py [FOLDER]

Reads the documents of the folder (default: the tuned half of the corpus) again and again for some
seconds, all fields and places alone, and prints both beside their goals. CPU time, so that what
else the machine does counts less; the places alone are the yardstick on the same machine.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from stadtwabe.places.gazetteer.gazetteer import Gazetteer
from stadtwabe.reading.extract import Extracted, extract
from stadtwabe.reading.reading import read

SECONDS = 6.0
GOAL_ALL, GOAL_PLACES = 1.0, 2.0
FOLDER = Path(__file__).parent / "corpus" / "tuned"


def megabytes_per_second(work: Callable[[Extracted], object], documents: list[Extracted]) -> float:
    size, began = 0, time.process_time()
    while time.process_time() - began < SECONDS:
        for document in documents:
            work(document)
            size += len(document.text.encode())
    return size / 1e6 / (time.process_time() - began)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    paths = [path for path in sorted(folder.iterdir()) if path.suffix in {".txt", ".html"}]
    documents = [extract(path.read_bytes(), path.name) for path in paths]
    gazetteer = Gazetteer.load()
    read(documents[0])
    everything = megabytes_per_second(read, documents)
    places = megabytes_per_second(lambda document: gazetteer.find(document.text), documents)
    print(f"{'what':28s} {'MB/s':>6s} {'goal':>6s}")
    print(f"{'all fields':28s} {everything:6.2f} {GOAL_ALL:6.2f}")
    print(f"{'municipalities alone':28s} {places:6.2f} {GOAL_PLACES:6.2f}")
    print(json.dumps({"all_fields_mb_s": everything, "municipalities_mb_s": places}))


if __name__ == "__main__":
    main()
