"""Stop words: the words of a language that say nothing about the subject of a text."""

from functools import cache
from typing import Final

import tantivy

from app.search.index.analysis import strip_punctuation

ENGLISH_STOP_WORDS: Final = """
    a an the this that these those each every either neither any all both some no other such same own
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself
    she her hers herself it its itself they them their theirs themselves who whom whose which what
    be am is are was were been being have has had having do does did doing done
    can could may might must shall should will would ought cannot
    and or but nor if because as until while so than though although whether
    of at by for with about against between among into through during before after above below to from
    up down in out on off over under upon within without toward towards via per
    not only very too just again further then once here there when where why how more most few also
    s ll re ve
""".split()  # noqa: SIM905  (Kinds of words, a kind a line.)
"""The function words of English; tantivy's own list has 33."""


@cache
def content_word_analyzer(name: str) -> tantivy.TextAnalyzer | None:
    """Build the analyzer that leaves only content words; None for a stemmer without a list of stop words."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    stops = tantivy.Filter.custom_stopword(ENGLISH_STOP_WORDS) if name == "english" else tantivy.Filter.stopword(name)
    try:
        return words.filter(tantivy.Filter.lowercase()).filter(stops).build()
    except ValueError:
        return None


def has_content_words(text: str, name: str) -> bool:
    """Tell whether a text has a word that is no stop word in the language of this stemmer."""
    analyzer = content_word_analyzer(name)
    return analyzer is None or bool(analyzer.analyze(strip_punctuation(text)))
