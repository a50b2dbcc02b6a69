"""Whole articles as the API returns them, drawn at random, and the articles of the shared corpora in this shape."""

from collections import defaultdict

from hypothesis import strategies as st

from app.rendering import render_article, render_paragraph
from tests.support.corpora import convert_article, read_corpus

CHARACTERS = st.one_of(
    st.sampled_from("ab Z9.,-'|\\\"<>&_*[]()#=+@\n\t"),
    st.sampled_from("é\u0301\u0300ßŁ"),  # combining marks, also where nothing is before them
    st.sampled_from("😀𝔘𠀀🇧🇾"),
    st.sampled_from("שלום\u05b7\u200f"),
    st.sampled_from("中文ไทย\u0e48"),
    st.characters(exclude_categories=["Cs", "Cc"]),
)
TEXTS = st.text(CHARACTERS, min_size=1, max_size=30)
PARAGRAPH_TEXTS = TEXTS.map(str.strip).filter(bool)
"""Seeding strips paragraphs, and drops those in which there is nothing."""
ROLES = st.sampled_from(("dateline", "caption", "credit", "heading", "quote", "list", "body", "body"))
TYPES = ("person", "place", "organization", "law", "other")
DATE_VALUES = st.sampled_from(["1986", "1986-04", "1986-04-26", "198X", "19XX", "1986-04/1986-06"])
ENTITIES = st.sampled_from([None, "minsk", "ann-lee", "q-1"])


def make_article(id, paragraphs, **values):
    """Return a whole article of (role, text, mentions) and, after them, any dates of the paragraph.

    A mention is (start, end, type, entity id or None), a date (start, end, value).
    """
    reference = {"id": id, "title": paragraphs[0][1], "published_at": values.get("published_at")}
    rendered = [
        render_paragraph(
            "",
            reference,
            position,
            role,
            None,
            text,
            [make_mention(text, *each) for each in mentions],
            [{"start": start, "end": end, "exact": text[start:end], "value": value} for start, end, value in dates],
        )
        for position, (role, text, mentions, *dates) in enumerate(paragraphs)
    ]
    row = {
        "id": id,
        "title": paragraphs[0][1],
        "source": None,
        "source_url": None,
        "language": "en",
        "authors": [],
        "rights": None,
        "published_at": None,
        "published_precision": None,
        "published_offset": None,
        "updated_at": None,
        "updated_precision": None,
        "updated_offset": None,
        "word_count": 3,
    }
    tags = [{"id": "arms", "name": "Arms"}]
    entities = defaultdict(lambda: {"wikidata": None, "local": False})
    return {**render_article("", row, rendered, tags, entities), **values, "paragraphs": rendered, "extra": {}}


def make_mention(text, start, end, type, entity):
    known = {"id": entity, "name": entity.title(), "type": type} if entity else None
    return {
        "start": start,
        "end": end,
        "exact": text[start:end],
        "type": type,
        "entity": known,
        "label": None,
        "confidence": None,
        "origin": "given",
    }


@st.composite
def places_in(draw, text):
    visible = [place for place, character in enumerate(text) if not character.isspace()]
    first, last = sorted(draw(st.tuples(*[st.sampled_from(visible)] * 2)))
    return first, last + 1


@st.composite
def mentions_in(draw, text):
    return *draw(places_in(text)), draw(st.sampled_from(TYPES)), draw(ENTITIES)


@st.composite
def dates_in(draw, text):
    return *draw(places_in(text)), draw(DATE_VALUES)


@st.composite
def paragraphs(draw, roles=ROLES):
    text = draw(PARAGRAPH_TEXTS)
    mentions = draw(st.lists(mentions_in(text), max_size=4))
    dates = draw(st.lists(dates_in(text), max_size=2))
    return draw(roles), text, sorted(mentions, key=lambda mention: mention[:2]), *sorted(dates)


@st.composite
def exported_articles(draw):
    """Some articles with mentions and dates anywhere, nested, crossing, in the middle of words, of a letter."""
    several = draw(st.lists(st.tuples(paragraphs(st.just("title")), st.lists(paragraphs(), max_size=4)), max_size=3))
    return [make_article(f"a{number}", [title, *rest]) for number, (title, rest) in enumerate(several)]


def corpus_articles(name):
    """Return the articles of a shared corpus."""
    return [corpus_article(convert_article(article)) for article in read_corpus(name)]


def corpus_article(article):
    texts = [(each["role"], each["text"], []) for each in article["paragraphs"]]
    shift = 0 if "title" not in article else 1
    texts = [("title", article["title"], []), *texts] if shift else texts
    for mention in article["mentions"]:
        entity = mention["entity"] and mention["entity"]["name"].lower().replace(" ", "-")
        place = mention["start"], mention["end"], mention["type"], entity
        texts[mention["paragraph"] + shift][2].append(place)
    return make_article(article["id"], texts)
