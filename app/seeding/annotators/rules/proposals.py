"""Proposals: decide by the words in and beside a phrase whether it is a name, and of which type."""

import re
from collections.abc import Container, Sequence
from typing import NamedTuple

from app.models import EntityType
from app.seeding.annotators.lexicon import Lexicon
from app.seeding.annotators.rules.phrases import TAIL, WORDS, Phrase, Word
from app.seeding.annotators.word_lists import CALENDAR, OPENERS

AGE = re.compile(r", \d{2}(?=[,.;)])")
COMPANY = re.compile(r", (?:Inc|Ltd|Corp|LLC|PLC)\b")
ACRONYM = re.compile(r" \(([A-Z][A-Za-z.]{1,8})\)")
NEXT_WORD = re.compile(r" (\w+)")
MOST_PERSON_WORDS = 4


Kind = tuple[EntityType, str]
"""A type and its evidence."""
GROUP: Kind = ("group", "group word")
ORGANIZATION: Kind = ("organization", "organization word")
PLACE: Kind = ("place", "place word")


class Proposal(NamedTuple):
    """A name at `[start:end]` of an article's text."""

    start: int
    end: int
    type: EntityType
    evidence: str
    long_form: str = ""
    """The name that this is short for, if the text says so: `European Space Agency` for `ESA`."""


class Proposer:
    """Proposes names by the words of a lexicon."""

    def __init__(self, lexicon: Lexicon, places: Container[str]) -> None:
        self.words = lexicon.words
        self.given_names = lexicon.given_names
        self.family_names = lexicon.family_names
        self.cities = lexicon.places
        self.organizations = lexicon.organizations
        self.ambiguous_cities = lexicon.ambiguous_places
        self.places = places
        """Names of places that the catalogue knows."""
        self.patterns = lexicon.patterns

    def propose(self, phrase: Phrase, text: str) -> list[Proposal]:
        """Return the name that a phrase is, with an acronym defined after it, or nothing."""
        # `Trump Slams Court`: in a headline an ordinary word is no part of a name, unless it is the last.
        is_sentence = phrase.in_headline and any(word.text.lower() in self.words for word in phrase.words[:-1])
        if phrase.is_ordinary or is_sentence:
            return []
        proposal = (
            self.propose_body(phrase, text) or self.propose_person(phrase, text) or self.propose_place(phrase, text)
        )
        proposal = proposal or self.propose_by_neighbours(phrase, text)
        return self.add_acronym(proposal, phrase, text)

    def propose_body(self, phrase: Phrase, text: str) -> Proposal | None:
        """Return an organization, a place or a group that is named by one of its own words."""
        words = [word.text for word in phrase.words]
        name = text[phrase.start : phrase.end]
        kind = GROUP if self.is_group(words) else None
        if self.is_organization(name, phrase, text):
            kind = ORGANIZATION
        end = phrase.end
        if not kind and (tail := TAIL.match(text, phrase.end)):
            kind = self.find_kind(words[-1], "organization_heads", "place_heads")
            end = self.trim_tail(text, tail) if kind else end
        if not kind and name in self.organizations:
            kind = "organization", "gazetteer"
        if not kind and len(words) > 1 and not self.looks_like_person(words):
            kind = self.find_kind(words[-1], "organization_ends", "place_ends")
            if not kind and words[0] in self.patterns["place_starts"] and words[-1].lower() not in self.words:
                kind = PLACE if len(words) < MOST_PERSON_WORDS else None
        return Proposal(phrase.start, end, *kind) if kind else None

    def is_group(self, words: Sequence[str]) -> bool:
        """Tell whether a single word names a people, a faith or a party."""
        return len(words) == 1 and words[0] in self.patterns["groups"]

    def is_organization(self, name: str, phrase: Phrase, text: str) -> bool:
        """Tell whether a name is that of a body, such as `the Senate`, or stands before `, Inc.`."""
        if name in self.patterns["bodies"] and phrase.word_before == "the":
            return True
        return COMPANY.match(text, phrase.end) is not None

    def find_kind(self, word: str, organizations: str, places: str) -> Kind | None:
        """Return what the words of these two keys make of a name, or None."""
        if word in self.patterns[organizations]:
            return ORGANIZATION
        return PLACE if word in self.patterns[places] else None

    def looks_like_person(self, words: Sequence[str]) -> bool:
        """Tell whether words such as `Charlotte Church` or `Damon Hill` are a given and a family name."""
        return (
            len(words) in {2, 3}
            and words[0] in self.given_names
            and words[0] not in self.places
            and words[0].lower() not in self.words
            and words[-1] in self.family_names
        )

    def trim_tail(self, text: str, tail: re.Match[str]) -> int:
        """Return where a name with `of` ends: before a day, another name, or ` and ` without an ordinary word."""
        end = tail.start()
        for match in WORDS.finditer(text, tail.start(), tail.end()):
            word, is_first = match[0], end == tail.start()
            is_joined = text[end : match.start()] == " and "
            is_name = word in self.given_names and word.lower() not in self.words and word not in self.places
            if not is_first and (word in CALENDAR or is_name or (is_joined and word.lower() not in self.words)):
                break
            end = match.end()
        return end

    def propose_person(self, phrase: Phrase, text: str) -> Proposal | None:
        """Return a person whose name begins with a title, a given name or initials, or stands after a role."""
        titled = self.skip_titles(phrase.words)
        words = phrase.words[titled:]
        is_full = len(words) > 1
        has_role = phrase.word_before in self.patterns["roles"]
        if not (titled or is_full or has_role) or not words or not self.is_personal(words):
            return None
        first, last = words[0].text, words[-1].text
        is_ordinary = last.lower() in self.words and last not in self.family_names and first not in self.given_names
        evidence = ""
        if titled and not is_ordinary and first not in OPENERS:
            evidence = "title"
        elif is_full and any(word.text.endswith(".") and len(word.text) < 6 for word in words[:-1]):
            evidence = "initials"
        elif is_full and self.is_given_name(phrase, words):
            evidence = "given name"
        elif is_full and not is_ordinary and AGE.match(text, words[-1].end):
            evidence = "age"
        elif not is_ordinary and has_role:
            evidence = "role" if is_full or first.lower() not in self.words else ""
        return Proposal(words[0].start, words[-1].end, "person", evidence) if evidence else None

    def is_given_name(self, phrase: Phrase, words: Sequence[Word]) -> bool:
        """Tell whether the first of several words is a given name, and not an ordinary word or a place."""
        first, last = words[0].text, words[-1].text
        if first not in self.given_names or first in self.places:
            return False
        if last.lower() in self.words and last not in self.family_names:
            return False
        if first.lower() not in self.words:
            return True
        if last.lower() in self.words:
            return first in self.patterns["common_given_names"] and not phrase.opens_sentence
        return not phrase.opens_sentence or first in self.patterns["common_given_names"]

    def skip_titles(self, words: Sequence[Word]) -> int:
        """Return how many words at the start are titles, such as `Foreign Minister`."""
        titles, parts = self.patterns["titles"], self.patterns["title_parts"]
        count = end = 0
        while count < len(words) and (words[count].text in titles or words[count].text in parts):
            count += 1
            if words[count - 1].text in titles:
                end = count
        return end

    def is_personal(self, words: Sequence[Word]) -> bool:
        """Tell whether words can be the name of a person: no acronyms, no numbers, no words of other names."""
        texts, last = [word.text for word in words], words[-1].text
        is_word = last.isalpha() or "-" in last or "'" in last or last.endswith(".")
        has_acronym = any(text.isupper() and len(text) > 1 and not text.endswith(".") for text in texts)
        has_other_word = any(
            text in self.patterns["organization_ends"] or text in self.patterns["directions"] for text in texts
        )
        is_place = last in self.patterns["place_ends"] and last not in self.family_names
        is_short = len(words) <= MOST_PERSON_WORDS and len(last) > 1
        return is_short and is_word and not (has_acronym or has_other_word or is_place)

    def propose_place(self, phrase: Phrase, text: str) -> Proposal | None:
        """Return a place: a part of a known one, or one of the lexicon."""
        first, *rest = (word.text for word in phrase.words)
        name, whole = " ".join(rest), text[phrase.start : phrase.end]
        if rest and first in self.patterns["directions"] and (name in self.places or name in self.cities):
            return Proposal(phrase.start, phrase.end, "place", "direction")
        is_after_preposition = phrase.word_before in self.patterns["place_prepositions"]
        if whole in self.cities or (whole in self.ambiguous_cities and is_after_preposition):
            return Proposal(phrase.start, phrase.end, "place", "gazetteer")
        return None

    def propose_by_neighbours(self, phrase: Phrase, text: str) -> Proposal | None:
        """Return a name that only the words beside it tell; they are less often right."""
        words = [word.text for word in phrase.words]
        if any(word.lower() in self.words for word in words):
            return None
        following = NEXT_WORD.match(text, phrase.end)
        next_word = following[1] if following else ""
        is_acronym = len(words) == 1 and words[0].isupper() and len(words[0]) > 1
        evidence: Kind | None = None
        if next_word in self.patterns["business_words"] and len(words) < 4:
            evidence = "organization", "business word"
        elif 1 < len(words) < 4 and next_word in self.patterns["person_verbs"]:
            evidence = "person", "verb"
        elif len(words) < 3 and not is_acronym and self.follows_preposition(phrase):
            evidence = "place", "preposition"
        elif is_acronym and words[0].isalpha() and len(words[0]) < 7:
            has_article = phrase.word_before == "the"
            evidence = "organization", "the acronym" if has_article else "acronym"
        return Proposal(phrase.start, phrase.end, *evidence) if evidence else None

    def follows_preposition(self, phrase: Phrase) -> bool:
        """Tell whether a phrase that is no given name stands after `in`."""
        return (
            phrase.word_before in self.patterns["place_prepositions"] and phrase.words[0].text not in self.given_names
        )

    def add_acronym(self, proposal: Proposal | None, phrase: Phrase, text: str) -> list[Proposal]:
        """Return the proposal, and that of the acronym in brackets after it, which proves an organization."""
        end = proposal.end if proposal else phrase.end
        start = proposal.start if proposal else phrase.start
        match = ACRONYM.match(text, end)
        name = text[start:end]
        if match and " " in name and matches_initials(match[1], name):
            type = proposal.type if proposal and proposal.type != "person" else "organization"
            acronym = Proposal(match.start(1), match.end(1), type, "acronym definition", name)
            return [proposal or Proposal(start, end, type, "acronym definition"), acronym]
        return [proposal] if proposal else []


def matches_initials(acronym: str, name: str) -> bool:
    """Tell whether the letters of an acronym are the first letters of the capitalized words of a name."""
    letters = [letter for letter in acronym if letter.isupper()]
    initials = [word[0] for word in re.split("[ -]", name) if word[:1].isupper()]
    position = 0
    for letter in letters:
        if letter not in initials[position:]:
            return False
        position = initials.index(letter, position) + 1
    return len(letters) > 1 and initials[:1] == letters[:1]
