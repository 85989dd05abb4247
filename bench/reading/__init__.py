"""How fast documents are read, all fields, in one process."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.row import Row
from stadtwabe.reading.extract import extract
from stadtwabe.reading.reading import read

CORPUS = Path(__file__).parent / "corpus" / "tuned"
_ROUNDS = 6
_WORD = re.compile(r"\w+")


def measure() -> Iterator[Row]:
    """Megabytes of text a second; the yardstick only cuts the same texts into words."""
    paths = [path for path in sorted(CORPUS.iterdir()) if path.suffix in {".txt", ".html"}]
    documents = [extract(path.read_bytes(), path.name) for path in paths]
    size = sum(len(document.text.encode()) for document in documents) / 1e6
    read(documents[0])
    reading = min(_seconds(lambda: [read(document) for document in documents]))
    cutting = min(_seconds(lambda: [_WORD.findall(document.text) for document in documents]))
    yield Row(
        what="documents, all fields, one process",
        ours=size / reading,
        unit="MB/s",
        goal=1.0,
        better="higher",
        yardstick=size / cutting,
        yardstick_is="cutting into words",
    )


def _seconds(job: Callable[[], object]) -> Iterator[float]:
    for _ in range(_ROUNDS):
        began = time.process_time()
        job()
        yield time.process_time() - began
