"""How fast the gazetteer finds places in the texts of the tuned corpus, in one process."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

from bench.row import Row
from stadtwabe.places.gazetteer import Gazetteer

CORPUS = Path(__file__).parent / "reading" / "corpus" / "tuned"
_ROUNDS = 6
_WORD = re.compile(r"\w+")


def measure() -> Iterator[Row]:
    """Megabytes of text a second; the yardstick only cuts the same texts into words."""
    gazetteer = Gazetteer.load()
    texts = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.txt"))]
    size = sum(len(text.encode()) for text in texts) / 1e6
    finding = min(_seconds(lambda: [gazetteer.find(text) for text in texts]))
    cutting = min(_seconds(lambda: [_WORD.findall(text) for text in texts]))
    yield Row(
        what="places in texts, one process",
        ours=size / finding,
        unit="MB/s",
        goal=2.0,
        better="higher",
        yardstick=size / cutting,
        yardstick_is="cutting into words",
    )


def _seconds(job) -> Iterator[float]:
    for _ in range(_ROUNDS):
        began = time.process_time()
        job()
        yield time.process_time() - began
