"""What Schemathesis is told beside the OpenAPI document: that which a schema can't say of a good question.

`q` has a grammar, a cursor, like `after`, comes out of an answer, a month has its days, and two options need `q`.
"""

import calendar
import re
from typing import Any

import schemathesis


@schemathesis.hook
def before_call(_context: Any, case: Any, _arguments: Any) -> None:
    """Mend a question that is meant to be good."""
    if case.meta is None or not case.meta.generation.mode.is_positive or not case.query:
        return
    case.query.pop("cursor", None)
    case.query.pop("after", None)
    if "q" in case.query:
        case.query["q"] = " ".join(re.findall(r"[a-zA-Z]+", str(case.query["q"])))[:200].lower() or "war"
    elif case.query.get("sort") == "relevance":
        del case.query["sort"]
    if "q" not in case.query:
        case.query.pop("highlight", None)
    for name in ("published_from", "published_to"):
        if not there(str(case.query.get(name, "2025"))):
            del case.query[name]


def there(moment: str) -> bool:
    """Whether there is such a day, and its moment is one in UTC, too."""
    year, month, day = (int(it) for it in (*re.findall(r"\d+", moment.partition("T")[0]), 1, 1)[:3])
    return 1 < year < 9999 and day <= calendar.monthrange(year, month)[1]
