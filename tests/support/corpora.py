"""The corpora of ../shared/corpora as article documents; its README.md tells their form."""

import json
import re
from urllib.parse import unquote

from tests.conftest import SHARED

FOLDER = SHARED / "corpora"

TYPES = {
    "person": "person", "organization": "organization", "place": "place", "event": "event", "object": "product",
    "PER": "person", "ORG": "organization", "LOC": "place", "PRO": "product",
}  # fmt: skip
"""Our types for theirs; all others are `other`."""


def read_corpus(name, folder=FOLDER):
    """The articles of a corpus as they are given."""
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def name_of(link):
    """What a page of Wikipedia or DBpedia is about."""
    return unquote(link.rpartition("/")[2]).replace("_", " ").strip() if link else None


def document(given):
    """An article of a corpus as an article document."""
    paragraphs = [{**it, "role": it["role"].replace("list-item", "list")} for it in given["paragraphs"]]
    titled = paragraphs[0]["role"] == "title"
    url = re.match("https?://", given["source"])
    return {
        "id": re.sub("[^a-z0-9]+", "-", given["id"].lower()).strip("-"),
        **({} if titled else {"title": given["title"]}),
        "source_url" if url else "source": given["source"],
        "authors": [given["author"]] if "author" in given else [],
        "published_at": given["date"],
        "tags": given["tags"],
        "language": "en",
        "extra": {"summary": given.get("summary"), "title": given["title"]},
        "paragraphs": paragraphs,
        "mentions": [mention(it) for it in given["mentions"]],
    }


def mention(given):
    """A mention of a corpus as that of an article document: its link, if it has one, brings the entity."""
    type_ = TYPES.get(given["label"], "other")
    entity = {"name": name_of(given["link"]), "type": type_} if given["link"] else None
    place = {key: given[key] for key in ("paragraph", "start", "end")}
    return {**place, "label": given["label"], "type": type_, "entity": entity}
