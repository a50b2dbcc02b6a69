"""From the tree of a question to a query of the engine: in which fields, and as which words, each term is found."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import tantivy
from tantivy import Occur, Query

from app.search.index.analysis import PLAIN, tokenize
from app.search.index.schema import UNSEARCHED, Kind
from app.search.index.stop_words import has_content_words
from app.search.phrases import open_ends, placings
from app.search.query_parser import AllOf, AnyOf, Match, Not, Term, Tree, terms

TITLE_WEIGHT: Final = 0.5
"""Of a word in the title, on top of what it weighs as a word of the text."""


class TextQueryCompiler(NamedTuple):
    """Where words are looked for."""

    schema: tantivy.Schema
    stemmers: Sequence[str]
    kind: Kind
    roles: tuple[str, ...] | None = None
    """None: all that are searched by default."""
    match: Match = "all"
    silent: Mapping[str, Collection[Term]] = {}
    """What is not looked for, because it tells nothing in a stemmer's language."""

    @property
    def fields(self) -> Sequence[str]:
        """Where words must be, each still without its stemmer. What is searched by default has a field of its own."""
        return ("text",) if self.roles is None or self.kind == "paragraphs" else self.roles

    def query(self, tree: Tree) -> Query:
        """The tree as a query; in paragraphs, only those of the roles match."""
        query = self.heard(tree).part(tree)
        if self.kind == "articles":
            return query
        if self.roles is None:
            # Nearly all paragraphs are of the other roles, which would all be looked up.
            unsearched = (Query.term_query(self.schema, "role", role, "basic") for role in UNSEARCHED)
            return Query.boolean_query([(Occur.Must, query), *((Occur.MustNot, role) for role in unsearched)])
        role = Query.const_score_query(Query.term_set_query(self.schema, "role", [*self.roles]), 0.0)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, role)])

    def worth(self, tree: Tree) -> Query:
        """What ranks by the tree, and need not hold."""
        return self.query(AnyOf(tuple(terms(tree))))

    def titles(self, tree: Tree) -> Query | None:
        """What its words weigh besides in a title; None where titles are texts like others."""
        if self.roles is not None or self.kind == "paragraphs":
            return None
        title = self.heard(tree)._replace(roles=("title",))
        return Query.boost_query(any_of(title.part(term) for term in terms(tree)), TITLE_WEIGHT)

    def heard(self, tree: Tree) -> "TextQueryCompiler":
        """The same, without the words that tell nothing."""
        if self.match == "all":
            return self
        return self._replace(silent={name: stop_words_in(terms(tree), name) for name in self.stemmers})

    def part(self, tree: Tree) -> Query:
        """A node of the tree."""
        match tree:
            case Term():
                return any_of(self.forms(tree))
            case Not(of):
                return all_except([self.unwanted(of)])
            case AnyOf(of):
                return any_of(self.part(part) for part in of)
            case AllOf(of):
                wanted = [(Occur.Must, self.part(part)) for part in of if not isinstance(part, Not)]
                unwanted = [self.unwanted(part.of) for part in of if isinstance(part, Not)]
                if not wanted:
                    return all_except(unwanted)
                return Query.boolean_query([*wanted, *((Occur.MustNot, query) for query in unwanted)])

    def unwanted(self, tree: Tree) -> Query:
        """What must not be there: every word of it counts."""
        return self._replace(silent={}).part(tree)

    def forms(self, term: Term) -> Iterator[Query]:
        """What the term can be in the index: in each field, as each language's stemmer leaves it."""
        if term.prefix or term.distance:
            yield from (self.written(f"{text}_written", term) for text in self.fields)
            return
        for name in self.stemmers:
            if term not in self.silent.get(name, ()):
                words = analyze_term(term.text, name)
                yield from (self.stemmed(f"{text}_{name}", words, term.slop) for text in self.fields)

    def stemmed(self, field: str, words: "AnalyzedTerm", slop: int) -> Query:
        """A word, or several that stand together."""
        positions, patterns, exact = words
        if len(patterns) == 1:
            if exact:
                return Query.term_query(self.schema, field, patterns[0], "freq")
            return Query.regex_query(self.schema, field, patterns[0])
        if exact and len({*patterns}) == len(patterns) == 2:
            return Query.phrase_query(self.schema, field, list(zip(positions, patterns, strict=True)), slop)
        # The engine's own count of moves is exact for two different words only: of more, a ranked list, an
        # unranked one and a total can be of different articles. So each way to stand is asked for.
        stand_together = Query.phrase_query if exact else Query.regex_phrase_query
        return any_of(
            stand_together(self.schema, field, list(zip(places, patterns, strict=True)))
            for places in placings(positions, slop)
        )

    def written(self, field: str, term: Term) -> Query:
        """A prefix or a misspelling, in words as they are written; what stands before it in one word, too."""
        *before, last = (word.text for word in tokenize(term.text, PLAIN))
        query = Query.fuzzy_term_query(self.schema, field, last, term.distance, True, term.prefix)
        rest = [(Occur.Must, Query.term_query(self.schema, field, word, "basic")) for word in before]
        return Query.boolean_query([*rest, (Occur.Must, query)]) if rest else query


class AnalyzedTerm(NamedTuple):
    """How the words of a term stand in the index."""

    positions: tuple[int, ...]
    patterns: tuple[str, ...]
    exact: bool
    """Whether the patterns are the words themselves."""


@lru_cache(maxsize=1_000)
def analyze_term(text: str, name: str) -> AnalyzedTerm:
    """How the words of a term stand, as this stemmer leaves them; the same are asked for page by page."""
    words = tokenize(text, name)
    ends = [open_ends(words, place) for place in range(len(words))]
    patterns = tuple(
        f"{'.?' * before}{word.text}{'.?' * behind}" for word, (before, behind) in zip(words, ends, strict=True)
    )
    return AnalyzedTerm(tuple(it.position for it in words), patterns, patterns == tuple(it.text for it in words))


def stop_words_in(searched: Iterable[Term], name: str) -> Collection[Term]:
    """The words of a question in natural language that tell nothing in it; none where it has no others."""
    given = set(searched)
    found = {it for it in given if not (it.quoted or it.prefix or it.distance or has_content_words(it.text, name))}
    return found if found != given else ()


def any_of(queries: Iterable[Query]) -> Query:
    """At least one of these."""
    listed = list(queries)
    return listed[0] if len(listed) == 1 else Query.boolean_query([(Occur.Should, query) for query in listed])


def all_except(queries: Sequence[Query]) -> Query:
    """Everything except these."""
    everything = Query.const_score_query(Query.all_query(), 0.0)
    return Query.boolean_query([(Occur.Must, everything), *((Occur.MustNot, query) for query in queries)])
