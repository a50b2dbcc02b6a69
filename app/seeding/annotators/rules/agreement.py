"""Agreement: what the names of one article tell about each other, and which identity each has."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from app.models import EntityType
from app.seeding.annotators.lexicon import Lexicon
from app.seeding.annotators.name_forms import derive_surnames
from app.seeding.annotators.rules.evidence import EVIDENCE
from app.seeding.annotators.rules.phrases import Phrase
from app.seeding.annotators.rules.proposals import Proposal
from app.seeding.article import Identity

MOST_NAME_WORDS = 8
"""Words of a known name that is looked for within a phrase."""


class KnownName(NamedTuple):
    """A name that the article proves, and the full name of whom it means."""

    type: EntityType
    full_name: str
    evidence: str


class ArticleNames:
    """The names that an article proves, by which its other phrases are understood."""

    def __init__(
        self, text: str, proposals: Iterable[Proposal], lexicon: Lexicon, places: Container[str] = frozenset()
    ) -> None:
        self.lexicon = lexicon
        self.places = places
        """Names of places that the catalogue knows."""
        self.by_name: dict[str, KnownName] = {}
        for proposal in proposals:
            if EVIDENCE[proposal.evidence].tier != "sure":
                continue
            name = text[proposal.start : proposal.end]
            full_name = proposal.long_form or name
            self.by_name.setdefault(name, KnownName(proposal.type, full_name, "repetition"))
            if proposal.type == "organization":
                self.add_short_form(name, full_name)
        for name, known in list(self.by_name.items()):
            if known.type == "person" and " " in name:
                self.add_surname(name)
        for name, known in list(self.by_name.items()):
            if known.type == "person" and " " in name:
                self.add_first_name(name)

    def add_short_form(self, name: str, full_name: str) -> None:
        """Add the name of a company without `Inc.` and the like."""
        if (stem := self.strip_suffix(name)) != name:
            self.by_name.setdefault(stem, KnownName("organization", full_name, "short form"))

    def add_surname(self, name: str) -> None:
        """Add the surname of a person, without an identity if another person of the article has it, too."""
        for surname in derive_surnames(name):
            known = self.by_name.get(surname)
            other = known.full_name if known and known.evidence == "surname" else name
            full_name = max(name, other, key=len) if is_same_person(name, other) else ""
            self.by_name[surname] = KnownName("person", full_name, "surname")
            for short in {name, other} - {full_name} if full_name else ():
                self.by_name[short] = self.by_name[short]._replace(full_name=full_name)

    def add_first_name(self, name: str) -> None:
        """Add the given name of a person, unless it is a word or another person of the article has it, too."""
        first = name.partition(" ")[0]
        lexicon = self.lexicon
        if first not in lexicon.given_names or first.lower() in lexicon.words:
            return
        known = self.by_name.get(first)
        full_name = self.by_name[name].full_name
        if known is None:
            self.by_name[first] = KnownName("person", full_name, "first name")
        elif known.evidence == "first name" and known.full_name != full_name:
            self.by_name[first] = KnownName("person", "", "first name")

    def find_in_phrase(self, phrase: Phrase, text: str) -> Iterator[Proposal]:
        """Yield the known names in a phrase that is none by itself, the longest from the left."""
        words, first = phrase.words, 0
        while first < len(words):
            last = min(len(words), first + MOST_NAME_WORDS)
            while last > first:
                start, end = words[first].start, words[last - 1].end
                known = self.by_name.get(text[start:end])
                if known and self.fits_rest(phrase, first, last):
                    yield Proposal(start, end, known.type, known.evidence)
                    break
                last -= 1
            first = max(last, first + 1)

    def fits_rest(self, phrase: Phrase, first: int, last: int) -> bool:
        """Tell whether the other words of a phrase are ordinary ones, not parts of another name."""
        rest = [*phrase.words[:first], *phrase.words[last:]]
        return all(
            word.text.lower() in self.lexicon.words and word.text not in self.lexicon.given_names for word in rest
        )

    def identify(self, proposal: Proposal, text: str) -> Identity | None:
        """Return the identity of a proposed name; None for a body that is named by common words only.

        `Supreme Court` and `Interior Ministry` are other bodies in other articles.
        """
        name = text[proposal.start : proposal.end]
        known = self.by_name.get(name)
        full_name = proposal.long_form or (known.full_name if known else name)
        if not full_name or (proposal.type == "person" and " " not in full_name):
            return None
        if proposal.type == "organization":
            full_name = self.shorten(self.strip_suffix(full_name))
            if self.is_common(full_name):
                return None
        return Identity(full_name, proposal.type, local=True)

    def shorten(self, name: str) -> str:
        """Return the shorter name of a company that the article uses, too: `Ford` for `Ford Motor Company`."""
        words = name.split()
        while len(words) > 1 and words[-1] in self.lexicon.get_pattern("company_words"):
            words.pop()
            known = self.by_name.get(" ".join(words))
            if known and known.type == "organization":
                return " ".join(words)
        return name

    def strip_suffix(self, name: str) -> str:
        """Return the name of a company without `Inc.` and the like."""
        stem, _, suffix = name.rpartition(" ")
        return stem if stem and suffix in self.lexicon.get_pattern("company_suffixes") else name

    def is_common(self, name: str) -> bool:
        """Tell whether the name of a body is made of common words only, without a place or an acronym."""
        words = name.replace("-", " ").split()
        if len(words) == 1:
            return name in self.lexicon.get_pattern("bodies")
        lexicon = self.lexicon
        if words[-1] in lexicon.get_pattern("company_words"):
            return False
        return not any(
            word.lower() not in lexicon.words
            or (word.isupper() and len(word) > 1)
            or word in self.places
            or word in lexicon.ambiguous_places
            for word in words
        )


def is_same_person(name: str, other: str) -> bool:
    """Tell whether one of two names has all words of the other: `John Smith` and `John F. Smith`."""
    words, other_words = set(name.split()), set(other.split())
    return bool(words and other_words) and (words <= other_words or other_words <= words)


def choose_types(proposals: Sequence[Proposal], text: str) -> Mapping[str, EntityType]:
    """Return one type for each name of which the proposals differ: that of the surest ones, then of most."""
    weights: dict[str, dict[EntityType, tuple[bool, float]]] = {}
    for proposal in proposals:
        evidence = EVIDENCE[proposal.evidence]
        types = weights.setdefault(text[proposal.start : proposal.end], {})
        is_sure, weight = types.get(proposal.type, (False, 0.0))
        types[proposal.type] = (is_sure or evidence.tier == "sure", weight + evidence.confidence)
    return {name: max(types, key=lambda type: types[type]) for name, types in weights.items() if len(types) > 1}
