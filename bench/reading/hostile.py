"""Does reading stay linear? Texts that repeat one piece, at one and at three times the length.

python bench/reading/hostile.py [CHARACTERS]  (20000; with PYTHONPATH=src)

Prints the processor's seconds for both; GROWS where three times the text takes more than six times
as long. Some milliseconds tell nothing.
"""

import sys
import time

from stadtwabe.reading.extract.plain import plain
from stadtwabe.reading.reading import read

PIECES = (
    *("1", "1.", "1,", "A", "Ab", "Ab ", "ABc-", "Aa-", "Ä", "äÄ ", "smart", ".", ". ", "(", "[ "),
    *("„A ", "“„", "»A ", '"', "‚Aa ", " ", "\n", "- ", ": ", "a-\n", "T\n", "a@", "a.b.c.", "…"),
    *("http://a", "1.1.2024-", "01.02.", "1. Mai ", "Am 1. Mai\n", "am 1. Mai in Essen ", "10:00 "),
    *("Aa\nAm 1. Mai\n", "Essen und ", "Essen, Köln, Bonn, ", "Köln\n", "Köln: 1.1.2024\n"),
    *("Verein e. V. ", "GmbH & Co. ", "Ministerium für ", "Prof. Dr. ", "A. B. ", "Frau Aa "),
    *("1,5 Mio. Euro ", "von 1 bis 2 ", "Projekt „", "Termine\n", "Wann: 1.1.2024\n", "zum Thema "),
    *("findet statt ", "des Aa ", "• A\n", "1) A\n", "Aa; ", "Ort: \n", "Konferenz „Aa ", "AG "),
)
GROWTH, NOTICEABLE = 6, 0.3


def seconds(text: str) -> float:
    """Return how long the processor reads ``text``."""
    began = time.process_time()
    read(plain(text.encode(), "text.txt"))
    return time.process_time() - began


def main(length: int) -> int:
    """Print a line for each piece; return how many grow faster than their text."""
    seconds("Stadt Essen, 1. Mai 2024")  # the gazetteer is loaded once
    growing = 0
    for piece in PIECES:
        once, thrice = (seconds(piece * (size // len(piece))) for size in (length, 3 * length))
        grows = thrice > NOTICEABLE and thrice > GROWTH * once
        growing += grows
        print(f"{piece!r:26} {once:7.3f} {thrice:7.3f} {'GROWS' if grows else ''}", flush=True)
    return growing


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 20_000) > 0)
