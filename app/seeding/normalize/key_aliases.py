"""Keys as authors write them: map spellings and usual other names to the document's keys, and find misspelt ones."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA

from app.seeding.document import ArticleDocument
from app.seeding.normalize.value_shapes import fits_key, is_relative_url, parse_boolean, shape_value

DOCUMENT_KEYS = tuple(ArticleDocument.model_fields)

OTHER_NAMES = {
    "published_at": (
        "date",
        "published",
        "pubdate",
        "datepublished",
        "publishdate",
        "publicationdate",
        "webpublicationdate",
        "publishedon",
        "seendate",
    ),
    "updated_at": (
        *("updated", "updatedon", "dateupdated", "updateddate", "updatedate", "lastupdated", "lastupdatedat"),
        *("modified", "modifiedat", "modifiedon", "datemodified", "modifieddate", "lastmod", "lastmodified"),
        *("lastmodifiedat", "lastmodifieddate"),
    ),
    "authors": ("author", "byline", "creator", "creators", "autor"),
    "language": ("lang", "inlanguage", "languagecode"),
    "title": ("headline", "headlines", "webtitle", "newstitle"),
    "source": ("publisher", "sitename", "sourcename", "publication"),
    "source_url": ("url", "link", "weburl", "articleurl", "externalurl"),
    "tags": (
        "tag",
        "keywords",
        "keyword",
        "categories",
        "category",
        "topics",
        "topic",
        "subjects",
        "articlesection",
    ),
    "text": (
        "body",
        "content",
        "articlebody",
        "bodytext",
        "bodyhtml",
        "bodies",
        "contenttext",
        "contenthtml",
        "fulltext",
        "maintext",
        "articletext",
    ),
    "rights": ("copyright", "licence", "license", "copyrightnotice", "copyrightholder"),
    "draft": ("isdraft",),
}
"""Other names of document keys: those of static site generators, news APIs, schema.org, ninjs and JSON Feed."""

ALIASES = {alias: key for key, aliases in OTHER_NAMES.items() for alias in aliases}

ANNOTATION_KEYS = {"spans", "label", "labels", "ents", "entities", "annotations"}
"""Keys under which annotation tools keep what is marked in a text."""

LONGEST_KEY = 40
"""Characters. A longer key resembles none of ours, and comparing it would be slow."""


@lru_cache(10_000)
def fold_key(key: str) -> str:
    """Return a key in lower case, without spaces, hyphens and underscores."""
    return re.sub(r"[\s_-]+", "", key).lower()


CANONICAL_KEYS = {**ALIASES, **{fold_key(key): key for key in DOCUMENT_KEYS}}
"""Document keys by folded key or alias."""
SUGGESTIONS = {
    folded: key
    for folded, key in {**{alias: alias for alias in ALIASES}, **{fold_key(key): key for key in DOCUMENT_KEYS}}.items()
    if CANONICAL_KEYS[folded] != "updated_at"
}
"""Keys to suggest, as they are usually spelled, by folded key; `update` and `updated_by` are no slips of one."""


def canonical_key(key: str) -> str | None:
    """Return the document key that a key stands for; None for an unknown key."""
    return CANONICAL_KEYS.get(fold_key(key)) if len(key) <= LONGEST_KEY else None


def suggest_key(key: str, value: Any) -> str | None:
    """Return the known key that an unknown one seems to misspell, if its value is one that the known key takes."""
    folded = fold_key(key) if len(key) <= LONGEST_KEY else ""
    first, *others = re.split(r"[\s_-]+|(?<=[a-z])(?=[A-Z])", key)
    is_compound = bool(others) and first.lower() in SUGGESTIONS
    suggestion = suggest_for_folded_key(folded, 1 if is_compound else 2) if folded.isalpha() else None
    return suggestion if suggestion and fits_key(CANONICAL_KEYS[fold_key(suggestion)], value) else None


@lru_cache(10_000)
def suggest_for_folded_key(folded: str, most: int) -> str | None:
    """Return the known key that differs from a folded one by a slip: one letter, or `most` in a long key.

    Short keys are left alone, for `rate` is no slip of `date`.
    """
    if len(folded) < 5:
        return None
    allowed = most if len(folded) >= 8 else 1
    slips = [(OSA.distance(folded, known), known) for known in SUGGESTIONS if abs(len(known) - len(folded)) <= allowed]
    close = [slip for slip in slips if slip[0] <= allowed]
    return SUGGESTIONS[min(close)[1]] if close else None


class CanonicalDocument(NamedTuple):
    """A document under canonical keys."""

    values: dict[str, Any]
    names: dict[str, str]
    """The key under which each written key is found."""
    faults: dict[str, str]
    """A message for every written key that is wrong."""
    warnings: dict[str, str]
    """A message for every written key that was not taken for what it may be meant."""
    misfits: dict[str, Any]
    """Values under the name of a document key that takes others, which belong to `extra`."""


def canonicalize_keys(document: Mapping[str, Any]) -> CanonicalDocument:
    """Return a document under canonical keys, with values in the shapes that these keys take.

    Of several keys that stand for one, the tags are joined; else the key as documented, or the first, is taken, and
    the others stay under their own names, which will be `extra`.
    """
    canonical = CanonicalDocument({}, {}, {}, {}, {})
    holders: dict[str, str] = {}
    """The written key whose value stands under a canonical one."""
    for key, written_value in document.items():
        known, value = recognize(key, written_value)
        if known is None:
            add_unknown(canonical, key, value)
        elif value is None:
            canonical.names[key] = known
        elif known == "tags" and known in holders:
            canonical.values[known] = [*to_list(canonical.values[known]), *to_list(value)]
            canonical.names[key] = known
        elif known in holders and canonical.values[known] != value:
            add_second(canonical, holders, known, key, value, written_value)
        else:
            holders.setdefault(known, key)
            canonical.values[known] = value
            canonical.names[key] = known
    extra = canonical.values.get("extra")
    if canonical.misfits and (extra is None or isinstance(extra, dict)):
        canonical.values["extra"] = {**canonical.misfits, **(extra or {})}
    return canonical


def recognize(key: str, value: Any) -> tuple[str | None, Any]:
    """Return the document key that a key and its value stand for, None for an unknown one, and the shaped value."""
    known = canonical_key(key)
    if fold_key(key) == "published" and (is_published := parse_boolean(value)) is not None:
        return "draft", None if is_published else True
    if known == "source_url" and fold_key(key) != "sourceurl" and is_relative_url(value):
        return None, value
    if known == "entities" and isinstance(value, list):
        return None, value
    return known, value if known is None else shape_value(known, value)


def add_unknown(canonical: CanonicalDocument, key: str, value: Any) -> None:
    """Keep an unknown key as it is, unless it seems to be misspelt."""
    if suggestion := suggest_key(key, value):
        message = f"`{key}` is not a key; did you mean `{suggestion}`? (If not, write it under `extra`.)"
        canonical.faults[key] = message
        return
    if canonical_key(key) == key:
        canonical.misfits[key] = value
    else:
        canonical.values[key] = value
    canonical.names[key] = key
    if key.lower() in ANNOTATION_KEYS and isinstance(value, list) and value and not isinstance(value[0], str):
        canonical.warnings[key] = (
            f"`{key}` seems to hold annotations; no mentions were made of them, and they are served under `extra`."
        )


def add_second(
    canonical: CanonicalDocument, holders: dict[str, str], known: str, key: str, value: Any, written_value: Any
) -> None:
    """Keep one of two keys that stand for the same as `known`, and the other one under its own name."""
    holder = holders[known]
    loser, loser_value = key, written_value
    if fold_key(key) == fold_key(known) != fold_key(holder):
        loser, loser_value = holder, canonical.values[known]
        holders[known] = key
        canonical.values[known] = value
        canonical.names[key] = known
    canonical.values[loser] = loser_value
    canonical.names[loser] = loser
    winner = holders[known]
    canonical.warnings[key] = (
        f"`{key}` and `{holder}` both give `{known}`; `{winner}` was taken, and `{loser}` is served under `extra`."
    )


def to_list(tags: Any) -> list[Any]:
    """Return tags as a list."""
    return list(tags) if isinstance(tags, list) else [tags]
