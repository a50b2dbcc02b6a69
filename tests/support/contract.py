"""A hook for Schemathesis, which corrects requests for what an OpenAPI schema can't express.

`q` has a grammar, a cursor, like `after`, comes from a response, a month has its days, and some options need another
parameter.
"""

import calendar
import re
from typing import Any

import schemathesis

from app.api.params import PREREQUISITES

CONDITIONAL_FIELDS = ("body", "extract", "markup", "matched", "matches")
"""Fields that come with some values of another parameter only."""


@schemathesis.hook
def before_call(_context: Any, case: Any, _arguments: Any) -> None:
    """Correct a request that is meant to be valid."""
    if case.meta is None or not case.meta.generation.mode.is_positive or not case.query:
        return
    case.query.pop("cursor", None)
    case.query.pop("after", None)
    if "q" in case.query:
        case.query["q"] = " ".join(re.findall(r"[a-zA-Z]+", str(case.query["q"])))[:200].lower() or "war"
    elif case.query.get("sort") == "relevance":
        del case.query["sort"]
    for name, needed in PREREQUISITES.items():
        if needed not in case.query:
            case.query.pop(name, None)
    if fields := case.query.get("fields"):
        case.query["fields"] = [field for field in fields if field not in CONDITIONAL_FIELDS] or ["url"]
    for name in ("published_from", "published_to"):
        if not is_date(str(case.query.get(name, "2025"))):
            del case.query[name]
    if "published_from" in case.query:
        case.query.pop("published_to", None)


def is_date(moment: str) -> bool:
    """Tell whether there is such a day, also in UTC."""
    year, month, day = (int(part) for part in (*re.findall(r"\d+", moment.partition("T")[0]), 1, 1)[:3])
    return 1 < year < 9999 and day <= calendar.monthrange(year, month)[1]
