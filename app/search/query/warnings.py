"""Query warnings: what a request may have meant otherwise, in sentences that name the way out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from app.search.names.suggestions import FEW
from app.search.query.filters import KEYWORD_FILTERS, FilterParams
from app.search.query.parser import MAX_TERMS, find_long_phrases
from app.search.query.unknown_operators import find_unknown_operators
from app.search.snapshot import Snapshot
from app.system.threads import leave_event_loop


class QueryWarning(NamedTuple):
    """What is said of one value of a parameter."""

    parameter: str
    value: str
    message: str
    did_you_mean: Sequence[dict[str, str]] = ()


class UnknownValue(NamedTuple):
    """A value of a filter that nothing in the corpus has."""

    parameter: str
    value: str


def build_warnings(notices: Iterable[UnknownValue | QueryWarning], snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the warnings as JSON; the first five unknown values have suggestions, which take long to find."""
    leave_event_loop()
    warnings: list[dict[str, Any]] = []
    unknown = 0
    for notice in notices:
        if isinstance(notice, QueryWarning):
            warnings.append({**notice._asdict(), "did_you_mean": [*notice.did_you_mean]})
            continue
        lookup = KEYWORD_FILTERS[notice.parameter].lookup
        suggested = snapshot.suggest_values(lookup, notice.value) if unknown < FEW else []
        message = describe_unknown(lookup, notice.value)
        warnings.append({**notice._asdict(), "message": message, "did_you_mean": suggested})
        unknown += 1
    return warnings


def describe_unknown(field: str, value: str) -> str:
    """Return the message of a warning."""
    if field == "entity":
        return f"No entity of the corpus has the id '{value}'."
    if field == "entity_name":
        return f"No entity of the corpus has the name '{value}'."
    if field == "id":
        return f"No article of the corpus has the id '{value}'."
    return f"Nothing in the corpus has the {field} '{value}'."


def check_text_query(filters: FilterParams, words: int) -> Iterator[QueryWarning]:
    """Yield a warning for each thing in `q` that is no operator, and for more words than are searched."""
    if filters.q is None:
        return
    for operator in find_unknown_operators(filters.q, filters.match):
        yield QueryWarning("q", operator.text, operator.message)
    for phrase, count in find_long_phrases(filters.q):
        message = f"A phrase has at most {MAX_TERMS} words; the {count} of this one are searched wherever they stand."
        yield QueryWarning("q", phrase, message)
    if words > MAX_TERMS:
        message = f"`q` has {words} different words, not counting stop words; the {MAX_TERMS} rarest are searched."
        yield QueryWarning("q", filters.q, message)
