"""Stop words: the words of a language that say nothing about the subject of a text."""

from functools import cache, lru_cache
from typing import Final

import tantivy

from app.search.index.analysis import fold_words

ENGLISH: Final = """
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
"""
"""The function words of English; tantivy's own list has 33."""

STOP_WORDS: Final = {
    "english": ENGLISH,
    "hindi": "का के की में से को पर और है हैं था थे थी यह वह इस उस एक ने भी तो ही कि या नहीं",
    "light_arabic": "في من على الى عن مع هذا هذه ذلك تلك التي الذي و او ثم ان لا ما لم لن قد كان كانت هو هي هم",
    "light_belarusian": "і й у ў на з са да за па пра для ад аб што як не ні гэта гэты яго яе іх ён",
    "light_czech": "a i v ve na s se z ze k ke o u za po do od pro pri pred nad pod co jak ne je jsou byl to ten",
    "light_hebrew": "של את על אל עם לא הוא היא הם זה זאת אני כי אם או גם כל יש אין מה מי",
    "light_polish": "i a w we na z ze do od o u po za dla przez przy pod nad co jak nie jest sa byl to ten",
    "light_ukrainian": "і й та у в на з із зі до за по про для від що як не ні це цей його її їх ми ви вони",
}
"""The function words of the languages of which tantivy has no list, or a short one, by the name of their stemmer."""


@cache
def folded_stop_words(name: str) -> frozenset[str]:
    """Return our own stop words for a stemmer, folded."""
    return frozenset(fold_words(STOP_WORDS.get(name, "")).split())


@cache
def content_word_analyzer(name: str) -> tantivy.TextAnalyzer | None:
    """Build the analyzer that leaves only what tantivy knows for content words; None if it has no list."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    try:
        return words.filter(tantivy.Filter.stopword(name)).build()
    except ValueError:
        return None


@lru_cache(maxsize=10_000)
def has_content_words(text: str, name: str) -> bool:
    """Tell whether a text has a word that is no stop word in the language of this stemmer."""
    if name in STOP_WORDS:
        return not folded_stop_words(name).issuperset(fold_words(text).split())
    analyzer = content_word_analyzer(name)
    return analyzer is None or bool(analyzer.analyze(text))
