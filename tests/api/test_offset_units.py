"""Whatever the text and whoever counts: slicing it with a mention's offsets gives the words that it marks."""

from collections import Counter
from itertools import accumulate
from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st

from app.seeding.normalize.characters import is_invisible
from tests.conftest import write_documents

SURPRISING = (
    "e\u0301",
    "é",
    "o\u0308\u0323",
    "👩‍👩‍👧‍👦",
    "🇧🇾",
    "👍🏽",
    "𝒜",
    "𐍈",
    "한",
    "\u1112\u1161\u11ab",
    "क्षि",
    "ไม่",
    "نصّ",
    "שָׁ",
    "ﬁ",
    "\u212b",
    "\u0958",
    "\u2028",
    "\u00a0",
    "\ufeff",
    "\u200b",
    "\u0301",
    "ß",
    "İ",
    "中文",
)
"""What has tripped others: characters of several code points, of two UTF-16 units, and such as NFC changes."""

UNITS = ("codepoint", "utf16", "utf8")

letters = st.sampled_from(SURPRISING) | st.characters(exclude_categories=("Cc", "Cs"))
texts = (
    st.lists(letters, min_size=1, max_size=25)
    .map(lambda several: "".join(several).strip())
    .filter(lambda text: not is_invisible(text))
)
"""Texts in which something is visible; a paragraph without that is dropped."""


@st.composite
def documents(draw):
    """An article with mentions anywhere: nested, crossing, sharing a span, and cutting what NFC joins."""
    unit = draw(st.sampled_from(UNITS))
    paragraphs = draw(st.lists(texts, min_size=1, max_size=4))
    mentions = []
    for number, text in enumerate(paragraphs):
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, len(text) - 1))
            mentions.append((number, start, draw(st.integers(start + 1, len(text)))))
    return unit, paragraphs, mentions


def size(text, unit):
    """How long a text is in this unit."""
    return {"codepoint": len(text), "utf16": len(text.encode("utf-16-le")) // 2, "utf8": len(text.encode())}[unit]


def cut(text, start, end, unit):
    """What stands between two offsets in this unit, as a program that counts so would find it."""
    if unit == "utf16":
        return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
    return text.encode()[start:end].decode() if unit == "utf8" else text[start:end]


def by_paragraph(number, drawn):
    """The document with its text in paragraphs, and offsets into each."""
    unit, paragraphs, mentions = drawn
    return {
        "id": f"a{number}",
        "title": "Title",
        "language": "xx",
        "offset_unit": unit,
        "paragraphs": paragraphs,
        "mentions": [
            {
                "paragraph": at,
                "start": size(paragraphs[at][:start], unit),
                "end": size(paragraphs[at][:end], unit),
                "type": "other",
                "exact": paragraphs[at][start:end],
            }
            for at, start, end in mentions
        ],
    }


def in_one_text(number, drawn):
    """The same document with its text in one, and offsets into it."""
    unit, paragraphs, _ = drawn
    document = by_paragraph(number, drawn)
    begins = list(accumulate((size(text, unit) + 2 for text in paragraphs), initial=0))
    for mention in document["mentions"]:
        begin = begins[mention.pop("paragraph")]
        mention |= {"start": begin + mention["start"], "end": begin + mention["end"]}
    document["text"] = "\n\n".join(document.pop("paragraphs"))
    return document


def stored(text, spans):
    """A text in NFC, and where its marked words stand in it, of the spans whose ends NFC leaves apart."""
    whole, places = normalize("NFC", text), []
    for start, end in spans:
        before, marked, after = (normalize("NFC", part) for part in (text[:start], text[start:end], text[end:]))
        if before + marked + after == whole:
            places.append((len(before), len(before + marked)))
    return whole, places


many_documents = given(st.lists(documents(), min_size=1, max_size=12), st.sampled_from([by_paragraph, in_one_text]))
often = settings(max_examples=7)


@often
@many_documents
def test_every_slice_is_exact_in_every_unit(api, tmp_path, drawn, written):
    api.seed(write_documents(tmp_path / "seeds", [written(*pair) for pair in enumerate(drawn)]), only=True)
    for unit in UNITS:
        for article in api.walk("/articles", include="paragraphs", offset_unit=unit):
            for paragraph in article["paragraphs"]:
                for mention in paragraph["mentions"]:
                    slice_ = cut(paragraph["text"], mention["start"], mention["end"], unit)

                    assert (article["offset_unit"], slice_) == (unit, mention["exact"])


@often
@many_documents
def test_every_mention_is_stored_where_it_was_given(api, tmp_path, drawn, written):
    api.seed(write_documents(tmp_path / "seeds", [written(*pair) for pair in enumerate(drawn)]), only=True)
    for number, (_, paragraphs, mentions) in enumerate(drawn):
        for at, text in enumerate(paragraphs):
            paragraph = api.json(f"/articles/a{number}/paragraphs/{at + 1}")
            whole, places = stored(text, [(start, end) for place, start, end in mentions if place == at])
            spans = Counter((mention["start"], mention["end"]) for mention in paragraph["mentions"])

            assert paragraph["text"] == whole
            assert Counter(places) <= spans
            assert spans.total() == sum(place == at for place, _, _ in mentions)


@often
@many_documents
def test_a_paragraph_has_the_same_offsets_wherever_it_is_answered(api, tmp_path, drawn, written):
    api.seed(write_documents(tmp_path / "seeds", [written(*pair) for pair in enumerate(drawn)]), only=True)
    for unit in UNITS:
        listed = api.walk("/paragraphs", sort="title", offset_unit=unit)
        articles = api.walk("/articles", sort="title", include="paragraphs", offset_unit=unit)
        alone = [api.json(paragraph["url"], offset_unit=unit) for paragraph in listed]

        assert listed == [paragraph for article in articles for paragraph in article["paragraphs"]]
        assert alone == [{**paragraph, "offset_unit": unit} for paragraph in listed]
        assert articles == [api.json(article["url"], offset_unit=unit) for article in articles]
