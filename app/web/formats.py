"""Filters of the templates: numbers, dates, and names of types and languages, as people write them."""

import re
from collections.abc import Callable
from typing import Any, Final
from unicodedata import bidirectional

from markupsafe import Markup, escape

from app.dates import parse_date

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

TYPES: Final = {
    "person": "People",
    "organization": "Organizations",
    "place": "Places",
    "group": "Groups",
    "event": "Events",
    "product": "Products",
    "work": "Works",
    "law": "Laws",
    "other": "Others",
}
"""Headings of entities, by type, in the order of a page."""

LANGUAGES: Final = {
    "ar": "Arabic",
    "be": "Belarusian",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "ta": "Tamil",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "yi": "Yiddish",
    "zh": "Chinese",
}
"""English names of languages; any other is shown by its tag."""

RIGHT_TO_LEFT: Final = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})


def format_count(number: int, singular: str, plural: str = "") -> str:
    """Return a number with the noun that it counts: `1 article`, `1,200 articles`."""
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"


def format_long_date(text: str) -> str:
    """Return a date as people read it: `18 December 2025`, `December 2025`, `2025`."""
    moment, precision = parse_date(text)
    month = f"{MONTHS[moment.month - 1]} {moment.year}"
    return {"year": f"{moment.year}", "month": month}.get(precision, f"{moment.day} {month}")


def format_association(association: float) -> str:
    """Return an association as people write numbers: `0.31`, `−0.05`."""
    return f"{association:z.2f}".replace("-", "−")


def name_type(type: str) -> str:
    """Return the heading of entities of a type."""
    return TYPES.get(type, type.capitalize())


def name_language(tag: str) -> str:
    """Return the English name of a language tag: `Portuguese (BR)` for `pt-BR`."""
    language, _, variant = tag.partition("-")
    name = LANGUAGES.get(language)
    if name is None:
        return tag
    return f"{name} ({variant})" if variant else name


def find_direction(tag: str) -> str:
    """Return the `dir` of texts in a language; `auto`, by the first letter, for those that are not known to need one.

    An article that does not name its language has the default one, whatever its script is.
    """
    return "rtl" if tag.partition("-")[0] in RIGHT_TO_LEFT else "auto"


def find_text_direction(text: str) -> str:
    """Return the `dir` of a text by its first letter, for what also lays out its surroundings."""
    letters = (bidirectional(character) for character in text)
    return "rtl" if next((letter for letter in letters if letter in ("L", "R", "AL")), "L") != "L" else "ltr"


def format_sentence(text: str) -> Markup:
    """Return a message of the API as HTML, with what stands in backticks as code."""
    return Markup(re.sub("`([^`]*)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 (it is escaped)


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "number": "{:,}".format,
    "count": format_count,
    "long_date": format_long_date,
    "association": format_association,
    "type_name": name_type,
    "language_name": name_language,
    "sentence": format_sentence,
    "direction": find_direction,
    "text_direction": find_text_direction,
}
"""Filters by their names in templates."""
