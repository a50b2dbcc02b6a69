"""From the tree of a question to a query of the engine: in which fields, and as which words, each term is found."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import tantivy
from tantivy import Occur, Query

from app.search.phrases import open_ends, placings
from app.search.schema import PLAIN, UNSEARCHED, Kind, Token, tells, tokens
from app.search.words import AllOf, AnyOf, Match, Not, Term, Tree, terms

TITLE_WEIGHT: Final = 0.5
"""Of a word in the title, on top of what it weighs as a word of the text."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where words are looked for."""

    schema: tantivy.Schema
    stemmers: Sequence[str]
    kind: Kind
    roles: tuple[str, ...] | None = None
    """None: all that are searched by default."""
    match: Match = "all"
    weighed: bool = True
    """Whether the ranking is asked for; what only adds to it is left out otherwise."""
    silent: Mapping[str, Collection[Term]] = field(default_factory=dict)
    """What is not looked for, because it tells nothing in a stemmer's language."""

    def fields(self) -> Iterator[tuple[str, float]]:
        """Fields with their weights in the ranking, each still without its stemmer."""
        if self.kind == "paragraphs":
            yield "text", 1.0
        elif self.roles is None:
            yield "text", 1.0
            if self.weighed:
                yield "title", TITLE_WEIGHT
        else:
            for role in self.roles:
                yield role, 1.0

    def query(self, tree: Tree) -> Query:
        """The tree as a query; in paragraphs, only those of the roles match."""
        unheard = {name: silent(terms(tree), name, self.match) for name in self.stemmers}
        query = replace(self, silent=unheard).part(tree)
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

    def part(self, tree: Tree) -> Query:
        """A node of the tree."""
        match tree:
            case Term():
                return either(self.forms(tree))
            case Not(of):
                return all_but([self.unwanted(of)])
            case AnyOf(of):
                return either(self.part(part) for part in of)
            case AllOf(of):
                wanted = [(Occur.Must, self.part(part)) for part in of if not isinstance(part, Not)]
                unwanted = [self.unwanted(part.of) for part in of if isinstance(part, Not)]
                if not wanted:
                    return all_but(unwanted)
                return Query.boolean_query([*wanted, *((Occur.MustNot, query) for query in unwanted)])

    def unwanted(self, tree: Tree) -> Query:
        """What must not be there: every word of it counts."""
        return replace(self, silent={}).part(tree)

    def forms(self, term: Term) -> Iterator[Query]:
        """What the term can be in the index: in each field, as each language's stemmer leaves it."""
        if term.prefix or term.distance:
            for text, weight in self.fields():
                yield Query.boost_query(self.written(f"{text}_written", term), weight)
            return
        heard = [name for name in self.stemmers if term not in self.silent.get(name, ())]
        stems = [(name, tokens(term.text, name)) for name in heard]
        for text, weight in self.fields():
            for name, words in stems:
                yield Query.boost_query(self.stemmed(f"{text}_{name}", words, term.slop), weight)

    def stemmed(self, field: str, words: Sequence[Token], slop: int) -> Query:
        """A word, or several that stand together."""
        ends = [open_ends(words, place) for place in range(len(words))]
        patterns = [f"{'.?' * before}{word.text}{'.?' * behind}"
                    for word, (before, behind) in zip(words, ends, strict=True)]  # fmt: skip
        exact = patterns == [word.text for word in words]
        if len(words) == 1:
            if exact:
                return Query.term_query(self.schema, field, patterns[0], "freq")
            return Query.regex_query(self.schema, field, patterns[0])
        positions = tuple(word.position for word in words)
        if exact and len({*patterns}) == len(words) == 2:
            return Query.phrase_query(self.schema, field, list(zip(positions, patterns, strict=True)), slop)
        # The engine's own count of moves is exact for two different words only: of more, a ranked list, an
        # unranked one and a total can be of different articles. So each way to stand is asked for.
        stand_together = Query.phrase_query if exact else Query.regex_phrase_query
        return either(
            stand_together(self.schema, field, list(zip(places, patterns, strict=True)))
            for places in placings(positions, slop)
        )

    def written(self, field: str, term: Term) -> Query:
        """A prefix or a misspelling, in words as they are written; what stands before it in one word, too."""
        *before, last = (word.text for word in tokens(term.text, PLAIN))
        query = Query.fuzzy_term_query(self.schema, field, last, term.distance, True, term.prefix)
        rest = [(Occur.Must, Query.term_query(self.schema, field, word, "basic")) for word in before]
        return Query.boolean_query([*rest, (Occur.Must, query)]) if rest else query


def silent(searched: Iterable[Term], name: str, match: Match) -> Collection[Term]:
    """The words of a natural question that tell nothing in this language; none where it has no others."""
    if match == "all":
        return ()
    given = set(searched)
    found = {it for it in given if not (it.quoted or it.prefix or it.distance or tells(it.text, name))}
    return found if found != given else ()


def either(queries: Iterable[Query]) -> Query:
    """At least one of these."""
    listed = list(queries)
    return listed[0] if len(listed) == 1 else Query.boolean_query([(Occur.Should, query) for query in listed])


def all_but(queries: Sequence[Query]) -> Query:
    """Everything except these."""
    everything = Query.const_score_query(Query.all_query(), 0.0)
    return Query.boolean_query([(Occur.Must, everything), *((Occur.MustNot, query) for query in queries)])
