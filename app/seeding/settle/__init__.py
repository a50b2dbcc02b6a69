"""A draft becomes an article: its text in NFC, its paragraphs numbered, its mentions in their places."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from unicodedata import normalize

from app.seeding.documents import Article, Paragraph, Published
from app.seeding.ids import LONGEST, slug
from app.seeding.incoming import ArticleDocument
from app.seeding.settle.dates import lone_date, read_date
from app.seeding.settle.draft import Draft
from app.seeding.settle.layout import CONTROL, lay_out, number
from app.seeding.settle.mentions import bring
from app.seeding.settle.validation import validate

__all__ = ["settle"]


def settle(draft: Draft, defaults: Mapping[str, Any], language: str) -> Article | None:
    """The article; None where the draft has a fault. `language` is that of articles that don't say theirs."""
    draft.keys = {**defaults, **draft.keys}
    document = validate(draft)
    if document is None or draft.faults:
        return None
    pieces = lay_out(draft, document)
    paragraphs = number(draft, pieces)
    mentions = bring(draft, document, pieces) if pieces else ()
    title = paragraphs[0].text if paragraphs else ""
    tags = [*(document.tags or ()), *(defaults.get("tags") or ())]
    article = Article(
        id=public_id(draft, document, title),
        title=title,
        paragraphs=paragraphs,
        language=tidy_language(document.language or language),
        file=draft.file,
        line=draft.line,
        source=clean(draft, document.source, "source"),
        source_url=clean(draft, document.source_url, "source_url"),
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


def public_id(draft: Draft, document: ArticleDocument, title: str) -> str:
    """The id that is given, else that of the file's path, else, in a file of many articles, of the title."""
    if document.id is not None:
        given = normalize("NFC", document.id)
        if given != (good := slug(given)) or not good:
            hint = f"'{good[:LONGEST]}' would do" if good else "it has none"
            draft.fault(
                f"`id` is '{given[:60]}'; expected lower-case letters and digits with single hyphens between: {hint}.",
                "id",
            )
        elif len(given) > LONGEST:
            draft.fault(f"`id` has {len(given)} characters; expected at most {LONGEST}.", "id")
        return given
    name = title if draft.name is None else draft.name
    made = slug(name)
    if name and not 0 < len(made) <= LONGEST:
        what = f"more than {LONGEST} characters" if made else "no letter and no digit"
        draft.fault(f"The {'title' if draft.name is None else 'path'} has {what} and gives no id; expected an `id`.")
    return made


def tidy_language(tag: str) -> str:
    """A BCP 47 tag in its usual capitals: `pt-BR`, `zh-Hant`."""
    first, *rest = tag.split("-")
    capitals = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(capitals.get(len(part), str.lower)(part) for part in rest)])


def published(draft: Draft, document: ArticleDocument, paragraphs: Iterable[Paragraph]) -> Published | None:
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


def clean(draft: Draft, words: str | None, *place: str | int) -> str | None:
    """One line of text in NFC; None where there is none."""
    if words is None:
        return None
    if control := CONTROL.search(words):
        draft.fault(f"`{place[0]}` has a control character, U+{ord(control[0]):04X}; expected text.", *place)
    return normalize("NFC", " ".join(words.split())) or None


def clean_list(draft: Draft, several: Sequence[str], key: str) -> tuple[str, ...]:
    """Each of several lines of text once, in their order."""
    cleaned = (clean(draft, words, key, index) for index, words in enumerate(several))
    return tuple(dict.fromkeys(words for words in cleaned if words))
