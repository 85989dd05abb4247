"""Read a folder of documents and write JSON Lines; prints the speed on standard error.

usage: PYTHONPATH=src python bench/reading/run.py FOLDER OUT.jsonl
"""

import json
import sys
import time
from pathlib import Path

from stadtwabe.reading.as_json import record
from stadtwabe.reading.extract import Unreadable, extract
from stadtwabe.reading.reading import read

SUFFIXES = {".txt", ".html", ".htm", ".pdf", ".docx"}


def main() -> None:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    size, began = 0, time.perf_counter()
    with out.open("w", encoding="utf-8") as file:
        for path in sorted(folder.iterdir()):
            if path.suffix not in SUFFIXES:
                continue
            try:
                reading = read(extract(path.read_bytes(), path.name))
                line = record(path.name, reading)
                size += len(reading.text.encode())
            except Unreadable as error:
                line = {"doc": path.name, "error": str(error)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    seconds = time.perf_counter() - began
    print(f"{size / 1e6:.3f} MB of text in {seconds:.2f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
