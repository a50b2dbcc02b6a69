"""Normalization: turn a raw article into a `NewArticle`, with text in NFC, numbered paragraphs and stored offsets."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from unicodedata import normalize
from urllib.parse import urlsplit

from app.seeding.article import NewArticle, NewParagraph, PreciseDate
from app.seeding.document import ArticleDocument, EntityDocument
from app.seeding.limits import LONGEST_TEXT, LONGEST_TITLE, LONGEST_URL, MOST_MARKS, has_many_marks
from app.seeding.normalize.characters import find_control, repair_controls
from app.seeding.normalize.date_formats import is_date, parse_date_value, parse_dated_name, parse_lone_date
from app.seeding.normalize.paragraphs import build_paragraphs, number_paragraphs
from app.seeding.normalize.raw import RawArticle, shorten
from app.seeding.normalize.spans.dates import resolve_dates
from app.seeding.normalize.spans.mentions import resolve_mentions
from app.seeding.normalize.validation import validate
from app.seeding.slugs import MAX_ID_LENGTH, slug

__all__ = ["merge_entities", "normalize_article"]

WEB_URL = re.compile(r"https?://[^\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\\]+\Z", re.IGNORECASE)
"""No white space, no control characters, none that change the direction of writing (they could disguise the host)."""


def normalize_article(raw: RawArticle, defaults: Mapping[str, Any], language: str) -> NewArticle | None:
    """Normalize a raw article; None, with findings in `raw`, if it has a fault or is a draft.

    `defaults` are values of its folder by key, `language` is that of articles that neither state one themselves nor
    have a default.
    """
    if raw.document.get("draft") is True:
        raw.add_warning("This is a draft, so it is not served.", "draft")
        return None
    own_entities = raw.document.get("entities") or {}
    raw.document = {**defaults, **raw.document, **merge_entities(defaults, raw.document)}
    set_aside_update(raw)
    document = validate(raw)
    if document is None or raw.fault_count or not is_within_limits(raw, document):
        return None
    raw_paragraphs = build_paragraphs(raw, document)
    paragraphs = number_paragraphs(raw, raw_paragraphs)
    mentions = resolve_mentions(raw, document, raw_paragraphs) if raw_paragraphs else ()
    title = paragraphs[0].text if paragraphs else ""
    dates = resolve_dates(raw, document, raw_paragraphs) if raw_paragraphs else None
    tags = [*(document.tags or ()), *(defaults.get("tags") or ())]
    article = NewArticle(
        id=choose_id(raw, document, title),
        title=title,
        paragraphs=paragraphs,
        language=format_language_tag(document.language or language),
        file=raw.file,
        line=raw.line,
        source=clean_line(raw, document.source, "source"),
        source_url=clean_url(raw, document.source_url, "source_url"),
        authors=clean_lines(raw, document.authors or (), "authors"),
        rights=clean_line(raw, document.rights, "rights"),
        published=choose_date(raw, document, paragraphs),
        updated=None if document.updated_at is None else parse_date_value(document.updated_at),
        tags=clean_lines(raw, tags, "tags"),
        mentions=mentions,
        dates=dates,
        annotate=document.mentions is None if document.annotate is None else document.annotate,
        entity_overrides={normalize("NFC", name): number_keys(id) for name, id in (document.entities or {}).items()},
        entity_lines={normalize("NFC", name): raw.line_of("entities", name) for name in own_entities},
        has_derived_id=document.id is None and raw.name is None,
        extra={**(document.model_extra or {}), **(document.extra or {})},
    )
    return None if raw.fault_count else article


def set_aside_update(raw: RawArticle) -> None:
    """Move a date of update that is none to `extra`, with a warning: many programs have keys of this name."""
    value, extra = raw.document.get("updated_at"), raw.document.get("extra") or {}
    if value is not None and not is_date(value) and isinstance(extra, dict):
        message = f"`updated_at` is '{shorten(str(value))}', which is no date that is understood; it is in `extra`."
        raw.add_warning(message, "updated_at")
        raw.document["extra"] = {"updated_at": raw.document.pop("updated_at"), **extra}


def merge_entities(defaults: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names that a folder settles and those that a document settles, if both do; the document wins."""
    outer, own = defaults.get("entities"), document.get("entities")
    return {"entities": {**outer, **own}} if outer and isinstance(own, dict) else {}


def number_keys(meaning: str | Mapping[str, str | None] | None) -> str | Mapping[int, str | None] | None:
    """Return the meaning of a name, by integers if it is by the positions of paragraphs."""
    if isinstance(meaning, Mapping):
        return {int(position): reference for position, reference in meaning.items()}
    return meaning


def is_within_limits(raw: RawArticle, document: ArticleDocument) -> bool:
    """Tell whether a document's texts are short enough, and have no letter that takes very long to normalize."""
    texts = [paragraph.text for paragraph in document.paragraphs or ()]
    texts += [text for text in (document.title, document.caption, document.credit, document.text) if text]
    if (length := sum(map(len, texts))) > LONGEST_TEXT:
        raw.add_fault(f"The article has {length:,} characters; expected at most {LONGEST_TEXT:,}.")
    lines = [document.id, document.source, document.source_url, document.rights]
    lines += [*(document.authors or ()), *(document.tags or ()), *(document.entities or ())]
    for mention in document.mentions or ():
        name = mention.entity.name if isinstance(mention.entity, EntityDocument) else None
        lines += [mention.exact, mention.type, mention.label, name]
    if any(text and has_many_marks(text) for text in [*texts, *lines]):
        raw.add_fault(f"A letter has more than {MOST_MARKS} combining marks; expected text.")
    return not raw.fault_count


def clean_url(raw: RawArticle, text: str | None, key: str) -> str | None:
    """Return an absolute http or https URL; None if there is none. Reports any other: following it may be unsafe."""
    url = clean_line(raw, text, key)
    if url is None:
        return None
    if len(url) > LONGEST_URL:
        raw.add_fault(f"`{key}` has {len(url):,} characters; expected at most {LONGEST_URL:,}.", key)
    elif not is_web_url(url):
        expected = "expected an absolute address that begins with https:// or http://, without white space"
        raw.add_fault(f"`{key}` is '{shorten(url)}'; {expected}.", key)
    return url


# Readers of feeds and of other programs' records ask, too: to answer twice took 8 % of reading a feed.
@lru_cache(64)
def is_web_url(url: str) -> bool:
    """Tell whether a string is an absolute http or https URL, with letters of any script."""
    try:
        parts = urlsplit(url)
        return bool(WEB_URL.match(url) and parts.hostname) and parts.port != 0
    except ValueError:
        return False


def choose_id(raw: RawArticle, document: ArticleDocument, title: str) -> str:
    """Return the document's id, or else a slug of its path, or else, in a file of many articles, of its title."""
    if document.id is not None:
        id = normalize("NFC", document.id)
        if len(id) > MAX_ID_LENGTH:
            raw.add_fault(f"`id` has {len(id)} characters; expected at most {MAX_ID_LENGTH}.", "id")
        elif not (made := slug(id)):
            raw.add_fault(f"`id` is '{id[:60]}'; expected lower-case letters and digits, of which it has none.", "id")
        elif made != id:
            raw.add_warning(f"`id` is '{shorten(id)}', which is no id of an article; it became '{made}'.", "id")
            return made[:MAX_ID_LENGTH].rstrip("-")
        return id
    name = title if raw.name is None else raw.name
    id = slug(name[:LONGEST_TITLE])
    if name and not 0 < len(id) <= MAX_ID_LENGTH:
        what = f"more than {MAX_ID_LENGTH} characters" if id else "no letter and no digit"
        raw.add_fault(f"The {'title' if raw.name is None else 'path'} has {what} and gives no id; expected an `id`.")
    return id


def format_language_tag(tag: str) -> str:
    """Format a BCP 47 tag with the usual capitals: `pt-BR`, `zh-Hant`."""
    language, *subtags = tag.split("-")
    formats = {2: str.upper, 4: str.title}
    return "-".join([language.lower(), *(formats.get(len(subtag), str.lower)(subtag) for subtag in subtags)])


def choose_date(raw: RawArticle, document: ArticleDocument, paragraphs: Iterable[NewParagraph]) -> PreciseDate | None:
    """Return the document's date of publication, or else that of the first dateline, or else of the file's name."""
    if document.published_at is None:
        datelines = (parse_lone_date(paragraph.text) for paragraph in paragraphs if paragraph.role == "dateline")
        return next(filter(None, datelines), None) or (parse_dated_name(raw.name) if raw.name else None)
    try:
        return parse_date_value(document.published_at)
    except ValueError as error:
        raw.add_fault(f"`published_at`: {error}", "published_at")
        return None


def clean_line(raw: RawArticle, text: str | None, *path: str | int) -> str | None:
    """Return a text on one line, in NFC; None if nothing is left of it. Reports control characters."""
    if text is None:
        return None
    if control := find_control(text):
        raw.add_fault(f"`{path[0]}` has a control character, U+{ord(control[0]):04X}; expected text.", *path)
    return normalize("NFC", " ".join(repair_controls(text).split())) or None


def clean_lines(raw: RawArticle, texts: Sequence[str], key: str) -> tuple[str, ...]:
    """Return each of several texts once, on one line and in NFC, in their order."""
    lines = (clean_line(raw, text, key, index) for index, text in enumerate(texts))
    return tuple(dict.fromkeys(line for line in lines if line))
