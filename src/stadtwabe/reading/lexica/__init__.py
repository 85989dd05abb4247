"""Words and weights of the rules, as versioned data beside the code."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """Read ``lexica/<name>.toml``."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str, key: str) -> frozenset[str]:
    """Give a space-separated list of a lexicon as a set."""
    return frozenset(load(name)[key].split())


@cache
def pattern(name: str, key: str) -> re.Pattern[str]:
    """Join the lines of a lexicon, each a regular expression, to one pattern."""
    lines = [line for line in load(name)[key].splitlines() if line]
    return re.compile(f"(?:{'|'.join(lines)})")
