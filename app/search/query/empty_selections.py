"""Empty selections: say why `q` selects nothing, which word has no hit, and what would select something."""

from collections.abc import Iterator
from typing import Final

from app.search.index.analysis import analyze
from app.search.index.stemmers import PLAIN
from app.search.names.suggestions import FEW, SUGGESTIONS, suggest
from app.search.query.builder import QueryBuilder, build_selection
from app.search.query.filters import FilterParams
from app.search.query.parser import parse_query
from app.search.query.searched_terms import content_terms
from app.search.query.tree import Term
from app.search.query.warnings import QueryWarning
from app.search.selection import Selection
from app.search.snapshot import Snapshot
from app.system.threads import leave_event_loop

MANY_WORDS: Final = 20_000
"""Words of the corpus with the same first letters that are compared with an unknown one."""

FIRST_LETTERS: Final = 2


def explain_empty_selection(filters: FilterParams, selection: Selection) -> Iterator[QueryWarning]:
    """Yield the reasons why `q` selects nothing: words without a hit, words that never meet, other filters."""
    if filters.q is None or selection.total:
        return
    leave_event_loop()
    snapshot, kind = selection.snapshot, selection.kind
    unit = kind.removesuffix("s")
    builder = QueryBuilder(filters, snapshot, kind)
    tree = parse_query(filters.q, filters.match)
    searched = dict.fromkeys(term for name in snapshot.state.stemmers for term in content_terms(tree, name))
    unknown = [term for term in searched if not builder.count_hits(term)]
    for term in unknown[:FEW]:
        message = f"No text that is searched has {describe_term(term)}."
        yield QueryWarning("q", term.text, message, suggest_words(term, snapshot))
    if others := unknown[FEW:]:
        message = f"No text that is searched has any of {len(others)} other words of `q`."
        yield QueryWarning("q", " ".join(term.text for term in others), message)
    any_word, _ = build_selection(filters.model_copy(update={"match": "any"}), snapshot)
    if any_word.total:
        message = f"No {unit} has all words of `q`; `match=any` selects those with at least one ({any_word.total:,})."
        yield QueryWarning("match", "all", message, [{"id": "any", "name": "any"}])
        return
    text_only = FilterParams(q=filters.q, match=filters.match, q_in=filters.q_in, within=unit)
    without_others, _ = build_selection(text_only, snapshot)
    if without_others.total:
        selected = f"{without_others.total:,} {unit if without_others.total == 1 else kind}"
        message = f"`q` alone selects {selected}; the other filters leave none."
        yield QueryWarning("q", filters.q, message)
    elif not unknown:
        yield QueryWarning("q", filters.q, f"No {unit} has all that `q` asks for.")


def describe_term(term: Term) -> str:
    """Return a term as a sentence names it."""
    if term.prefix:
        return f"a word that begins with '{term.text}'"
    if term.distance:
        return f"a word like '{term.text}'"
    return f"the phrase '{term.text}'" if term.quoted else f"'{term.text}'"


def suggest_words(term: Term, snapshot: Snapshot) -> list[dict[str, str]]:
    """Return words of the corpus that are spelled like a word that has no hit, the most similar first."""
    words = analyze(term.text, PLAIN)
    if len(words) != 1 or term.prefix or term.distance:
        return []
    [word] = words
    searcher = snapshot.kinds["articles"].searcher
    known = searcher.terms_with_prefix("text_written", word[:FIRST_LETTERS], limit=MANY_WORDS)
    similar = suggest(word, (other for other, _ in known), SUGGESTIONS)
    return [{"id": other, "name": other} for other in similar]
