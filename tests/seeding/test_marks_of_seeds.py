"""The project's own articles keep the names that were marked in them."""

import json
from pathlib import Path

import pytest

from app.seeding.article import Identity
from app.seeding.catalogue import read_catalogue
from app.seeding.scanner import scan
from app.seeding.workers import annotate
from tests.conftest import SEEDS, SHARED

MARKS = Path(__file__).with_name("marks_of_seeds.json")
"""By article and entity: position of the paragraph, start and end of each mention."""


def describe(entity):
    """Return an entity's id, or name and type of an identity."""
    return f"{entity.name} ({entity.type})" if isinstance(entity, Identity) else str(entity)


@pytest.mark.parametrize("folder", [SEEDS, SHARED / "seed-article"], ids=lambda folder: folder.name)
def test_no_mark_is_lost_except_to_a_longer_name(folder):
    if not folder.is_dir():
        pytest.skip(f"the articles are not there: {folder}")
    catalogue = read_catalogue([folder]).catalogue
    recorded = json.loads(MARKS.read_text(encoding="utf-8"))
    lost = []
    for chunk in annotate(scan([folder]).files, catalogue, "en", "off"):
        for article, _ in chunk.articles:
            marks = {
                (mention.paragraph, mention.start, mention.end, describe(mention.entity))
                for mention in article.mentions
            }
            lost += [
                (article.id, position, start, end, entity)
                for entity, spans in recorded[article.id].items()
                for position, start, end in spans
                if (position, start, end, entity) not in marks
                and not any(
                    position == place and first <= start and end <= last and last - first > end - start
                    for place, first, last, _ in marks
                )
            ]

    assert lost == []
