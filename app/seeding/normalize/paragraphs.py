"""Paragraphs: put title, caption, credit and text of a document in order, each under its heading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.models import Role
from app.seeding.article import NewParagraph
from app.seeding.document import ArticleDocument
from app.seeding.limits import LONGEST_TITLE, MOST_PARAGRAPHS
from app.seeding.normalize.characters import find_control, is_invisible, repair_controls
from app.seeding.normalize.html_text import is_html, read_html, strip_html
from app.seeding.normalize.offsets import NormalizedText, OffsetConverter
from app.seeding.normalize.raw import JsonPath, RawArticle
from app.seeding.normalize.titles import make_title

LINE_ENDS = re.compile(r"(?>\r\n|\r|\n)\s*")
JOINED_LINES = {ord("\r"): " ", ord("\n"): " "}
"""Line ends within a paragraph are spaces, each of their characters one, so that offsets stay the same."""
BLANK_LINES = re.compile(r"(?>\r\n|\r|\n)[^\S\r\n]*(?>\r\n|\r|\n)\s*")


@dataclass
class RawParagraph:
    """A paragraph as its author wrote it, and as it will be stored."""

    role: Role
    original: str
    """The author's text, into which the offsets of mentions point."""
    path: JsonPath
    """Its path in the document."""
    index: int | None = None
    """Its number among the document's own paragraphs, by which mentions name it; None for title, caption, credit."""
    start: int = 0
    """Where it begins in the document's `text`, in code points."""
    stored: NormalizedText = field(init=False)

    def __post_init__(self) -> None:
        self.stored = NormalizedText(repair_controls(self.original))


def build_paragraphs(raw: RawArticle, document: ArticleDocument) -> list[RawParagraph]:
    """Return all paragraphs that hold text, the title first; an empty list, with a fault, without a title."""
    own = list(read_paragraphs(raw, document))
    title = choose_title(raw, document, own)
    if title is None:
        raw.add_fault("There is no title: expected `title`, or a first paragraph with the role `title`.")
        return []
    captions: list[tuple[Role, str | None]] = [("caption", document.caption), ("credit", document.credit)]
    between = [RawParagraph(role, text, (role,)) for role, text in captions if text is not None]
    paragraphs = [paragraph for paragraph in (title, *between, *own) if has_text(raw, paragraph)]
    for paragraph in paragraphs:
        if paragraph.role in {"title", "heading"} and len(paragraph.stored.text) > LONGEST_TITLE:
            length = f"{len(paragraph.stored.text):,} characters; expected at most {LONGEST_TITLE:,}"
            raw.add_fault(f"The {paragraph.role} has {length}.", *paragraph.path)
    if len(paragraphs) > MOST_PARAGRAPHS:
        raw.add_fault(f"There are {len(paragraphs):,} paragraphs; expected at most {MOST_PARAGRAPHS:,}.")
    if len(paragraphs) == 1:
        raw.add_warning("There is a title, but no text under it.")
    return paragraphs


def choose_title(raw: RawArticle, document: ArticleDocument, own: list[RawParagraph]) -> RawParagraph | None:
    """Return the title, and remove it from the document's own paragraphs.

    Without one, the file's name gives it, with a warning, unless there is no text or the file has many articles.
    """
    title = own.pop(0) if own and own[0].role == "title" else None
    for paragraph in own:
        if paragraph.role == "title":
            raw.add_fault("Only the first paragraph may have the role `title`.", *paragraph.path)
    if document.title and not is_invisible(document.title):
        key = RawParagraph("title", strip_html(document.title), ("title",))
        if title and title.stored.text != key.stored.text:
            raw.add_fault(
                f"`title` is '{key.stored.text[:60]}', but the paragraph with that role is "
                f"'{title.stored.text[:60]}'; expected the same, or only one of them.",
                "title",
            )
        return title or key
    if title is None and own and raw.name and (words := make_title(raw.name)):
        raw.add_warning(f"There is no title; '{words}' was made from the file's name.")
        return RawParagraph("title", words, ())
    return title


def has_text(raw: RawArticle, paragraph: RawParagraph) -> bool:
    """Tell whether a paragraph holds text; report one that does not, and control characters."""
    if control := find_control(paragraph.original):
        what = f"There is a control character, U+{ord(control[0]):04X}, at offset {control.start()}"
        raw.add_fault(f"{what}; expected text.", *paragraph.path)
    if has_nothing := is_invisible(paragraph.stored.text):
        raw.add_warning("A paragraph without text was left out.", *paragraph.path)
    return not has_nothing


def read_paragraphs(raw: RawArticle, document: ArticleDocument) -> Iterator[RawParagraph]:
    """Yield the paragraphs of a document's `paragraphs` or `text`."""
    if (document.paragraphs is None) == (document.text is None):
        both = "both `paragraphs` and `text`" if document.text is not None else "no text"
        raw.add_fault(f"There is {both}: expected either `paragraphs` or `text`.")
    elif document.paragraphs is not None:
        for index, paragraph in enumerate(document.paragraphs):
            yield RawParagraph(paragraph.role, paragraph.text, ("paragraphs", index), index)
    elif is_html(document.text or "") and not document.mentions:
        for index, (role, text, _) in enumerate(read_html(document.text or "")):
            yield RawParagraph(role, text, ("text",), index)
    else:
        if is_html(document.text or ""):
            message = "`text` holds HTML, which was kept as it stands, because the mentions have offsets into it."
            raw.add_warning(message, "text")
        yield from split_text(document)


def split_text(document: ArticleDocument) -> Iterator[RawParagraph]:
    """Yield the paragraphs of a text as in a file of plain text: between blank lines, or else each line is one.

    Where a mention goes over a line end, lines are no paragraphs.
    """
    text = document.text or ""
    has_paragraphs = BLANK_LINES.search(text.strip()) or has_mention_across_lines(document)
    separator = BLANK_LINES if has_paragraphs else LINE_ENDS
    gaps = [(0, 0), *(gap.span() for gap in separator.finditer(text)), (len(text), len(text))]
    spans = [(before[1], after[0]) for before, after in pairwise(gaps)]
    filled = (span for span in spans if text[slice(*span)].strip())
    for index, (start, end) in enumerate(filled):
        yield RawParagraph("body", text[start:end].translate(JOINED_LINES), ("text",), index, start)


def has_mention_across_lines(document: ArticleDocument) -> bool:
    """Tell whether a mention goes over a line end of a document's text."""
    if not document.mentions or document.text is None:
        return False
    converter = OffsetConverter(document.text, document.offset_unit)
    for mention in document.mentions:
        try:
            start, end = converter.to_code_points(mention.start), converter.to_code_points(mention.end)
        except ValueError:
            continue  # It is reported where mentions are located.
        if mention.paragraph is None and LINE_ENDS.search(document.text[start:end].strip()):
            return True
    return False


def number_paragraphs(raw: RawArticle, raw_paragraphs: Sequence[RawParagraph]) -> tuple[NewParagraph, ...]:
    """Return the paragraphs in their order, each with its line and the heading that it stands under."""
    section: str | None = None
    paragraphs = []
    for paragraph in raw_paragraphs:
        is_heading = paragraph.role == "heading"
        line = raw.line_of(*paragraph.path)
        paragraphs.append(NewParagraph(paragraph.role, paragraph.stored.text, None if is_heading else section, line))
        if is_heading:
            section = paragraph.stored.text
    return tuple(paragraphs)
