"""Light stemmers: cut the usual endings, and for Semitic languages beginnings, where Snowball has none or a worse one.

They see folded words (`app.text`). The endings are those of nouns and adjectives, which is what people search for
(Savoy 2006, "Light stemming approaches"; Larkey, Ballesteros and Connell 2007, "light10", for Arabic). Snowball has no
stemmer for Belarusian, Hebrew and Ukrainian. That for Arabic cuts a plural ending only after an article, and no
conjunction. Those for Czech and Polish need the accents that folding takes away: of the pairs of forms of Czech words
Snowball joins 18 %, and these rules 41 %; of Polish nouns and adjectives 77 and 79 %, with `wojen` for `wojna`.

To add a language, write a line in `LIGHT_STEMMERS`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final


class LightStemmer:
    """Cuts the longest ending that leaves enough of a word, and the longest beginning."""

    def __init__(
        self,
        name: str,
        suffixes: str,
        prefixes: str = "",
        *,
        least: int = 3,
        repeat: bool = False,
        drop_e: bool = False,
        alike: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.suffixes = sorted(suffixes.split(), key=len, reverse=True)
        self.prefixes = sorted(prefixes.split(), key=len, reverse=True)
        self.least = least
        """The fewest letters that are left of a word."""
        self.repeat = repeat
        """Cut as long as something can be cut, so that a word has one stem whatever stands before it."""
        self.drop_e = drop_e
        """Drop an `e` before the last letter, which comes and goes: `zamek`, `zamku`."""
        self.alike = alike or {}
        """Last letters that stand for one another: `Praha`, `Praze`."""
        self.stem = lru_cache(maxsize=100_000)(self.cut)
        """Return the stem of a word."""

    def cut(self, word: str) -> str:
        """Return what is left of a word."""
        word = self.cut_affixes(word, self.suffixes, at_end=True)
        word = self.cut_affixes(word, self.prefixes, at_end=False)
        if self.drop_e and len(word) > self.least and word[-2] == "e":
            word = word[:-2] + word[-1]
        return word[:-1] + self.alike.get(word[-1], word[-1])

    def cut_affixes(self, word: str, affixes: list[str], *, at_end: bool) -> str:
        """Return a word without an ending or a beginning, or, if they repeat, without any."""
        while True:
            fits = word.endswith if at_end else word.startswith
            length = next((len(affix) for affix in affixes if len(word) - len(affix) >= self.least and fits(affix)), 0)
            if not length:
                return word
            word = word[:-length] if at_end else word[length:]
            if not self.repeat:
                return word


LIGHT_STEMMERS: Final[dict[str, LightStemmer]] = {
    "ar": LightStemmer("light_arabic", "ها ان ات ون ين يه ه ي", "وال بال كال فال لل ال و", repeat=True),
    "be": LightStemmer(
        "light_belarusian",
        "амі ямі ага яга ога аму яму ому ымі імі ай яй ой ей оў аў еў яў ах ях ам ям ом ем ым ім ых іх ую юю ая "
        "яя ое ее ыя ія у ю а я о е э ы і й ь",
        alike={"ц": "т", "з": "г"},
    ),
    "cs": LightStemmer(
        "light_czech",
        "atech etem atum ech ich eho iho emi imi ymi emu imu ach ete eti ata aty ych ama ami ove ovi em es im um at am "
        "os us ym mi ou a e i o u y",
        drop_e=True,
        alike={"c": "k", "z": "h"},
    ),
    "he": LightStemmer(
        "light_hebrew", "ים ות ה ת י", "ו ה ב כ ל מ ש", repeat=True, alike=dict(zip("ךםןףץ", "כמנפצ", strict=True))
    ),
    "pl": LightStemmer(
        "light_polish",
        "iami owie iego iemu iach ami ach ego emu ych ich ymi imi owi iem iej iom ow om em ej ia ie io iu a e i o u y",
        drop_e=True,
        alike={"c": "k"},
    ),
    "uk": LightStemmer(
        "light_ukrainian",
        "ями ами ові еві єві ого ього ому ьому ими їми ією ою ею єю ах ях ам ям ом ем єм ів їв ей ій их їх им їм "
        "ої ії ію ия у ю а я о е є и і ї й ь",
        alike={"ц": "к", "з": "г"},
    ),
}
"""The stemmers by the ISO 639-1 code of their language. Korean needs none: its words are indexed in pairs."""
