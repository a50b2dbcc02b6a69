"""Given mentions: check those that a document brings along, and move them to the stored paragraphs."""

from collections.abc import Sequence
from unicodedata import normalize

from app.models import EntityType, enumerate_values
from app.seeding.article import Identity, NewMention
from app.seeding.document import ArticleDocument, EntityDocument, MentionDocument
from app.seeding.limits import MOST_OVERLAPPING
from app.seeding.normalize.characters import find_control
from app.seeding.normalize.paragraphs import RawParagraph
from app.seeding.normalize.raw import JsonPath, RawArticle, format_path, shorten
from app.seeding.normalize.spans.checks import find_crowded, warn_of_crossings, warn_of_cut_words
from app.seeding.normalize.spans.locator import SpanLocator, fold_spaces
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
    locator = SpanLocator(document, paragraphs)
    mentions = []
    for index, mention in enumerate(document.mentions):
        path: JsonPath = ("mentions", index)
        try:
            check_text(mention)
            position, start, end, change = locator.locate(mention, mention.paragraph)
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
