"""Command line: `python -m stadtwabe.places.derive register --packages FOLDER`."""

import argparse
import csv
import sys
from pathlib import Path

from stadtwabe.places.derive import boundaries, honeycomb, register, words

DATA = Path(__file__).parents[1] / "data"


def main(arguments: list[str] | None = None) -> int:
    """Rebuild the named files; return the exit status."""
    parser = argparse.ArgumentParser(prog="stadtwabe.places.derive", description=__doc__)
    files = ["all", "register", "words", "honeycomb", "boundaries"]
    parser.add_argument("what", choices=files, nargs="+")
    parser.add_argument(
        "--packages",
        type=Path,
        default=Path("build/packages"),
        help="folder for the downloaded archives (default: build/packages)",
    )
    options = parser.parse_args(arguments)
    wanted = set(options.what)
    if wanted & {"all", "register"}:
        rows = register.build(options.packages)
        (DATA / "register.csv").write_text(register.as_csv(rows), encoding="utf-8")
        sys.stderr.write(f"register.csv: {len(rows)} rows\n")
    if wanted & {"all", "words"}:
        common = words.common_words(DATA / "register.csv")
        (DATA / "common_words.txt").write_text("\n".join(common) + "\n", encoding="utf-8")
        given = words.given_names()
        (DATA / "given_names.txt").write_text("\n".join(given) + "\n", encoding="utf-8")
        sys.stderr.write(f"common_words.txt: {len(common)}; given_names.txt: {len(given)}\n")
    if wanted & {"all", "honeycomb"}:
        comb = honeycomb.build(DATA / "register.csv")
        (DATA / "honeycomb.json").write_text(comb, encoding="utf-8")
        sys.stderr.write("honeycomb.json\n")
    if wanted & {"all", "boundaries"}:
        with (DATA / "register.csv").open(encoding="utf-8", newline="") as file:
            rows = [register.Row(**row) for row in csv.DictReader(file)]
        sizes = boundaries.build(options.packages, rows, DATA / "boundaries")
        sys.stderr.write(f"boundaries: {len(sizes)} files, {sum(sizes.values())} characters\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
