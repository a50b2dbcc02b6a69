"""Annotated corpora, written in the formats of annotation tools, are read back with every mention."""

import json
from collections import Counter

import pytest

from tests.support.annotation_writers import (
    to_doccano,
    to_label_studio,
    write_brat,
    write_conllu,
    write_tei,
    write_web_annotation,
)
from tests.support.corpora import FOLDER, name_of, read_corpus
from tests.support.golden import read_folder

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the corpora are not there: {FOLDER}")


@pytest.fixture(scope="module", params=["gum_news", "meantime"])
def corpus(request):
    """Return name, text and spans of every article of a corpus."""
    articles = []
    for number, article in enumerate(read_corpus(request.param)):
        starts, text = [], ""
        for paragraph in article["paragraphs"]:
            text += "\n\n" if text else ""
            starts.append(len(text))
            text += paragraph["text"]
        spans = [
            (
                starts[item["paragraph"]] + item["start"],
                starts[item["paragraph"]] + item["end"],
                item["label"],
                name_of(item["link"]),
            )
            for item in article["mentions"]
        ]
        articles.append((f"article-{number}", text, [span for span in spans if text[span[0] : span[1]].strip()]))
    return articles


def select_nested(spans):
    """Return the spans that nest in one another, without those that cross one before them."""
    kept = []
    for start, end, *rest in sorted(spans, key=lambda span: (span[0], -span[1])):
        if all(end <= other[1] or start >= other[1] for other in kept):
            kept.append((start, end, *rest))
    return kept


def expect_mentions(corpus, has_entities):
    """Return how often words are marked with a label and an entity in an article."""
    return Counter(
        (name, "".join(text[start:end].split()), label, has_entities and entity)
        for name, text, spans in corpus
        for start, end, label, entity in spans
    )


def count_mentions(folder, has_entities):
    """Return the same of a folder, as it is read."""
    articles, findings = read_folder(folder)

    assert [finding for finding in findings if finding.severity == "fault"] == []
    return Counter(
        (
            article.id,
            "".join(article.paragraphs[mention.paragraph].text[mention.start : mention.end].split()),
            mention.label or mention.type,
            has_entities and mention.entity and mention.entity.name,
        )
        for article in articles
        for mention in article.mentions
    )


@pytest.mark.parametrize("write", [write_brat, write_web_annotation, write_conllu])
def test_mentions_and_their_entities_come_back(corpus, tmp_path, write):
    for article in corpus:
        write(tmp_path, *article)

    assert count_mentions(tmp_path, has_entities=True) == expect_mentions(corpus, has_entities=True)


def test_mentions_that_do_not_cross_come_back_from_tei(corpus, tmp_path):
    nested = [(name, text, select_nested(spans)) for name, text, spans in corpus]
    for article in nested:
        write_tei(tmp_path, *article)

    assert sum(len(spans) for *_, spans in nested) > 900
    assert count_mentions(tmp_path, has_entities=True) == expect_mentions(nested, has_entities=True)


@pytest.mark.parametrize("to_record", [to_doccano, to_label_studio])
def test_mentions_of_records_come_back(corpus, tmp_path, to_record):
    lines = [json.dumps(to_record(*article)) for article in corpus]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines))

    assert count_mentions(tmp_path, has_entities=False) == expect_mentions(corpus, has_entities=False)
