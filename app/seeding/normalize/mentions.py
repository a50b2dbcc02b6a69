"""The mentions that a document gives, brought to the paragraphs as they are stored."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import groupby, islice
from typing import get_args
from unicodedata import normalize

from app.models import EntityType
from app.seeding.article import Identity, NewMention
from app.seeding.document import ArticleDocument, EntityDocument, MentionDocument
from app.seeding.limits import LONGEST_MENTION, MOST_OVERLAPPING, MOST_WARNINGS
from app.seeding.normalize.offsets import OffsetConverter
from app.seeding.normalize.paragraphs import RawParagraph
from app.seeding.normalize.raw import JsonPath, RawArticle, format_path, shortened
from app.text import CONTROL_CHARACTERS

TYPES: dict[str, EntityType] = {
    **{type_: type_ for type_ in get_args(EntityType)},
    "per": "person",
    "org": "organization",
    "organisation": "organization",
    "company": "organization",
    "loc": "place",
    "location": "place",
    "gpe": "place",
    "fac": "place",
    "facility": "place",
    "norp": "group",
    "evt": "event",
    "prod": "product",
    "work_of_art": "work",
    "misc": "other",
}
"""The types, and what others call them."""


def typed(word: str) -> tuple[EntityType, str | None]:
    """The type that a word means, and the word itself where it is not ours."""
    type_ = TYPES.get(word.strip().lower(), "other")
    return type_, None if word == type_ else normalize("NFC", word.strip())


def resolve_mentions(
    draft: RawArticle, document: ArticleDocument, pieces: Sequence[RawParagraph]
) -> tuple[NewMention, ...]:
    """All mentions in the order of the text; each one that can't be is a fault."""
    if not document.mentions:
        return ()
    spans = MentionLocator(document, pieces)
    mentions = []
    for number, given in enumerate(document.mentions):
        place: JsonPath = ("mentions", number)
        try:
            refuse_control(given)
            position, start, end, change = spans.of(given)
            type_, label = the_type(given)
        except ValueError as error:
            draft.fault(f"`{format_path(place)}` {error}.", *place)
            continue
        if change:
            draft.warn(f"`{format_path(place)}` {change}.", *place)
        identity = the_identity(given.entity) if isinstance(given.entity, EntityDocument) else given.entity
        label = given.label or label
        mentions.append(NewMention(position, start, end, identity, type_, label, given.confidence))
    mentions.sort(key=lambda mention: (mention.paragraph, mention.start, -mention.end))
    if crowded := find_crowd(mentions):
        message = f"More than {MOST_OVERLAPPING} mentions share one place of the text; expected fewer."
        draft.fault(message, *pieces[crowded.paragraph].place)
        return ()
    crossed = list(islice(crossing(mentions), MOST_WARNINGS + 1))
    if len(crossed) > MOST_WARNINGS:
        draft.warn(f"More than {MOST_WARNINGS} mentions overlap so that neither lies within the other; all are kept.")
    for one, other in crossed[:MOST_WARNINGS]:
        text = pieces[one.paragraph].stored.text
        words = (shortened(text[mention.start : mention.end]) for mention in (one, other))
        draft.warn(
            f"The mentions '{next(words)}' and '{next(words)}' overlap, and neither "
            "lies within the other; both are kept.",
            *pieces[one.paragraph].place,
        )
    return tuple(mentions)


class MentionLocator:
    """Finds the stored spans of an article's mentions."""

    def __init__(self, document: ArticleDocument, pieces: Sequence[RawParagraph]) -> None:
        self.unit = document.offset_unit
        numbered = [(position, piece) for position, piece in enumerate(pieces) if piece.index is not None]
        self.positions = {piece.index: position for position, piece in numbered}
        self.pieces = pieces
        self.rulers: dict[int | None, OffsetConverter] = {}
        self.text = document.text
        self.count = len(document.paragraphs) if document.paragraphs is not None else len(self.positions)
        self.begins = [piece.start for _, piece in numbered]
        """Where each piece begins in the text; asked for only where there is one."""
        self.first = numbered[0][0] if numbered else 0

    def of(self, given: MentionDocument) -> tuple[int, int, int, str | None]:
        """The position, start and end of a mention, and what had to change about it.

        Raises ValueError with what is wrong, as the end of a sentence.
        """
        if given.end - given.start > 4 * LONGEST_MENTION:  # In UTF-8, a character takes four at most.
            raise ValueError(f"has a length of {given.end - given.start:,}; expected at most {LONGEST_MENTION:,}")
        if given.start >= given.end:
            raise ValueError(f"starts at {given.start} and ends at {given.end}; expected an end after its start")
        position, start, end = self.placed(given)
        piece = self.pieces[position]
        marked = piece.given[start:end]
        if given.exact is not None and normalize("NFC", given.exact) != normalize("NFC", marked):
            raise ValueError(f"marks '{marked[:60]}', but its `exact` is '{given.exact[:60]}'")
        begin, finish, change = piece.stored.span(start, end)
        if begin == finish:
            raise ValueError("marks nothing but white space around its paragraph")
        return position, begin, finish, change

    def placed(self, given: MentionDocument) -> tuple[int, int, int]:
        """The position of the mention's paragraph, and its offsets into the piece, in code points."""
        if given.paragraph is None:
            if self.text is None:
                raise ValueError("has no `paragraph`; expected one, as the text is given in `paragraphs`")
            start, end = self.ruled(None, self.text, given)
            place = max(bisect_right(self.begins, start) - 1, 0)
            piece = self.pieces[self.first + place] if self.begins else None
            if piece is None or (place + 1 < len(self.begins) and end > self.begins[place + 1]):
                raise ValueError("crosses two paragraphs; expected its start and end in the same")
            return self.first + place, max(start - piece.start, 0), max(end - piece.start, 0)
        if given.paragraph >= self.count:
            raise ValueError(f"is in paragraph {given.paragraph}, but there are only {self.count}, counted from 0")
        if given.paragraph not in self.positions:
            raise ValueError(f"is in paragraph {given.paragraph}, which has no text")
        position = self.positions[given.paragraph]
        return position, *self.ruled(given.paragraph, self.pieces[position].given, given)

    def ruled(self, index: int | None, text: str, given: MentionDocument) -> tuple[int, int]:
        """The mention's offsets in code points."""
        ruler = self.rulers.get(index)
        if ruler is None:
            ruler = self.rulers[index] = OffsetConverter(text, self.unit)
        return ruler.codepoint(given.start), ruler.codepoint(given.end)


def refuse_control(given: MentionDocument) -> None:
    """Raise ValueError where what is stored of a mention's words is not text."""
    name = given.entity.name if isinstance(given.entity, EntityDocument) else None
    for key, words in (("type", given.type), ("label", given.label), ("name", name)):
        if control := CONTROL_CHARACTERS.search(words or ""):
            raise ValueError(f"has a control character, U+{ord(control[0]):04X}, in `{key}`; expected text")


def the_type(given: MentionDocument) -> tuple[EntityType, str | None]:
    """The mention's own type, or that of the identity it brings, or what its label means."""
    brought = given.entity.type if isinstance(given.entity, EntityDocument) else None
    if word := given.type or brought or given.label:
        return typed(word)
    raise ValueError(f"has no `type`; expected one of {', '.join(get_args(EntityType))}")


def the_identity(given: EntityDocument) -> Identity:
    """An identity as it is stored."""
    return Identity(normalize("NFC", given.name), typed(given.type)[0], given.wikidata)


def find_crowd(mentions: Iterable[NewMention]) -> NewMention | None:
    """Return the first of sorted mentions that shares its place with more others than may be."""
    paragraph, ends = -1, list[int]()
    for mention in mentions:
        if mention.paragraph != paragraph:
            paragraph, ends = mention.paragraph, []
        while ends and ends[0] <= mention.start:
            heappop(ends)
        heappush(ends, mention.end)
        if len(ends) > MOST_OVERLAPPING:
            return mention
    return None


def crossing(mentions: Iterable[NewMention]) -> Iterator[tuple[NewMention, NewMention]]:
    """The pairs of sorted mentions that overlap without lying one in the other."""
    for _, together in groupby(mentions, key=lambda mention: mention.paragraph):
        open_: list[NewMention] = []
        for mention in together:
            open_ = [earlier for earlier in open_ if earlier.end > mention.start]
            yield from ((earlier, mention) for earlier in open_ if earlier.end < mention.end)
            open_.append(mention)
