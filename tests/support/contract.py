"""A hook for Schemathesis, which corrects requests for what an OpenAPI schema can't express.

`q` has a grammar, a cursor, like `after`, comes from a response, a month has its days, some options need another
parameter, and some a format with columns.
"""

import calendar
import re
from typing import Any

import schemathesis

from app.api.params import PREREQUISITES
from app.export.formats import TABLE_FORMATS

CONDITIONAL_FIELDS = ("body", "extract", "extra", "html", "markup", "matched", "matches", "paragraphs")
"""Fields that come with some values of another parameter, or in some formats, only."""


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
    if case.path_parameters.get("suffix", "csv") not in TABLE_FORMATS:
        case.query.pop("fields", None)
        case.query.pop("offset_unit", None)
    if fields := case.query.get("fields"):
        case.query["fields"] = [field for field in fields if field not in CONDITIONAL_FIELDS] or ["url"]
    correct_periods(case.query)


def correct_periods(query: dict[str, Any]) -> None:
    """Remove days that there are not, and ends of periods that may lie before their beginnings."""
    for period in ("published", "updated", "about"):
        for name in (f"{period}_from", f"{period}_to"):
            if not is_date(str(query.get(name, "2025"))):
                del query[name]
        if f"{period}_from" in query:
            query.pop(f"{period}_to", None)


def is_date(moment: str) -> bool:
    """Tell whether there is such a day, also in UTC."""
    year, month, day = (int(part) for part in (*re.findall(r"\d+", moment.partition("T")[0]), 1, 1)[:3])
    return 1 < year < 9999 and day <= calendar.monthrange(year, month)[1]
