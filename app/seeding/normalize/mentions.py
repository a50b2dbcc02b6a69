"""Mentions that a document brings along: check them, and move their offsets to the stored paragraphs."""

from bisect import bisect_right
from collections.abc import Sequence
from unicodedata import normalize

from app.models import EntityType, enumerate_values
from app.seeding.article import Identity, NewMention
from app.seeding.document import ArticleDocument, EntityDocument, MentionDocument
from app.seeding.limits import LONGEST_MENTION, MOST_OVERLAPPING
from app.seeding.normalize.characters import find_control, repair_controls
from app.seeding.normalize.mention_checks import find_crowded, warn_of_crossings, warn_of_cut_words
from app.seeding.normalize.offsets import OffsetConverter
from app.seeding.normalize.paragraphs import RawParagraph
from app.seeding.normalize.raw import JsonPath, RawArticle, format_path, shorten
from app.seeding.slugs import slug

ENTITY_TYPES: dict[str, EntityType] = {
    **{type: type for type in enumerate_values(EntityType)},
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
"""Entity types by their names here and in other annotation schemes."""


def parse_entity_type(word: str) -> tuple[EntityType, str | None]:
    """Return the entity type that a word means, and the word itself as a label unless it is that type's name."""
    type = ENTITY_TYPES.get(word.strip().lower(), "other")
    return type, None if word == type else normalize("NFC", word.strip())


def resolve_mentions(
    raw: RawArticle, document: ArticleDocument, paragraphs: Sequence[RawParagraph]
) -> tuple[NewMention, ...]:
    """Return all mentions of a document in the order of the text; report each that is invalid as a fault."""
    if not document.mentions:
        return ()
    locator = MentionLocator(document, paragraphs)
    mentions = []
    for index, mention in enumerate(document.mentions):
        path: JsonPath = ("mentions", index)
        try:
            check_text(mention)
            position, start, end, change = locator.locate(mention)
            type, label = choose_type(mention)
        except ValueError as error:
            raw.add_fault(f"`{format_path(path)}` {error}.", *path)
            continue
        if change:
            raw.add_warning(f"`{format_path(path)}` {change}.", *path)
        entity = to_identity(mention.entity) if isinstance(mention.entity, EntityDocument) else mention.entity
        origin = mention.origin or "given"
        spoken = mention.label or label
        mentions.append(
            NewMention(position, start, end, entity, type, spoken, mention.confidence, origin, mention.evidence)
        )
    mentions.sort(key=lambda mention: (mention.paragraph, mention.start, -mention.end))
    if crowded := find_crowded(mentions):
        message = f"More than {MOST_OVERLAPPING} mentions share one place of the text; expected fewer."
        raw.add_fault(message, *paragraphs[crowded.paragraph].path)
        return ()
    warn_of_cut_words(raw, mentions, paragraphs)
    warn_of_crossings(raw, mentions, paragraphs)
    return tuple(mentions)


class MentionLocator:
    """Find the stored spans of a document's mentions."""

    def __init__(self, document: ArticleDocument, paragraphs: Sequence[RawParagraph]) -> None:
        self.unit = document.offset_unit
        self.text = document.text
        self.paragraphs = paragraphs
        numbered = [(position, item) for position, item in enumerate(paragraphs) if item.index is not None]
        self.positions = {paragraph.index: position for position, paragraph in numbered}
        """Positions in the article, by the number in the document."""
        self.count = len(document.paragraphs) if document.paragraphs is not None else len(self.positions)
        self.starts = [paragraph.start for _, paragraph in numbered]
        """Where each paragraph begins in the document's `text`; used only with a `text`."""
        self.first = numbered[0][0] if numbered else 0
        self.converters: dict[int | None, OffsetConverter] = {}
        """By the paragraph's number in the document; None: for offsets into `text`."""

    def locate(self, mention: MentionDocument) -> tuple[int, int, int, str | None]:
        """Return where a mention is stored, and what had to change about the author's span, if anything.

        That is the position of its paragraph (0 is the title), its start and its end, in code points. Raises
        ValueError with what is wrong, as the end of a sentence.
        """
        length = mention.end - mention.start
        if length > 4 * LONGEST_MENTION:  # A character takes at most four units, in UTF-8.
            raise ValueError(f"has a length of {length:,}; expected at most {LONGEST_MENTION:,}")
        if length <= 0:
            raise ValueError(f"starts at {mention.start} and ends at {mention.end}; expected an end after its start")
        position, start, end = self.locate_original(mention)
        paragraph = self.paragraphs[position]
        words = paragraph.original[start:end]
        if mention.exact is not None and fold_spaces(mention.exact) != fold_spaces(words):
            raise ValueError(f"marks '{words[:60]}', but its `exact` is '{mention.exact[:60]}'")
        stored_start, stored_end, change = paragraph.stored.map_span(start, end)
        if stored_start == stored_end:
            raise ValueError("marks nothing but white space around its paragraph")
        return position, stored_start, stored_end, change

    def locate_original(self, mention: MentionDocument) -> tuple[int, int, int]:
        """Return the position of a mention's paragraph, and the span in its original text, in code points."""
        if mention.paragraph is None:
            return self.locate_in_text(mention)
        if mention.paragraph >= self.count:
            raise ValueError(f"is in paragraph {mention.paragraph}, but there are only {self.count}, counted from 0")
        if mention.paragraph not in self.positions:
            raise ValueError(f"is in paragraph {mention.paragraph}, which has no text")
        position = self.positions[mention.paragraph]
        return position, *self.to_code_points(mention.paragraph, self.paragraphs[position].original, mention)

    def locate_in_text(self, mention: MentionDocument) -> tuple[int, int, int]:
        """Return the position and the span of a mention whose offsets point into the document's `text`."""
        if self.text is None:
            raise ValueError("has no `paragraph`; expected one, as the text is given in `paragraphs`")
        start, end = self.to_code_points(None, self.text, mention)
        index = max(bisect_right(self.starts, start) - 1, 0)
        paragraph = self.paragraphs[self.first + index] if self.starts else None
        if paragraph is None or (index + 1 < len(self.starts) and end > self.starts[index + 1]):
            raise ValueError("crosses two paragraphs; expected its start and end in the same")
        return self.first + index, max(start - paragraph.start, 0), max(end - paragraph.start, 0)

    def to_code_points(self, index: int | None, text: str, mention: MentionDocument) -> tuple[int, int]:
        """Convert the offsets of a mention to code points, with one converter for each text."""
        converter = self.converters.get(index)
        if converter is None:
            converter = self.converters[index] = OffsetConverter(text, self.unit)
        return converter.to_code_points(mention.start), converter.to_code_points(mention.end)


def fold_spaces(words: str) -> str:
    """Return words in NFC with single spaces, in which line ends of a text don't matter."""
    return normalize("NFC", " ".join(repair_controls(words).split()))


def check_text(mention: MentionDocument) -> None:
    """Raise ValueError if a string of a mention that will be stored holds a control character."""
    entity = mention.entity if isinstance(mention.entity, EntityDocument) else None
    if entity and entity.id and slug(entity.id) != entity.id:
        raise ValueError(f"has an entity with the id '{shorten(entity.id)}'; expected lower-case letters and digits")
    texts = {key: getattr(mention, key) for key in ("type", "label", "origin", "evidence")}
    for key, text in {**texts, "name": entity and entity.name}.items():
        if control := find_control(text or ""):
            raise ValueError(f"has a control character, U+{ord(control[0]):04X}, in `{key}`; expected text")


def choose_type(mention: MentionDocument) -> tuple[EntityType, str | None]:
    """Return the type that a mention gives itself, or else that of its identity, or else that of its label."""
    identity_type = mention.entity.type if isinstance(mention.entity, EntityDocument) else None
    if word := mention.type or identity_type or mention.label:
        return parse_entity_type(word)
    raise ValueError(f"has no `type`; expected one of {', '.join(enumerate_values(EntityType))}")


def to_identity(entity: EntityDocument) -> Identity:
    """Return the identity that a mention brings along, as it is stored."""
    return Identity(fold_spaces(entity.name), parse_entity_type(entity.type)[0], entity.wikidata, id=entity.id)
