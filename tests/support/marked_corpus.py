"""Corpora of which every piece carries one word, so that a mixture of two of them shows."""

import json

PARAGRAPHS = 4


def write_marked(folder, mark, count):
    """A folder of articles, a file each, whose titles, paragraphs, tags and entities all carry the mark."""
    folder.mkdir()
    for name in ("entities", "tags"):
        (folder / f"{name}.yaml").write_text(f"builtin: false\n{name}: []\n")
    for number in range(count):
        entity = {"name": f"{mark.title()} City", "type": "place"}
        text = f"{mark.title()} City, piece {{}} of article {number}, speaks of {mark}."
        document = {
            "id": f"article-{number}",
            "title": f"{mark} {number}",
            "tags": [mark],
            "published_at": f"{1950 + number % 70}",
            "paragraphs": [text.format(piece) for piece in range(PARAGRAPHS)],
            "mentions": [
                {"paragraph": piece, "start": 0, "end": len(entity["name"]), "entity": entity}
                for piece in range(PARAGRAPHS)
            ],
        }
        (folder / f"{number:04}.json").write_text(json.dumps(document))
    (folder / "defaults.yaml").write_text(f"source: {mark}\n")
    return folder


SIZES = {"alpha": 240, "beta": 210}


def check_marked(api):
    """The mark of the corpus that is served, after a look at every article, paragraph and count of it."""
    corpus = api.json("/corpus")
    (source,) = corpus["sources"]
    mark, count = source["value"], SIZES[source["value"]]
    items = api.walk("/articles", limit=100, include="paragraphs")
    pieces = [json.dumps(piece) for item in items for piece in [item, *item["paragraphs"]]]

    assert {item["id"] for item in items} == {f"article-{number}" for number in range(count)}
    assert len(pieces) == count * (PARAGRAPHS + 2)
    assert all(mark in piece and other(mark) not in piece for piece in pieces)
    assert (corpus["articles"], corpus["paragraphs"], corpus["mentions"]) == (
        count,
        count * (PARAGRAPHS + 1),
        count * PARAGRAPHS,
    )
    assert api.json("/articles", q=mark, entity=f"{mark}-city", tag=mark)["total"] == count
    assert api.json("/paragraphs", q=mark, entity=f"{mark}-city")["total"] == count * PARAGRAPHS
    assert api.json("/articles", q=other(mark))["total"] == 0
    assert [(row["id"], row["count"], row["mentions"]) for row in api.walk("/entities")] == [
        (f"{mark}-city", count, count * PARAGRAPHS)
    ]
    return mark


def other(mark):
    """The mark of the other corpus."""
    return "beta" if mark == "alpha" else "alpha"
