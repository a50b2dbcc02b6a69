"""Text query: compile the syntax tree of `q` to a tantivy query over fields and stemmed words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import tantivy
from tantivy import Occur, Query

from app.search.index.analysis import analyze
from app.search.index.schema import UNSEARCHED, Kind
from app.search.index.stemmers import PLAIN
from app.search.index.storage import OpenIndex
from app.search.query.clauses import all_except, any_of
from app.search.query.moved_phrases import MovedPhrase
from app.search.query.phrases import open_ends, placings
from app.search.query.searched_terms import searched_tree
from app.search.query.tree import AllOf, AnyOf, Not, Term, Tree, terms

TITLE_WEIGHT: Final = 0.5
"""Score of a word in the title, relative to one in the text, to which it is added."""


class TextQueryCompiler(NamedTuple):
    """Compiles syntax trees for one index, in the fields of some roles and all its languages."""

    open_index: OpenIndex
    stemmers: Sequence[str]
    kind: Kind
    roles: tuple[str, ...] | None = None
    """None for those that are searched by default."""

    @property
    def schema(self) -> tantivy.Schema:
        """The schema of the index."""
        return self.open_index.schema

    @property
    def fields(self) -> Sequence[str]:
        """The fields to search, without the suffix of a stemmer. What is searched by default has a field of its own."""
        return ("text",) if self.roles is None or self.kind == "paragraphs" else self.roles

    def query(self, tree: Tree) -> Query:
        """Compile a tree to the query that selects; of paragraphs, only those of the roles match."""
        query = self.compile_searched(tree)
        if self.kind == "articles":
            return query
        if self.roles is None:
            # Excluding the few credits is faster than looking up nearly all paragraphs by the other roles.
            unsearched = (Query.term_query(self.schema, "role", role, "basic") for role in UNSEARCHED)
            return Query.boolean_query([(Occur.Must, query), *((Occur.MustNot, role) for role in unsearched)])
        role = Query.const_score_query(Query.term_set_query(self.schema, "role", [*self.roles]), 0.0)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, role)])

    def scoring_query(self, tree: Tree) -> Query:
        """Compile a tree to the query that scores by any of its terms."""
        return self.query(AnyOf(tuple(terms(tree))))

    def title_query(self, tree: Tree) -> Query | None:
        """Compile a tree to the query that scores titles; None for paragraphs, and for roles that the query names."""
        if self.roles is not None or self.kind == "paragraphs":
            return None
        titles = self._replace(roles=("title",))
        words = (
            word for searched, compiler in titles.by_language(tree) for word in compiler.compile_each(terms(searched))
        )
        return Query.boost_query(any_of(words), TITLE_WEIGHT)

    def compile_searched(self, tree: Tree) -> Query:
        """Compile what is searched of a tree, which depends on the stop words of each language."""
        trees = self.by_language(tree)
        if len(trees) == 1:
            [(searched, compiler)] = trees
            return compiler.compile(searched)
        return any_of(compiler.restrict(compiler.compile(searched)) for searched, compiler in trees)

    def by_language(self, tree: Tree) -> list[tuple[Tree, "TextQueryCompiler"]]:
        """Return what is searched of a tree, with a compiler for the languages in which that is the same."""
        stemmers: dict[Tree, list[str]] = {}
        for name in self.stemmers:
            stemmers.setdefault(searched_tree(tree, name), []).append(name)
        return [(searched, self._replace(stemmers=names)) for searched, names in stemmers.items()]

    def restrict(self, query: Query) -> Query:
        """Restrict a query to documents in the languages of this compiler: a prefix is searched in all languages."""
        languages = Query.const_score_query(Query.term_set_query(self.schema, "stemmer", [*self.stemmers]), 0.0)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, languages)])

    def compile(self, tree: Tree) -> Query:
        """Compile a node of the tree."""
        match tree:
            case Term():
                return any_of(self.term_variants(tree))
            case Not(of):
                return all_except([self.compile(of)])
            case AnyOf(of):
                return any_of(self.compile_each(of))
            case AllOf(of):
                wanted = [
                    (Occur.Must, query) for query in self.compile_each(part for part in of if not isinstance(part, Not))
                ]
                unwanted = [self.compile(part.of) for part in dict.fromkeys(of) if isinstance(part, Not)]
                if not wanted:
                    return all_except(unwanted)
                return Query.boolean_query([*wanted, *((Occur.MustNot, query) for query in unwanted)])

    def compile_each(self, parts: Iterable[Tree]) -> Iterator[Query]:
        """Yield a query for each distinct part, which scores as often as the part stands there."""
        for part, times in Counter(parts).items():
            query = self.compile(part)
            yield query if times == 1 else Query.boost_query(query, float(times))

    def term_variants(self, term: Term) -> Iterator[Query]:
        """Yield a query for each form that a term can have in the index: in each field, by each stemmer."""
        if term.prefix or term.distance:
            yield from (self.surface_query(f"{text}_written", term) for text in self.fields)
            return
        for name in self.stemmers:
            words = analyze_term(term.text, name)
            yield from (self.stemmed_query(f"{text}_{name}", words, term.slop) for text in self.fields)

    def stemmed_query(self, field: str, words: "AnalyzedTerm", slop: int) -> Query:
        """Build the query for a word, or for words that stand together."""
        positions, patterns, exact = words
        if len(patterns) == 1:
            if exact:
                return Query.term_query(self.schema, field, patterns[0], "freq")
            return Query.regex_query(self.schema, field, patterns[0])
        if exact and len({*patterns}) == len(patterns) == 2:
            return Query.phrase_query(self.schema, field, list(zip(positions, patterns, strict=True)), slop)
        if exact and slop and len({*patterns}) > 1:
            return MovedPhrase(self.open_index, field, patterns, slop).query()
        stand_together = Query.phrase_query if exact else Query.regex_phrase_query
        return any_of(
            stand_together(self.schema, field, list(zip(places, patterns, strict=True)))
            for places in placings(positions, slop)
        )

    def surface_query(self, field: str, term: Term) -> Query:
        """Build the query for a prefix or a misspelt word, as written; `nuclear-mis*` also requires `nuclear`."""
        *before, last = analyze(term.text, PLAIN)
        query = Query.fuzzy_term_query(self.schema, field, last, term.distance, True, term.prefix)
        rest = [(Occur.Must, Query.term_query(self.schema, field, word, "basic")) for word in before]
        return Query.boolean_query([*rest, (Occur.Must, query)]) if rest else query


class AnalyzedTerm(NamedTuple):
    """The words of a term as the index holds them."""

    positions: tuple[int, ...]
    patterns: tuple[str, ...]
    exact: bool
    """Tells whether the patterns are plain words."""


@lru_cache(maxsize=1_000)
def analyze_term(text: str, name: str) -> AnalyzedTerm:
    """Return the words of a term as this stemmer leaves them; cached, since every page of a list needs them."""
    words = analyze(text, name)
    ends = [open_ends(words, place) for place in range(len(words))]
    patterns = tuple(
        f"{'.?' * before}{word}{'.?' * behind}" for word, (before, behind) in zip(words, ends, strict=True)
    )
    return AnalyzedTerm(tuple(range(len(words))), patterns, patterns == tuple(words))
