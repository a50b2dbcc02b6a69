"""The introduction of the OpenAPI document: what the API is, with questions to begin with."""

from collections.abc import Mapping
from string import Template
from urllib.parse import unquote_plus

SUMMARY = "Search articles, and the people, places and other entities that they mention at exact offsets."

INTRODUCTION = Template("""
**The same filters everywhere.** Filters select articles, or with `within=paragraph` paragraphs. Every list shows
its own resource for the same selection:

$questions

**Several values:** repeat the parameter. Without a suffix all values must hold (`entity=minsk&entity=moscow`), with
`_any` at least one (`tag_any=deterrence&tag_any=arms-control`), with `_not` none (`entity_not=united-states`).
Different parameters must all hold. `q` supports `"phrases"`, `OR`, `-not`, `prefix*` and `( )`.

**Pages:** follow `next` until it is null. **Offsets** count Unicode code points; `offset_unit` selects other units.
**Caching:** send the `ETag` of a response back as `If-None-Match`. **Errors** name the invalid parameter and suggest
valid values. The API is read-only: all URLs support `GET`, `HEAD`, `OPTIONS` and CORS.
""")

TAGS = [
    {"name": "articles", "description": "Search and read articles."},
    {"name": "paragraphs", "description": "Search paragraphs, in which all filters must hold at once."},
    {"name": "mentions", "description": "Mentions as flat rows, with the text around them."},
    {"name": "entities", "description": "People, places and other entities that articles mention."},
    {"name": "tags", "description": "Subjects of articles."},
    {"name": "timeline", "description": "Articles counted by time."},
    {"name": "exports", "description": "Whole selections as files, in many formats."},
    {"name": "corpus", "description": "The corpus as a whole."},
    {"name": "health", "description": "State of the service."},
]


def describe_api(questions: Mapping[str, str]) -> str:
    """Return the introduction with links to these questions, which have their URL as key, and a description."""
    links = (f"* [`/{unquote_plus(url)}`]({url})  \n  {description}" for url, description in questions.items())
    return INTRODUCTION.substitute(questions="\n".join(links))
