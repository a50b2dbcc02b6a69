"""Compile the names of the catalogue's places in other languages from CLDR: countries, and cities of time zones.

    uv run --with babel python -m tests.campaigns.place_names

A place is known by the only entity of the built-in catalogue that has its English name.
"""

from collections.abc import Iterator

from babel import Locale

from app.search.index.analysis import STEMMERS
from app.seeding.annotators.catalogue.foreign_names import FOLDER
from app.seeding.catalogue import read_catalogue

UNSTEMMED = ("ja", "zh", "th", "bg", "sr", "hr", "sl", "et", "lv", "lt", "fa", "id", "vi")
"""Languages without a stemmer here: their names are compared as they stand."""


def read_names(language: str) -> Iterator[tuple[str, str]]:
    """Yield key and name of the territories and the cities of a language."""
    locale = Locale.parse(language)
    yield from locale.territories.items()
    yield from ((zone, names["city"]) for zone, names in locale.time_zones.items() if "city" in names)


def main() -> None:
    """Write one file a language, with an id and a name in each line."""
    places = [entry for entry in read_catalogue([]).catalogue.entities.values() if entry.type == "place"]
    by_name: dict[str, set[str]] = {}
    for entry in places:
        for name in entry.names:
            by_name.setdefault(name, set()).add(entry.id)
    english = dict(read_names("en"))
    zones = {zone for language in STEMMERS for zone, _ in read_names(language) if "/" in zone}
    english |= {zone: zone.rpartition("/")[2].replace("_", " ") for zone in zones - english.keys()}
    FOLDER.mkdir(exist_ok=True)
    for language in sorted({*STEMMERS, *UNSTEMMED} - {"en"}):
        lines = set()
        for key, name in read_names(language):
            ids = by_name.get(english.get(key, ""), set())
            if len(ids) == 1:
                lines.add(f"{min(ids)}\t{name}\n")
        (FOLDER / f"{language}.tsv").write_text("".join(sorted(lines)), encoding="utf-8")


if __name__ == "__main__":
    main()
