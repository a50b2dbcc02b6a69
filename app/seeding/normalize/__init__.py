"""A draft becomes an article: its text in NFC, its paragraphs numbered, its mentions in their places."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from unicodedata import normalize
from urllib.parse import urlsplit

from app.seeding.article import NewArticle, NewParagraph, Published
from app.seeding.document import ArticleDocument, EntityDocument
from app.seeding.limits import LONGEST_TEXT, LONGEST_TITLE, LONGEST_URL, MOST_MARKS, has_many_marks
from app.seeding.normalize.date_formats import lone_date, read_date
from app.seeding.normalize.mentions import resolve_mentions
from app.seeding.normalize.paragraphs import build_paragraphs, number_paragraphs
from app.seeding.normalize.raw import RawArticle, shortened
from app.seeding.normalize.validation import validate
from app.seeding.slugs import MAX_ID_LENGTH, slug
from app.text import CONTROL_CHARACTERS

__all__ = ["normalize_article"]

WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\\]+\Z", re.IGNORECASE)
"""Without white space and control characters, those that turn the direction of writing included."""


def normalize_article(draft: RawArticle, defaults: Mapping[str, Any], language: str) -> NewArticle | None:
    """The article; None where the draft has a fault. `language` is that of articles that don't say theirs."""
    draft.keys = {**defaults, **draft.keys}
    document = validate(draft)
    if document is None or draft.faults or not is_bounded(draft, document):
        return None
    pieces = build_paragraphs(draft, document)
    paragraphs = number_paragraphs(draft, pieces)
    mentions = resolve_mentions(draft, document, pieces) if pieces else ()
    title = paragraphs[0].text if paragraphs else ""
    tags = [*(document.tags or ()), *(defaults.get("tags") or ())]
    article = NewArticle(
        id=public_id(draft, document, title),
        title=title,
        paragraphs=paragraphs,
        language=tidy_language(document.language or language),
        file=draft.file,
        line=draft.line,
        source=clean(draft, document.source, "source"),
        source_url=address(draft, document.source_url, "source_url"),
        authors=clean_list(draft, document.authors or (), "authors"),
        rights=clean(draft, document.rights, "rights"),
        published=published(draft, document, paragraphs),
        tags=clean_list(draft, tags, "tags"),
        mentions=mentions,
        annotate=document.mentions is None if document.annotate is None else document.annotate,
        settled={normalize("NFC", name): id_ for name, id_ in (document.entities or {}).items()},
        extra={**(document.model_extra or {}), **(document.extra or {})},
    )
    return None if draft.faults else article


def is_bounded(draft: RawArticle, document: ArticleDocument) -> bool:
    """Whether there is no more text than may be, and no letter in it that takes very long to normalise."""
    parts = [part.text for part in document.paragraphs or ()]
    texts = [*parts, *(text for text in (document.title, document.caption, document.credit, document.text) if text)]
    if (length := sum(map(len, texts))) > LONGEST_TEXT:
        draft.fault(f"The article has {length:,} characters; expected at most {LONGEST_TEXT:,}.")
    lines = [document.id, document.source, document.source_url, document.rights]
    lines += [*(document.authors or ()), *(document.tags or ()), *(document.entities or ())]
    for mention in document.mentions or ():
        name = mention.entity.name if isinstance(mention.entity, EntityDocument) else None
        lines += [mention.exact, mention.type, mention.label, name]
    if any(text and has_many_marks(text) for text in [*texts, *lines]):
        draft.fault(f"A letter has more than {MOST_MARKS} combining marks; expected text.")
    return not draft.faults


def address(draft: RawArticle, words: str | None, key: str) -> str | None:
    """An absolute address by http or https; None where there is none. Any other would be a risk for who follows it."""
    url = clean(draft, words, key)
    if url is None:
        return None
    if len(url) > LONGEST_URL:
        draft.fault(f"`{key}` has {len(url):,} characters; expected at most {LONGEST_URL:,}.", key)
    elif not is_web_address(url):
        expected = "expected an absolute address that begins with https:// or http://, without white space"
        draft.fault(f"`{key}` is '{shortened(url)}'; {expected}.", key)
    return url


def is_web_address(url: str) -> bool:
    """Whether this is an absolute URL by http or https, of letters of any script."""
    try:
        parts = urlsplit(url)
        return bool(WEB_ADDRESS.match(url) and parts.hostname) and parts.port != 0
    except ValueError:
        return False


def public_id(draft: RawArticle, document: ArticleDocument, title: str) -> str:
    """The id that is given, else that of the file's path, else, in a file of many articles, of the title."""
    if document.id is not None:
        given = normalize("NFC", document.id)
        if len(given) > MAX_ID_LENGTH:
            draft.fault(f"`id` has {len(given)} characters; expected at most {MAX_ID_LENGTH}.", "id")
        elif given != (good := slug(given)) or not good:
            hint = f"'{good[:MAX_ID_LENGTH]}' would do" if good else "it has none"
            draft.fault(
                f"`id` is '{given[:60]}'; expected lower-case letters and digits with single hyphens between: {hint}.",
                "id",
            )
        return given
    name = title if draft.name is None else draft.name
    made = slug(name[:LONGEST_TITLE])
    if name and not 0 < len(made) <= MAX_ID_LENGTH:
        what = f"more than {MAX_ID_LENGTH} characters" if made else "no letter and no digit"
        draft.fault(f"The {'title' if draft.name is None else 'path'} has {what} and gives no id; expected an `id`.")
    return made


def tidy_language(tag: str) -> str:
    """A BCP 47 tag in its usual capitals: `pt-BR`, `zh-Hant`."""
    first, *rest = tag.split("-")
    capitals = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(capitals.get(len(part), str.lower)(part) for part in rest)])


def published(draft: RawArticle, document: ArticleDocument, paragraphs: Iterable[NewParagraph]) -> Published | None:
    """The date that is given, else that of a dateline which is nothing but a date."""
    if document.published_at is None:
        datelines = (lone_date(paragraph.text) for paragraph in paragraphs if paragraph.role == "dateline")
        return next(filter(None, datelines), None)
    try:
        year = document.published_at
        return read_date(f"{year:04}" if isinstance(year, int) else year)
    except ValueError as error:
        draft.fault(f"`published_at`: {error}", "published_at")
        return None


def clean(draft: RawArticle, words: str | None, *place: str | int) -> str | None:
    """One line of text in NFC; None where there is none."""
    if words is None:
        return None
    if control := CONTROL_CHARACTERS.search(words):
        draft.fault(f"`{place[0]}` has a control character, U+{ord(control[0]):04X}; expected text.", *place)
    return normalize("NFC", " ".join(words.split())) or None


def clean_list(draft: RawArticle, several: Sequence[str], key: str) -> tuple[str, ...]:
    """Each of several lines of text once, in their order."""
    cleaned = (clean(draft, words, key, index) for index, words in enumerate(several))
    return tuple(dict.fromkeys(words for words in cleaned if words))
