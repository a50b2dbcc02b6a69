"""Web Annotations are what a JSON-LD processor takes for annotations of the vocabulary of W3C."""

import json

from pyld import jsonld

from app.export.document import Report
from app.export.formats import TEXT_FORMATS
from tests.support.exported_articles import make_article

OA, AS = "http://www.w3.org/ns/oa#", "https://www.w3.org/ns/activitystreams#"
LINK = {"@type": "@id"}
CONTEXT = {
    "oa": OA,
    "as": AS,
    "id": "@id",
    "type": "@type",
    "Annotation": "oa:Annotation",
    "Software": "as:Application",
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    "first": {"@id": "as:first", **LINK},
    "items": {"@id": "as:items", **LINK, "@container": "@list"},
    "startIndex": "as:startIndex",
    "total": "as:totalItems",
    "generator": {"@id": "as:generator", **LINK},
    "name": "http://xmlns.com/foaf/0.1/name",
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "body": {"@id": "oa:hasBody", **LINK},
    "target": {"@id": "oa:hasTarget", **LINK},
    "source": {"@id": "oa:hasSource", **LINK},
    "selector": {"@id": "oa:hasSelector", **LINK},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "TextualBody": "oa:TextualBody",
    "SpecificResource": "oa:SpecificResource",
    "exact": "oa:exact",
    "TextPositionSelector": "oa:TextPositionSelector",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "start": "oa:start",
    "end": "oa:end",
    "identifying": "oa:identifying",
    "classifying": "oa:classifying",
    "tagging": "oa:tagging",
}
"""The terms of the context that the collection names, as far as it uses them; a term that is missing here is lost."""


def load(url, _options):
    assert url == "http://www.w3.org/ns/anno.jsonld"
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": {
            "@context": CONTEXT,
        },
    }


def expand(articles):
    data = b"".join(TEXT_FORMATS["annotations.jsonld"].write(iter(articles), Report()))
    options = {"documentLoader": load, "base": "https://example.org/a.annotations.jsonld"}
    return jsonld.expand(json.loads(data), options)


def test_annotations_identify_entities_at_a_place_of_a_plain_text():
    text = "Ann Lee 😀 spoke in Minsk."
    article = make_article("a", [("title", "Talks", []), ("body", text, [(19, 24, "place", "minsk")])])
    [collection] = expand([article])
    [annotation] = collection[f"{AS}first"][0][f"{AS}items"][0]["@list"]
    [target] = annotation[f"{OA}hasTarget"]
    position, quote = target[f"{OA}hasSelector"]

    assert collection[f"{AS}totalItems"] == [{"@value": 1}]
    assert annotation["@type"] == [f"{OA}Annotation"]
    assert annotation[f"{OA}motivatedBy"] == [{"@id": f"{OA}identifying"}]
    assert {"@id": "https://example.org/entities/minsk"} in [
        source for body in annotation[f"{OA}hasBody"] for source in body.get(f"{OA}hasSource", [])
    ]
    assert target[f"{OA}hasSource"] == [{"@id": "https://example.org/articles/a.txt"}]
    assert [position[f"{OA}{name}"][0]["@value"] for name in ("start", "end")] == [26, 31]
    assert quote[f"{OA}exact"] == [{"@value": "Minsk"}]


def test_no_annotation_is_an_empty_collection():
    [collection] = expand([])

    assert collection[f"{AS}totalItems"] == [{"@value": 0}]
