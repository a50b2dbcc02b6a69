"""The rule annotator: propose persons, organizations, places and groups that no catalogue knows, by evidence.

A phrase of capitalized words is a name if its own words or those beside it say so (`proposals.py`), or if another
place in the same article does (`agreement.py`). Each kind of evidence has its confidence and tier (`evidence.py`).
The words come from the lexicon of the article's language; in a language without one nothing is proposed.
"""

from collections.abc import Iterable

from app.seeding.annotators.article_text import ArticleText, join_paragraphs
from app.seeding.annotators.lexicon import Lexicon, find_lexicon
from app.seeding.annotators.protocol import Annotation
from app.seeding.annotators.rules.agreement import ArticleNames, choose_types
from app.seeding.annotators.rules.evidence import EVIDENCE, TIERS
from app.seeding.annotators.rules.phrases import find_phrases
from app.seeding.annotators.rules.proposals import Proposal, Proposer
from app.seeding.annotators.rules.spans import Spans
from app.seeding.article import NewArticle, NewMention
from app.seeding.catalogue import Catalogue
from app.settings import Rules

HEADLINE_SHARE = 0.6
"""The share of capitalized words from which capitals tell nothing in a title or heading."""


class RuleAnnotator:
    """Mark names by evidence, where neither the document nor the catalogue has marked any."""

    name = "rules"

    def __init__(self, catalogue: Catalogue, rules: Rules) -> None:
        self.catalogue = catalogue
        self.rules = rules
        self.known_names = {name for entry in catalogue.entities.values() for name in entry.names}
        self.known_places = {
            name for entry in catalogue.entities.values() if entry.type == "place" for name in entry.names
        }
        self.proposers: dict[str, Proposer] = {}
        """By language tag."""

    def __reduce__(self) -> tuple[type["RuleAnnotator"], tuple[Catalogue, Rules]]:
        return RuleAnnotator, (self.catalogue, self.rules)

    def annotate(self, article: NewArticle) -> Annotation:
        """Mark names in all paragraphs but credits."""
        lexicon = find_lexicon(article.language)
        if not lexicon.words:
            return Annotation((), [])
        article_text = join_paragraphs(article.paragraphs)
        text, marks = article_text.cased_text, locate_marks(article, article_text)
        phrases = list(find_phrases(text, marks, find_headlines(article, article_text), lexicon))
        proposer = self.get_proposer(article.language, lexicon)
        by_phrase = [proposer.propose(phrase, text) for phrase in phrases]
        proposals = [proposal for proposed in by_phrase for proposal in proposed if self.is_made(proposal)]
        types = choose_types(proposals, text)
        proposals = [
            proposal._replace(type=types.get(text[proposal.start : proposal.end], proposal.type))
            for proposal in proposals
        ]
        names = ArticleNames(text, proposals, lexicon, self.known_places)
        for phrase, proposed in zip(phrases, by_phrase, strict=True):
            if not any(map(self.is_made, proposed)):
                proposals += filter(self.is_made, names.find_in_phrase(phrase, text))
        return Annotation(tuple(self.make_mentions(article, article_text, proposals, marks, names)), [])

    def get_proposer(self, language: str, lexicon: Lexicon) -> Proposer:
        """Return the proposer of a language."""
        if language not in self.proposers:
            self.proposers[language] = Proposer(lexicon, self.known_places)
        return self.proposers[language]

    def is_made(self, proposal: Proposal) -> bool:
        """Tell whether the evidence of a proposal is enough."""
        return EVIDENCE[proposal.evidence].tier in TIERS[self.rules]

    def make_mentions(
        self,
        article: NewArticle,
        article_text: ArticleText,
        proposals: Iterable[Proposal],
        marks: Spans,
        names: ArticleNames,
    ) -> Iterable[NewMention]:
        """Yield the mentions of proposals, in order, that neither cross nor lie within a mark or one another."""
        reached = 0
        for proposal in sorted(proposals, key=lambda proposal: (proposal.start, -proposal.end)):
            start, end = proposal.start, proposal.end
            exact, span = article_text.text[start:end], article_text.locate(start, end)
            is_known = exact in self.known_names and proposal.evidence != "surname"
            is_settled = is_known or article.settles(exact, span.paragraph)
            if start < reached or marks.are_cut_by(start, end) or is_settled:
                continue
            reached = end
            yield NewMention(
                *span,
                names.identify(proposal, article_text.cased_text),
                proposal.type,
                confidence=EVIDENCE[proposal.evidence].confidence,
                origin=self.name,
                evidence=proposal.evidence,
            )


def locate_marks(article: NewArticle, article_text: ArticleText) -> Spans:
    """Return the spans of an article's mentions in its text."""
    offsets = dict(zip(article_text.positions, article_text.starts, strict=False))
    return Spans(
        (offsets[mention.paragraph] + mention.start, offsets[mention.paragraph] + mention.end)
        for mention in article.mentions
        if mention.paragraph in offsets
    )


def find_headlines(article: NewArticle, article_text: ArticleText) -> Spans:
    """Return the spans of paragraphs in capitals, and of titles and headings in which every word may have one."""
    spans = []
    for position, start in zip(article_text.positions, article_text.starts, strict=False):
        paragraph = article.paragraphs[position]
        if paragraph.text.isupper():
            spans.append((start, start + len(paragraph.text)))
        elif paragraph.role in {"title", "heading"}:
            words = [word for word in paragraph.text.split() if len(word) > 3]
            capitalized = sum(word[0].isupper() for word in words)
            if capitalized >= HEADLINE_SHARE * len(words):
                spans.append((start, start + len(paragraph.text)))
    return Spans(spans)
