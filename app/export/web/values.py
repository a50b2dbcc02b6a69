"""Values as formats of the web take them: moments for partial dates, URIs in ASCII, objects without empty members."""

from urllib.parse import quote

from app.dates import parse_date
from app.rendering import JsonObject


def first_moment(date: str | None) -> str | None:
    """Return the first moment (RFC 3339) of a date that may be known to the year, month or day only."""
    return None if date is None else parse_date(date)[0].isoformat().replace("+00:00", "Z")


def drop_empty(values: JsonObject) -> JsonObject:
    """Return an object without the members that are null, an empty text or an empty list."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def encode_uri(iri: str) -> str:
    """Return the URI of an IRI: letters outside ASCII, which ids may have, in percent-encoding."""
    return quote(iri, safe=":/?#[]@!$&'()*+,;=%")
