"""TEI P5: a `TEI` element an article, all of them in one `teiCorpus`; names and dates are marked in the text."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from app.export.document import Report, Span, entities_url, escape_xml, join_paragraphs, nest_spans
from app.rendering import JsonObject

ELEMENTS: Final = {"person": "persName", "organization": "orgName", "place": "placeName", "date": "date"}
"""The elements for dates, and for names of a type; a name of any other type is a `name` with this `type`."""

START: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">\n'
    "<teiHeader><fileDesc><titleStmt><title>Annotated articles</title></titleStmt>"
    "<publicationStmt><p>Export of a selection of articles.</p></publicationStmt>"
    "<sourceDesc><p>The source of each article stands in its own header.</p></sourceDesc></fileDesc></teiHeader>\n"
)


def write_tei(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield a `teiCorpus`. Mentions that cross another one are left out, and counted as omitted.

    So is, without being counted, a date that crosses a mention or another date.
    """
    yield START.encode()
    for article in articles:
        report.articles += 1
        yield format_article(article, report).encode()
    yield b"</teiCorpus>\n"


def format_article(article: JsonObject, report: Report) -> str:
    """Return an article as a `TEI` element: its title heads one division, each heading a division within that."""
    title, *paragraphs = article["paragraphs"]
    entities = entities_url(article)
    divisions = [f"<div>\n<head>{mark_names(title, entities, report)}</head>"]
    for role, group in groupby(paragraphs, lambda paragraph: str(paragraph["role"])):
        if role == "list":
            items = "\n".join(f"<item>{mark_names(paragraph, entities, report)}</item>" for paragraph in group)
            divisions[-1] += f"\n<list>\n{items}\n</list>"
            continue
        for paragraph in group:
            content = mark_names(paragraph, entities, report)
            match role:
                case "heading":
                    divisions.append(f"<div>\n<head>{content}</head>")
                case "quote":
                    divisions[-1] += f"\n<quote>{content}</quote>"
                case "body":
                    divisions[-1] += f"\n<p>{content}</p>"
                case _:
                    divisions[-1] += f'\n<ab type="{role}">{content}</ab>'
    body = "\n".join([divisions[0], *(f"{division}\n</div>" for division in divisions[1:]), "</div>"])
    # An xml:id may not begin with a digit, as an article's id may.
    head = f'<TEI xml:id="article.{escape_xml(article["id"])}" xml:lang="{escape_xml(article["language"])}">'
    return f"{head}\n{format_header(article)}\n<text><body>\n{body}\n</body></text>\n</TEI>\n"


def mark_names(paragraph: JsonObject, entities: str, report: Report) -> str:
    """Return the text of a paragraph with an element for each mention, which refers to its entity, and each date."""
    document = join_paragraphs({"paragraphs": [paragraph]})
    nested, crossing = nest_spans(document.spans)
    report.mentions += len(nested)
    report.omitted["crossing"] += len(crossing)
    nested, _ = nest_spans([*nested, *find_dates(paragraph, nested)])
    pieces: list[str] = []
    unclosed: list[Span] = []
    last = 0

    def move_to(position: int) -> None:
        nonlocal last
        pieces.append(escape_xml(document.text[last:position]))
        last = position

    for span in nested:
        while unclosed and unclosed[-1].end <= span.start:
            move_to(unclosed[-1].end)
            pieces.append(end_tag(unclosed.pop()))
        move_to(span.start)
        pieces.append(start_tag(span, entities))
        unclosed.append(span)
    for span in reversed(unclosed):
        move_to(span.end)
        pieces.append(end_tag(span))
    move_to(len(document.text))
    return "".join(pieces)


def find_dates(paragraph: JsonObject, mentions: list[Span]) -> list[Span]:
    """Return the dates of a paragraph that cross none of these mentions."""
    # Paragraphs that an older program rendered have none.
    dates = [Span(date["start"], date["end"], {"type": "date", **date}) for date in paragraph.get("dates", ())]
    return [date for date in dates if not any(is_crossing(date, mention) for mention in mentions)]


def is_crossing(one: Span, other: Span) -> bool:
    """Tell whether two spans overlap and neither holds the other."""
    return one.start < other.start < one.end < other.end or other.start < one.start < other.end < one.end


def start_tag(span: Span, entities: str) -> str:
    """Return the tag that opens a mention or a date."""
    if span.type == "date":
        return date_tag(span.mention["value"])
    element = ELEMENTS.get(span.type)
    tag = element or f'name type="{escape_xml(span.type)}"'
    reference = f' ref="{escape_xml(entities + span.entity["id"])}"' if span.entity else ""
    confidence = span.mention["confidence"]
    certainty = "" if confidence is None else f' cert="{confidence}"'
    return f"<{tag}{reference}{certainty}>"


def date_tag(value: str) -> str:
    """Return the tag that opens a date; TEI has no attribute of its own for a decade or a century, such as `198X`."""
    first, _, last = value.partition("/")
    if last:
        return f'<date from="{first}" to="{last}">'
    return f'<date when{"-custom" if "X" in value else ""}="{value}">'


def end_tag(span: Span) -> str:
    """Return the tag that closes a mention or a date."""
    return f"</{ELEMENTS.get(span.type, 'name')}>"


def format_header(article: JsonObject) -> str:
    """Return the header of an article: its title, authors, source, date, rights and tags."""
    title = f"<title>{escape_xml(article['title'])}</title>"
    authors = "".join(f"<author>{escape_xml(author)}</author>" for author in article["authors"])
    day, source, url = article["published_at"], article["source"], article["source_url"]
    date = f'<date when="{escape_xml(day)}"/>' if day else ""
    rights = article["rights"]
    availability = f"<availability><p>{escape_xml(rights)}</p></availability>" if rights else ""
    publisher = f"<publisher>{escape_xml(source)}</publisher>" if source else ""
    link = f'<ref target="{escape_xml(url)}"/>' if url else ""
    terms = "".join(f"<term>{escape_xml(tag['name'])}</term>" for tag in article["tags"])
    keywords = f"<textClass><keywords>{terms}</keywords></textClass>" if terms else ""
    language, updated = escape_xml(article["language"]), article.get("updated_at")
    changes = f'<revisionDesc><change when="{escape_xml(updated)}"/></revisionDesc>' if updated else ""
    return (
        f"<teiHeader><fileDesc><titleStmt>{title}{authors}</titleStmt>"
        f"<publicationStmt><distributor>Annotated articles</distributor>{date}{availability}</publicationStmt>"
        f"<sourceDesc><bibl>{title}{authors}{publisher}{date}{link}</bibl></sourceDesc></fileDesc>"
        f'<profileDesc><langUsage><language ident="{language}"/></langUsage>{keywords}</profileDesc>'
        f"{changes}</teiHeader>"
    )
