"""Readers of exported texts: each gives the mentions back, at offsets of the article's plain text.

`READERS` is by suffix: from the bytes and the articles to [(article id, start, end, type, entity id)]. A reader of a
format that holds no entity gives None for it.
"""

import io
import json
import re
import zipfile
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from app.export.document import SEPARATOR, replace_invalid_xml

TEI = "{http://www.tei-c.org/ns/1.0}"
TEI_TYPES = {f"{TEI}persName": "person", f"{TEI}orgName": "organization", f"{TEI}placeName": "place"}
SPACES = {"s": " ", "t": "\t", "n": "\n", "r": "\r", "p": "|", "\\": "\\"}
CONLL_TYPES = {"PER": "person", "ORG": "organization", "LOC": "place"}


def plain_text(article):
    return SEPARATOR.join(paragraph["text"] for paragraph in article["paragraphs"])


def paragraph_starts(article):
    position = 0
    for paragraph in article["paragraphs"]:
        yield position, paragraph["text"]
        position += len(paragraph["text"]) + len(SEPARATOR)


def read_web_annotations(data, articles):
    texts = {article["id"]: plain_text(article) for article in articles}
    mentions = []
    collection = json.loads(data)
    assert collection["total"] == len(collection["first"]["items"])
    for annotation in collection["first"]["items"]:
        id = annotation["target"]["source"].rpartition("/")[2].removesuffix(".txt")
        position, quote = annotation["target"]["selector"]
        start, end, text = position["start"], position["end"], texts[id]
        assert quote["exact"] == text[start:end]
        assert text[:start].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])
        bodies = {body["purpose"]: body for body in annotation["body"]}
        entity = bodies["identifying"]["source"].rpartition("/")[2] if "identifying" in bodies else None
        mentions.append((id, start, end, bodies["classifying"]["value"], entity))
    return mentions


def read_brat(data, articles):
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert "[entities]" in archive.read("annotation.conf").decode()
    mentions = []
    for article in articles:
        text = archive.read(f"{article['id']}.txt").decode()
        assert text == plain_text(article)
        lines = archive.read(f"{article['id']}.ann").decode().split("\n")
        notes = dict(re.match(r"#\d+\tAnnotatorNotes (T\d+)\t(.*)", line).groups() for line in lines if line[:1] == "#")
        for line in lines:
            if not line.startswith("T"):
                continue
            name, place, words = line.split("\t", 2)
            type, _, offsets = place.partition(" ")
            pieces = [tuple(map(int, piece.split())) for piece in offsets.split(";")]
            assert words == " ".join(text[start:end] for start, end in pieces)
            assert "\n" not in words
            mentions.append((article["id"], pieces[0][0], pieces[-1][1], type, notes.get(name)))
    return mentions


def read_doccano(data, articles):
    lines = list(map(json.loads, data.decode().splitlines()))
    assert [line["text"] for line in lines] == list(map(plain_text, articles))
    return [
        (line["article"], *label, entity)
        for line in lines
        for label, entity in zip(line["label"], line["entities"], strict=True)
    ]


def read_label_studio(data, articles):
    mentions = []
    for task, article in zip(json.loads(data), articles, strict=True):
        text = task["data"]["text"]
        assert text == plain_text(article)
        units = text.encode("utf-16-le")
        for region in task["annotations"][0]["result"]:
            value = region["value"]
            start, end = 2 * value["start"], 2 * value["end"]
            assert units[start:end].decode("utf-16-le") == value["text"]
            before, inside = (len(part.decode("utf-16-le")) for part in (units[:start], units[start:end]))
            entity = region.get("meta", {"text": [None]})["text"][0]
            mentions.append((article["id"], before, before + inside, value["labels"][0], entity))
    return mentions


def read_tei(data, articles):
    root = ET.fromstring(data)
    mentions = []
    for element, article in zip(root.findall(f"{TEI}TEI"), articles, strict=True):
        blocks = [
            block
            for block in element.find(f"{TEI}text").iter()
            if block.tag.removeprefix(TEI)
            in (
                "head",
                "p",
                "quote",
                "item",
                "ab",
            )
        ]
        for block, (start, text) in zip(blocks, paragraph_starts(article), strict=True):
            spans = []
            assert read_names(block, 0, spans) == replace_invalid_xml(text)
            mentions += [(article["id"], start + first, start + end, *rest) for first, end, *rest in spans]
    return mentions


def read_names(element, position, spans):
    """Return the text of an element, and add the names within it to the spans."""
    text = element.text or ""
    for child in element:
        start = position + len(text)
        inner = read_names(child, start, spans)
        reference = child.get("ref")
        type = TEI_TYPES.get(child.tag) or child.get("type")
        entity = reference.rpartition("/")[2] if reference else None
        if child.tag != f"{TEI}date":
            spans.append((start, start + len(inner), type, entity))
        text += inner + (child.tail or "")
    return text


def read_conll(data, articles):
    assert data.endswith(b"\n") or not articles
    blocks = data.decode().split("-DOCSTART- -X- -X- O\n")[1:]
    mentions = []
    for block, article in zip(blocks, articles, strict=True):
        lines = [line.split(" ") for line in block.split("\n") if line]
        tokens = iter([(token, tag) for token, _, _, tag in lines])
        for start, text in paragraph_starts(article):
            position, unfinished = 0, None
            while text[position:].strip():
                token, tag = next(tokens)
                position = text.index(token, position)
                if tag.startswith("I-"):
                    unfinished[2] = start + position + len(token)
                else:
                    if unfinished:
                        mentions.append(tuple(unfinished))
                    unfinished = None
                if tag.startswith("B-"):
                    type = CONLL_TYPES.get(tag[2:], tag[2:].lower())
                    unfinished = [article["id"], start + position, start + position + len(token), type, None]
                position += len(token)
            if unfinished:
                mentions.append(tuple(unfinished))
        assert next(tokens, None) is None
    return mentions


def read_conllu(data, articles):
    import conllu

    mentions = []
    text_of = {
        f"{article['id']}-{position}": (article["id"], start, text)
        for article in articles
        for position, (start, text) in enumerate(paragraph_starts(article))
    }
    for sentence in conllu.parse(data.decode()):
        id, offset, text = text_of.pop(sentence.metadata["sent_id"])
        assert sentence.metadata["text"] == " ".join(text.split())
        unfinished = []
        rebuilt = text[: int(sentence[0]["misc"]["TokenRange"].split(":")[0])]
        for token in sentence:
            start, end = map(int, token["misc"]["TokenRange"].split(":"))
            assert text[start:end] == token["form"]
            spaces = token["misc"].get("SpacesAfter", r"\s")
            after = re.sub(r"\\(.)", lambda match: SPACES[match[1]], spaces)
            rebuilt += token["form"] + ("" if token["misc"].get("SpaceAfter") == "No" else after)
            brackets = re.findall(r"\((e\d+)-([a-z]+)-([^()]*)|(e\d+)?\)", token["misc"].get("Entity", ""))
            for opened, type, identity, closed in brackets:
                if opened:
                    unfinished.append((opened, start, type, unquote(identity) or None))
                    continue
                last = max(number for number, (eid, *_) in enumerate(unfinished) if not closed or eid == closed)
                _, first, *rest = unfinished.pop(last)
                mentions.append((id, offset + first, offset + end, *rest))
        assert not unfinished
        assert rebuilt.rstrip() == text.rstrip()
    assert not any(text.strip() for _, _, text in text_of.values())
    return mentions


def read_docbins(data, articles):
    import spacy
    from spacy.tokens import DocBin

    archive = zipfile.ZipFile(io.BytesIO(data))
    vocab = spacy.blank("xx").vocab
    docs = [doc for name in archive.namelist() for doc in DocBin().from_bytes(archive.read(name)).get_docs(vocab)]
    assert [doc.text for doc in docs] == list(map(plain_text, articles))
    return [
        (doc.user_data["article"], span.start_char, span.end_char, span.label_, span.kb_id_ or None)
        for doc in docs
        for span in doc.spans["mentions"]
    ]


def read_xmi(data, articles):
    import cassis

    archive = zipfile.ZipFile(io.BytesIO(data))
    types = cassis.load_typesystem(io.BytesIO(archive.read("TypeSystem.xml")))
    mentions = []
    for article in articles:
        cas = cassis.load_cas_from_xmi(io.BytesIO(archive.read(f"{article['id']}.xmi")), types)
        assert cas.sofa_string == replace_invalid_xml(plain_text(article))
        mentions += [
            (article["id"], mention.begin, mention.end, mention.value, mention.identifier)
            for mention in cas.select("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity")
        ]
    return mentions


READERS = {
    "annotations.jsonld": read_web_annotations,
    "brat.zip": read_brat,
    "doccano.jsonl": read_doccano,
    "labelstudio.json": read_label_studio,
    "tei.xml": read_tei,
    "conll": read_conll,
    "conllu": read_conllu,
    "spacy.zip": read_docbins,
    "xmi.zip": read_xmi,
}
WITHOUT_ENTITIES = {"conll"}
LOSSLESS = {"annotations.jsonld", "brat.zip", "doccano.jsonl", "labelstudio.json", "xmi.zip"}
