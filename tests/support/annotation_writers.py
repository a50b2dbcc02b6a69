"""Write a text and the spans in it in the formats of annotation tools.

A span is start, end (code points), label, and an entity's name or None.
"""

import itertools
import json
import re
from urllib.parse import quote
from xml.sax.saxutils import escape

import cassis

from app.export.texts.xmi import NAMED_ENTITY, make_type_system

WIDTHS = {
    "codepoint": len,
    "utf16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "utf8": lambda text: len(text.encode()),
}


def convert(text, offset, unit):
    """Return an offset in code points in a unit."""
    return WIDTHS[unit](text[:offset])


def write_brat(folder, name, text, spans, unit="codepoint"):
    lines = []
    for number, (start, end, label, entity) in enumerate(spans, start=1):
        words = text[start:end].replace("\n", " ")
        offsets = f"{convert(text, start, unit)} {convert(text, end, unit)}"
        lines.append(f"T{number}\t{label} {offsets}\t{words}")
        if entity:
            lines.append(f"N{number}\tReference T{number} Wikipedia:{number}\t{entity}")
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def write_web_annotation(folder, name, text, spans, unit="codepoint"):
    annotations = []
    for number, (start, end, label, entity) in enumerate(spans):
        bodies = [{"type": "TextualBody", "purpose": "tagging", "value": label}]
        if entity:
            page = f"https://en.wikipedia.org/wiki/{quote(entity, safe='')}"
            bodies.append({"purpose": "identifying", "source": page})
        position = {"start": convert(text, start, unit), "end": convert(text, end, unit)}
        selectors = [
            {"type": "TextQuoteSelector", "exact": text[start:end]},
            {"type": "TextPositionSelector", **position},
        ]
        annotations.append(
            {"id": f"#{number}", "type": "Annotation", "body": bodies, "target": {"selector": selectors}}
        )
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.jsonld").write_text(json.dumps({"type": "AnnotationPage", "items": annotations}))


def write_naf(folder, name, text, spans, unit="codepoint"):
    """Write every word as a word form, with a term, and each span as an entity of its terms."""
    words = [(match.start(), match.end()) for match in re.finditer(r"\S+", text)]
    forms, terms, entities = [], [], []
    for number, (start, end) in enumerate(words):
        place = f'offset="{convert(text, start, unit)}" length="{WIDTHS[unit](text[start:end])}"'
        forms.append(f'<wf id="w{number}" {place}>{escape(text[start:end])}</wf>')
        terms.append(f'<term id="t{number}"><span><target id="w{number}"/></span></term>')
    for start, end, label, _ in spans:
        inside = [number for number, word in enumerate(words) if start <= word[0] and word[1] <= end]
        targets = "".join(f'<target id="t{number}"/>' for number in inside)
        entities.append(f'<entity type="{label}"><references><span>{targets}</span></references></entity>')
    layers = f"<text>{''.join(forms)}</text><terms>{''.join(terms)}</terms><entities>{''.join(entities)}</entities>"
    content = f'<NAF xml:lang="en" version="v3"><raw>{escape(text)}</raw>{layers}</NAF>'
    (folder / f"{name}.naf").write_text(content, encoding="utf-8")


def write_xmi(folder, name, text, spans):
    """Write the CAS that the library for UIMA makes, which counts in UTF-16."""
    types = make_type_system()
    cas = cassis.Cas(types, sofa_string=text, document_language="en")
    cas.sofa_mime = "text/plain"
    for start, end, label, _ in spans:
        cas.add(types.get_type(NAMED_ENTITY)(begin=start, end=end, value=label))
    (folder / f"{name}.xmi").write_text(cas.to_xmi(), encoding="utf-8")


def to_doccano(name, text, spans):
    return {"id": name, "text": text, "label": [[start, end, label] for start, end, label, _ in spans]}


def to_label_studio(name, text, spans, unit="utf16"):
    results = []
    for start, end, label, _ in spans:
        value = {"start": convert(text, start, unit), "end": convert(text, end, unit), "text": text[start:end]}
        results.append({"type": "labels", "value": {**value, "labels": [label]}})
    return {"id": name, "data": {"text": text}, "annotations": [{"result": results}]}


def write_tei(folder, name, text, spans):
    """Write every paragraph as an element, with each name as an element; names must not cross one another."""
    tags = {}
    for start, end, label, entity in spans:
        ref = f' ref="https://en.wikipedia.org/wiki/{quote(entity, safe="")}"' if entity else ""
        # Of two names with one border, the longer one stands outside.
        tags.setdefault((start, 1, -end), []).append(f'<rs type="{label}"{ref}>')
        tags.setdefault((end, 0, -start), []).append("</rs>")
    pieces, last = [], 0
    for (offset, *_), marks in sorted(tags.items()):
        pieces += [escape(text[last:offset]), *marks]
        last = offset
    paragraphs = "".join([*pieces, escape(text[last:])]).replace("\n\n", "</p>\n<p>")
    header = f"<teiHeader><fileDesc><titleStmt><title>{name}</title></titleStmt></fileDesc></teiHeader>"
    body = f"<text><body><p>{paragraphs}</p></body></text>"
    content = f'<TEI xmlns="http://www.tei-c.org/ns/1.0">{header}{body}</TEI>'
    (folder / f"{name}.xml").write_text(content, encoding="utf-8")


def write_conllu(folder, name, text, spans):
    """Write every paragraph as one sentence, with nested entities as brackets."""
    lines = ["# global.Entity = eid-etype-identity", f"# newdoc id = {name}"]
    borders = {border for start, end, *_ in spans for border in (start, end)}
    for paragraph in re.finditer(r"(?:(?!\n\n).)+", text, re.DOTALL):
        lines.append("# newpar")
        cuts = sorted(
            {offset for offset in borders if paragraph.start() < offset < paragraph.end()} | {*paragraph.span()}
        )
        pieces = [
            match for cut in itertools.pairwise(cuts) for match in re.compile(r"\w+|[^\w\s]").finditer(text, *cut)
        ]
        for number, token in enumerate(pieces, start=1):
            brackets = [
                mark_entity(key, label, entity, start == token.start(), end == token.end())
                for key, (start, end, label, entity) in enumerate(spans)
                if start == token.start() or end == token.end()
            ]
            followed = text[token.end() : token.end() + 1]
            misc = ["SpaceAfter=No"] if followed and not followed.isspace() else []
            misc += [f"Entity={''.join(brackets)}"] if brackets else []
            lines.append("\t".join([str(number), token[0], *["_"] * 7, "|".join(misc) or "_"]))
        lines.append("")
    (folder / f"{name}.conllu").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def mark_entity(key, label, entity, is_first, is_last):
    """Return the bracket of an entity at its first or last word, or at both."""
    if not is_first:
        return f"e{key})"
    identity = quote(entity or "", safe="").replace("-", "%2D")
    return f"(e{key}-{label}-{identity}" + (")" if is_last else "")
