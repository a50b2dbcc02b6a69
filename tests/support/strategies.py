"""Small corpora and questions about them, drawn at random from so few words and values that they meet."""

from hypothesis import strategies as st

from app.search.query.filters import parse_moment
from tests.support import oracle

WORDS = ("storm", "Störmy", "stormproof", "NORTH", "northern", "treaty", "été")
TEXTS = st.lists(st.sampled_from((*WORDS, *oracle.TALKED_ABOUT)), min_size=1, max_size=5).map(" ".join)
ROLES = ("dateline", "caption", "credit", "heading", "quote", "list", "body", "body")
TYPES = ("person", "place", "law")
DATES = (
    "1945",
    "1945-12-31",
    "1945-12-31T23:59:59Z",
    "1946",
    "1969-12-31",
    "1970-01-01T00:00:00Z",
    "2024-02",
    "2024-02-29",
    "2024-03-01T00:30:00+02:00",
    "2024-03",
    "2025",
)
MOMENTS = (*DATES, "1945-12-31T23:59:58.5Z", "2024-02-29T22:30:00.001Z", "2024-02-29T22:29:59.9Z")
ABOUT = ("1914", "1916", "1944-12-31", "1945", "1945-12", "1945-12-31", "1946", "1946-01")
TAGS, AUTHORS, SOURCES = ("arms", "talks", "trade"), ("Ann Lee", "Lee, Bo"), ("Wire, The", "Post")
CONFIDENCES = (None, 0.0, 0.289999, 0.29, 0.295, 1.0)
LANGUAGES = ("xx", "xx-YY", "zz")


def draw_few(values, at_most=2):
    return st.lists(st.sampled_from(values), max_size=at_most, unique=True)


def identify(mention):
    """Return what tells a mention from others: of equal ones only one is kept."""
    return tuple(mention[name] for name in ("paragraph", "start", "end", "type", "entity"))


def is_no_date(paragraph):
    """Tell whether a paragraph is no dateline that dates its article."""
    return paragraph["role"] != "dateline" or paragraph["text"] not in oracle.TALKED_ABOUT


@st.composite
def articles(draw, id):
    paragraph = st.fixed_dictionaries({"role": st.sampled_from(ROLES), "text": TEXTS}).filter(is_no_date)
    paragraphs = draw(st.lists(paragraph, max_size=4))
    mentions = st.fixed_dictionaries(
        {
            "paragraph": st.integers(0, len(paragraphs) - 1),
            "start": st.integers(0, 1),
            "end": st.integers(2, 3),
            "type": st.sampled_from(TYPES),
            "entity": st.sampled_from([None, *oracle.ENTITIES]),
            "confidence": st.sampled_from(CONFIDENCES),
        }
    )
    return {
        "id": id,
        "title": draw(TEXTS),
        "paragraphs": paragraphs,
        "mentions": draw(st.lists(mentions, max_size=6, unique_by=identify)) if paragraphs else [],
        "tags": draw(draw_few(TAGS)),
        "authors": draw(draw_few(AUTHORS)),
        "source": draw(st.sampled_from([*SOURCES, None])),
        "language": draw(st.sampled_from(LANGUAGES)),
        "published_at": draw(st.sampled_from([*DATES, None])),
        "updated_at": draw(st.sampled_from([*DATES, None])),
    }


corpora = st.integers(5, 12).flatmap(lambda size: st.tuples(*(articles(f"a{number}") for number in range(size))))

phrases = st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(oracle.phrase)
terms = (
    st.sampled_from(WORDS).map(oracle.word)
    | st.sampled_from(["st", "stör", "north", "ÉT"]).map(oracle.prefix)
    | phrases
)
combined = (oracle.together, oracle.either, oracle.without)
trees = st.recursive(terms, lambda part: st.one_of(*(st.builds(how, part, part) for how in combined)), max_leaves=4)
searches = trees | st.builds(oracle.loosely, terms, terms, terms, terms)


def choices(name, values, *suffixes):
    given_ = st.lists(st.sampled_from(values), min_size=1, max_size=2)
    return [st.tuples(st.just(f"{name}{suffix}"), given_) for suffix in suffixes]


filters = st.one_of(
    *choices("entity", [*oracle.ENTITIES, "Q1", "Q2", "nobody"], "", "_any", "_not"),
    *choices("entity_type", TYPES, "", "_any", "_not"),
    *choices("tag", [*TAGS, "none"], "", "_any", "_not"),
    *choices("author", AUTHORS, "", "_any", "_not"),
    *choices("source", SOURCES, "", "_not"),
    *choices("language", LANGUAGES, "", "_not"),
    *choices("id", ["a0", "a1", "a2", "a99"], ""),
    *choices("entity_name", ["ANN", "Bo", "treaty", "Nobody"], ""),
    *choices("has", oracle.HAS, "", "_any"),
    *choices("missing", oracle.HAS, ""),
    *[st.tuples(st.sampled_from(["published_from", "published_to"]), st.sampled_from(MOMENTS))] * 4,
    *[st.tuples(st.sampled_from(["updated_from", "updated_to"]), st.sampled_from(MOMENTS))] * 2,
    *[st.tuples(st.sampled_from(["about_from", "about_to"]), st.sampled_from(ABOUT))] * 4,
)
conditions = st.one_of(
    *choices("origin", ["given", "rules"], ""),
    *choices("entity_in", ROLES, ""),
    st.tuples(st.just("min_confidence"), st.sampled_from([0.0, 0.28, 0.29, 0.3, 1.0])),
    st.tuples(st.just("local"), st.sampled_from(["true", "false"])),
    *[st.tuples(st.just("min_mentions"), st.integers(1, 3))] * 3,
)
"""What says which mentions the other filters consider."""
kinds = st.sampled_from(["article", "paragraph"])
words = st.one_of(
    st.fixed_dictionaries({}, optional={"within": kinds}),
    st.fixed_dictionaries(
        {"q": searches}, optional={"q_in": draw_few([*ROLES, "title"], 4).filter(bool), "within": kinds}
    ),
)


def is_ordered(asked):
    """Return whether the times of a question, if both are there, are not exchanged, which is refused."""
    return all(
        parse_moment(asked.get(f"{period}_from", "0001"), last=False)
        <= parse_moment(asked.get(f"{period}_to", "9999"), last=True)
        for period in ("published", "updated", "about")
    )


questions = st.builds(
    lambda asked, several, considered: asked | dict(several) | dict(considered),
    words,
    st.lists(filters, max_size=3),
    st.just([]) | st.lists(conditions, max_size=2),
).filter(is_ordered)

tied_articles = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Storm", "storm", "Élan"]),
        "language": st.just("xx"),
        "published_at": st.sampled_from(["1969", "2025", "2025-01-01T00:00:00Z", None]),
        "paragraphs": st.lists(st.sampled_from(["storm", "storm north", "Ann"]), max_size=3),
        "tags": st.lists(st.sampled_from(["Arms", "ARMS", "arms race", "Talks"]), max_size=3, unique=True),
        "mentions": st.lists(
            st.fixed_dictionaries(
                {
                    "paragraph": st.just(0),
                    "start": st.just(0),
                    "end": st.integers(1, 3),
                    "entity": st.fixed_dictionaries(
                        {
                            "name": st.sampled_from(["Ann", "ann", "Bo"]),
                            "type": st.sampled_from(["person", "place"]),
                        }
                    ),
                }
            ),
            max_size=4,
        ),
    }
)


def numbered(several):
    """Articles with ids; those without paragraphs also without mentions."""
    return [
        {**article, "id": f"a{number}", "mentions": article["mentions"] if article["paragraphs"] else []}
        for number, article in enumerate(several)
    ]


tied_corpora = st.lists(tied_articles, min_size=1, max_size=15).map(numbered)
