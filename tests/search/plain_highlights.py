"""Highlights found in the plainest way: each term by itself, each hit beside all others. It takes its time."""

from app.search.highlighter import EXCERPT, MatchedSpan
from app.search.index.analysis import tokenize
from app.search.index.stemmers import PLAIN, stemmer_for
from app.search.query.phrases import open_ends, placings
from app.search.query.searched_terms import searched_tree
from app.search.query.tree import terms


def find(highlighter, text, role, language):
    """What `Highlighter.find` finds."""
    if role not in highlighter.roles:
        return []
    name = stemmer_for(language)
    hits = sorted(
        MatchedSpan(start, end, number)
        for number, term in enumerate(dict.fromkeys(terms(searched_tree(highlighter.tree, name))))
        for start, end in spans(term, text, name)
    )
    joined = []
    for hit in hits:
        if joined and hit.start < joined[-1].end:
            joined[-1] = joined[-1]._replace(end=max(joined[-1].end, hit.end))
        else:
            joined.append(hit)
    return joined


def spans(term, text, name):
    """Where the words of a text are that belong to a term."""
    if term.prefix or term.distance:
        *before, last = (word.text for word in tokenize(term.text, PLAIN))
        for token in tokenize(text, PLAIN):
            begun = term.prefix and token.text.startswith(last)
            if token.text in before or begun or (term.distance and misspelt(token.text, last, term.distance)):
                yield token.start, token.end
        return
    words, tokens = tokenize(term.text, name), tokenize(text, name)
    positions = [dict(fitting(words, place, tokens)) for place in range(len(words))]
    for places in placings(tuple(word.position for word in words), term.slop):
        for first in positions[0]:
            there = [spans.get(first + place - places[0]) for place, spans in zip(places, positions, strict=True)]
            if None not in there:
                yield from there


def fitting(words, place, tokens):
    """The positions, each with its span, where one of the words stands; of a pair, only the character that is meant."""
    word = words[place].text
    before, behind = open_ends([word.text for word in words], place)
    for token in tokens:
        if token.text == word:
            yield token.position, (token.start, token.end)
        elif behind and token.text.startswith(word):
            yield token.position, (token.start, token.start + 1)
        elif before and token.text.endswith(word):
            yield token.position, (token.end - 1, token.end)


def misspelt(one, other, distance):
    """Whether so many letters added, left out, replaced or swapped with their neighbour make one word the other."""
    earlier, last = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, other_letter in enumerate(other, start=1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != other_letter)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                row[-1] = min(row[-1], earlier[j - 2] + 1)
        earlier, last = last, row
    return last[-1] <= distance


def densest(hits):
    """The first of the hits behind which stand hits of most terms, then most hits."""

    def worth(first):
        inside = [hit.term for hit in hits if first.start <= hit.start and hit.end <= first.start + EXCERPT // 2]
        return len(set(inside)), len(inside)

    return max(hits, key=worth)
