"""A corpus of any size for measuring: Zipf-distributed words and entities, and topics that correlate them with tags.

    uv run python -m tests.benchmarks.generated ARTICLES FOLDER

The same numbers give the same corpus. Word 0 stands in nearly every article, word 10,000 in very few.
"""

import json
import random
import sys
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

WORDS = 20_000
ENTITIES = 50_000
TAGS = 500
TOPICS = 50
PER_FILE = 500

SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
TYPES = ("person", "place", "organization", "event", "product")


def word(number: int) -> str:
    """The word of this rank: the rarer, the longer."""
    letters = ""
    number += len(SYLLABLES)
    while number:
        number, rest = divmod(number, len(SYLLABLES))
        letters = SYLLABLES[rest] + letters
    return letters


def name(number: int) -> str:
    """The name of the entity of this rank: a first and a last name that no other has."""
    return f"{word(number % 223).capitalize()} {word(1000 + number).capitalize()}"


def zipf(count: int) -> list[float]:
    """Cumulated weights by which the first of `count` is drawn most often."""
    return list(accumulate(1 / (rank + 2.7) for rank in range(count)))


class Generator:
    """Draws articles."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.words = [word(rank) for rank in range(WORDS)]
        self.names = [name(rank) for rank in range(ENTITIES)]
        self.word_weights, self.entity_weights = zipf(WORDS), zipf(ENTITIES)
        self.tag_weights = zipf(TAGS)

    def article(self, number: int) -> dict[str, Any]:
        """One article of about 400 words in a dozen paragraphs, with about 25 names."""
        draw = self.random
        topic = draw.randrange(TOPICS)
        # A third of the entities and of the words are those of the topic, which others seldom use.
        entities = draw.choices(range(ENTITIES), cum_weights=self.entity_weights, k=16)
        entities += [TOPICS * draw.randrange(1, 40) + topic for _ in range(9)]
        texts = []
        for _ in range(11):
            words = draw.choices(self.words, cum_weights=self.word_weights, k=26)
            words += [self.words[TOPICS * draw.randrange(20, 200) + topic] for _ in range(8)]
            draw.shuffle(words)
            for entity in entities[:: draw.randrange(5, 12)][:3]:
                words.insert(draw.randrange(len(words)), self.names[entity])
            draw.shuffle(entities)
            text = " ".join(words)
            texts.append(f"{text[0].upper()}{text[1:]}.")
        at = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(hours=draw.randrange(24 * 365 * 35))
        return {
            "id": f"article-{number:07}",
            "title": " ".join(draw.choices(self.words, cum_weights=self.word_weights, k=8)),
            "published_at": at.isoformat(),
            "source": f"source-{draw.choices(range(40), cum_weights=self.tag_weights[:40])[0]}",
            "authors": [self.names[draw.randrange(300)]],
            "tags": sorted({f"tag {topic * 10}", f"tag {draw.choices(range(TAGS), cum_weights=self.tag_weights)[0]}"}),
            "paragraphs": texts,
        }


def write(articles: int, folder: Path, entities: int = ENTITIES) -> Path:
    """Write so many articles and the catalogue of the most frequent entities into a folder, and return it."""
    generator = Generator()
    folder.mkdir(parents=True, exist_ok=True)
    entries = (
        json.dumps({"id": f"entity-{rank}", "name": name(rank), "type": TYPES[rank % len(TYPES)]})
        for rank in range(entities)
    )
    (folder / "entities.yaml").write_text("builtin: false\nentities:\n" + "".join(f"- {entry}\n" for entry in entries))
    tags = (json.dumps({"id": f"tag-{rank}", "name": f"tag {rank}"}) for rank in range(TAGS))
    (folder / "tags.yaml").write_text("builtin: false\ntags:\n" + "".join(f"- {tag}\n" for tag in tags))
    for first in range(0, articles, PER_FILE):
        lines = (json.dumps(generator.article(number)) for number in range(first, min(first + PER_FILE, articles)))
        (folder / f"{first:07}.jsonl").write_text("\n".join(lines))
    return folder


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
