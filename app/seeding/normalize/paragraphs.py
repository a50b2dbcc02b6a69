"""The paragraphs of a document in their order: title, caption, credit, then as given; and the headings over them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.models import Role
from app.seeding.article import NewParagraph
from app.seeding.document import ArticleDocument
from app.seeding.limits import LONGEST_TITLE, MOST_PARAGRAPHS
from app.seeding.normalize.offsets import NormalizedText
from app.seeding.normalize.raw import JsonPath, RawArticle
from app.text import CONTROL_CHARACTERS

BLANK_LINES = re.compile(r"(?>\r\n|\r|\n)[^\S\r\n]*(?>\r\n|\r|\n)\s*")


@dataclass
class RawParagraph:
    """A paragraph before it is numbered."""

    role: Role
    given: str
    place: JsonPath
    """Where it stands in the document."""
    index: int | None = None
    """Its number among the given paragraphs, which mentions refer to."""
    start: int = 0
    """Where it begins in the document's `text`."""
    stored: NormalizedText = field(init=False)

    def __post_init__(self) -> None:
        self.stored = NormalizedText(self.given)


def build_paragraphs(draft: RawArticle, document: ArticleDocument) -> list[RawParagraph]:
    """All pieces that have a text; the first is the title."""
    given = list(given_pieces(draft, document))
    title = given.pop(0) if given and given[0].role == "title" else None
    for piece in given:
        if piece.role == "title":
            draft.fault("Only the first paragraph may have the role `title`.", *piece.place)
    if document.title and document.title.strip():
        top = RawParagraph("title", document.title, ("title",))
        if title and title.stored.text != top.stored.text:
            draft.fault(
                f"`title` is '{top.stored.text[:60]}', but the paragraph with that role is "
                f"'{title.stored.text[:60]}'; expected the same, or only one of them.",
                "title",
            )
        title = title or top
    if title is None:
        draft.fault("There is no title: expected `title`, or a first paragraph with the role `title`.")
        return []
    named: list[tuple[Role, str | None]] = [("caption", document.caption), ("credit", document.credit)]
    between = [RawParagraph(role, words, (role,)) for role, words in named if words is not None]
    pieces = [piece for piece in (title, *between, *given) if has_text(draft, piece)]
    for piece in pieces:
        if piece.role in {"title", "heading"} and len(piece.stored.text) > LONGEST_TITLE:
            length = f"{len(piece.stored.text):,} characters; expected at most {LONGEST_TITLE:,}"
            draft.fault(f"The {piece.role} has {length}.", *piece.place)
    if len(pieces) > MOST_PARAGRAPHS:
        draft.fault(f"There are {len(pieces):,} paragraphs; expected at most {MOST_PARAGRAPHS:,}.")
    if len(pieces) == 1:
        draft.warn("There is a title, but no text under it.")
    return pieces


def has_text(draft: RawArticle, piece: RawParagraph) -> bool:
    """Whether there is something to store, and nothing in it that is no text."""
    if control := CONTROL_CHARACTERS.search(piece.given):
        what = f"There is a control character, U+{ord(control[0]):04X}, at offset {control.start()}"
        draft.fault(f"{what}; expected text.", *piece.place)
    if not piece.stored.text:
        draft.warn("A paragraph without text was left out.", *piece.place)
    return bool(piece.stored.text)


def given_pieces(draft: RawArticle, document: ArticleDocument) -> Iterator[RawParagraph]:
    """What `paragraphs` or `text` hold."""
    if (document.paragraphs is None) == (document.text is None):
        both = "both `paragraphs` and `text`" if document.text is not None else "no text"
        draft.fault(f"There is {both}: expected either `paragraphs` or `text`.")
    elif document.paragraphs is not None:
        for index, paragraph in enumerate(document.paragraphs):
            yield RawParagraph(paragraph.role, paragraph.text, ("paragraphs", index), index)
    else:
        yield from separated(document.text or "")


def separated(text: str) -> Iterator[RawParagraph]:
    """What stands between the blank lines of a text."""
    gaps = [(0, 0), *(gap.span() for gap in BLANK_LINES.finditer(text)), (len(text), len(text))]
    spans = [(before[1], after[0]) for before, after in pairwise(gaps)]
    filled = (span for span in spans if text[slice(*span)].strip())
    for index, (start, end) in enumerate(filled):
        yield RawParagraph("body", text[start:end], ("text",), index, start)


def number_paragraphs(draft: RawArticle, pieces: Sequence[RawParagraph]) -> tuple[NewParagraph, ...]:
    """The pieces as paragraphs, each under its heading."""
    section: str | None = None
    paragraphs = []
    for piece in pieces:
        heading = piece.role == "heading"
        line = draft.line_of(*piece.place)
        paragraphs.append(NewParagraph(piece.role, piece.stored.text, None if heading else section, line))
        if heading:
            section = piece.stored.text
    return tuple(paragraphs)
