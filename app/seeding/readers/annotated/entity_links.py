"""Links of mentions: turn an identifier of a knowledge base into an entity."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

WIKIDATA_ID = re.compile(r"Q[1-9][0-9]{0,18}")
ENCYCLOPEDIAS = ("wikipedia.org", "dbpedia.org")


def to_entity(link: Any) -> dict[str, Any] | None:
    """Return the `wikidata` or the `name` of the entity that a link means; None if it says nothing.

    A link is a Wikidata id, or an address of Wikidata, Wikipedia or DBpedia.
    """
    if not isinstance(link, str) or not link.strip():
        return None
    last = link.strip().rpartition("/")[2]
    if id := WIKIDATA_ID.fullmatch(last):
        return {"wikidata": id[0]}
    host = urlsplit(link).hostname or ""
    if host.endswith(ENCYCLOPEDIAS) and last:
        return {"name": unquote(last).replace("_", " ")}
    return None
