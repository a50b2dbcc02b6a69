"""The corpora of ../shared/corpora as article documents; its README.md describes their form."""

import json
import re
from urllib.parse import unquote

from tests.conftest import SHARED

FOLDER = SHARED / "corpora"

TYPES = {
    "person": "person",
    "organization": "organization",
    "place": "place",
    "event": "event",
    "object": "product",
    "PER": "person",
    "ORG": "organization",
    "LOC": "place",
    "PRO": "product",
}
"""Our types for theirs; all others are `other`."""


def read_corpus(name, folder=FOLDER):
    """Return the articles of a corpus in their original form."""
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def name_of(link):
    """Return the title of a page of Wikipedia or DBpedia."""
    return unquote(link.rpartition("/")[2]).replace("_", " ").strip() if link else None


def convert_article(article):
    """Return an article of a corpus as an article document."""
    paragraphs = [{**block, "role": block["role"].replace("list-item", "list")} for block in article["paragraphs"]]
    titled = paragraphs[0]["role"] == "title"
    url = re.match("https?://", article["source"])
    return {
        "id": re.sub("[^a-z0-9]+", "-", article["id"].lower()).strip("-"),
        **({} if titled else {"title": article["title"]}),
        "source_url" if url else "source": article["source"],
        "authors": [article["author"]] if "author" in article else [],
        "published_at": article["date"],
        "tags": article["tags"],
        "language": "en",
        "extra": {"summary": article.get("summary"), "title": article["title"]},
        "paragraphs": paragraphs,
        "mentions": [convert_mention(mention) for mention in article["mentions"]],
    }


def convert_mention(mention):
    """Return a mention of a corpus as that of an article document: its link, if it has one, names the entity."""
    type_ = TYPES.get(mention["label"], "other")
    entity = {"name": name_of(mention["link"]), "type": type_} if mention["link"] else None
    place = {key: mention[key] for key in ("paragraph", "start", "end")}
    return {**place, "label": mention["label"], "type": type_, "entity": entity}
