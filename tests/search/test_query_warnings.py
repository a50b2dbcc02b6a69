"""Warnings: what a response says of operators that `q` doesn't know, of words without a hit, and of too many words."""

from collections.abc import Iterator

import pytest

from tests.conftest import Api, Fresh, serving_documents, write_documents
from tests.support.problems import refused

LISTS = ("/articles", "/paragraphs", "/entities", "/tags")

ARTICLES = [
    {"id": "kenya", "title": "Elections", "text": "The elections in Kenya were held in May.", "tags": ["Africa"]},
    {"id": "peru", "title": "Peru", "text": "A missile was launched in Peru.", "language": "en"},
    {"id": "berlin", "title": "Berlin", "text": "Die Wahl in Berlin: das Haus wählt.", "language": "de"},
]


@pytest.fixture(scope="module")
def corpus(fresh: Fresh, tmp_path_factory) -> Iterator[Api]:
    """The application over three small articles."""
    with serving_documents(fresh(tmp_path_factory.mktemp("corpus") / "data"), ARTICLES) as api:
        yield api


def warnings(api: Api, address: str = "/articles", **parameters) -> list[tuple[str, str]]:
    """Return the parameter and the sentence of each warning."""
    return [(item["parameter"], item["message"]) for item in api.json(address, **parameters).get("warnings", ())]


@pytest.mark.parametrize(
    ("q", "message"),
    [
        ("nucl*r", "`*` means a prefix only at the end of a word, so 'nucl*r' is searched as words."),
        ("*missile", "`*` means a prefix only at the end of a word, so '*missile' is searched as words."),
        (
            "mis?ile",
            ("`?` stands for no letter, so 'mis?ile' is searched as words; "
             "`word~1` finds words with a wrong letter."),
        ),
        ("missile^2", "`^` gives no weight, so 'missile^2' is searched as words."),
        ("missile~", "'missile~' is searched as it is; write missile~1 or missile~2 for words like it."),
        ("title:missile", "`q` has no fields, so 'title:missile' is searched as words; use `q_in=title` instead."),
        ("Tag:africa", "`q` has no fields, so 'Tag:africa' is searched as words; use the parameter `tag` instead."),
        ('"false al*"', '"false al*" is a phrase, in which `*` means nothing; write a prefix outside quotes.'),
        ("missile or peru", "'or' is a word; write OR in capitals between alternatives."),
        ("missile not peru", "'not' is a word; write NOT in capitals, or -word, to exclude a word."),
        ("missile | peru", "`|` is no operator; write OR between alternatives."),
        ("missile || peru", "`||` is no operator; write OR between alternatives."),
        ("missile !peru", "`!` is no operator, so '!peru' is searched for; write -word to exclude a word."),
        (
            "[1945 TO 1950]",
            ("`q` has no ranges, so '[1945 TO 1950]' is searched as words; "
             "use `published_from` and `published_to` for dates."),
        ),
    ],
)  # fmt: skip
def test_unknown_operator_is_searched_as_words_with_a_warning(corpus: Api, q: str, message: str) -> None:
    assert warnings(corpus, q=q)[0] == ("q", message)


@pytest.mark.parametrize(
    ("q", "message"),
    [
        ("missile~3", "`q` lets 'missile' differ by 3 letters; 1 and 2 are possible."),
        ("missile~0", "`q` lets 'missile' differ by 0 letters; 1 and 2 are possible."),
        ("missile*~1", "`q` 'missile*~1' has both `*` and `~`; a word takes one of them."),
    ],
)
def test_operator_out_of_bounds_is_refused(corpus: Api, q: str, message: str) -> None:
    assert refused(corpus.get("/articles", params={"q": q}), "q") == message


@pytest.mark.parametrize(
    "q",
    [
        "missile", "missile OR peru", "missile -kenya", '"in Peru"~2', "miss*", "misile~1", "Was it a missile?", "C++",
        "AT&T", "3:30 missile", "https://example.org/?q=1 missile", "missile and peru", "missile && peru", "war!",
        "order missile", "notes missile", "**missile**",
    ],
)  # fmt: skip
def test_known_operators_and_plain_text_give_no_warning(corpus: Api, q: str) -> None:
    assert [message for _, message in warnings(corpus, q=q) if "searched as" in message or "operator" in message] == []


@pytest.mark.parametrize("q", ["missile or peru", "missile | peru"])
def test_match_any_needs_no_operator_between_words(corpus: Api, q: str) -> None:
    assert warnings(corpus, q=q, match="any") == []


def test_word_without_a_hit_is_named_with_words_spelled_like_it(corpus: Api) -> None:
    [first, second] = corpus.json("/articles", q="misile kenya")["warnings"]

    assert first == {
        "parameter": "q", "value": "misile", "message": "No text that is searched has 'misile'.",
        "did_you_mean": [{"id": "missile", "name": "missile"}],
    }  # fmt: skip
    assert second == {
        "parameter": "match", "value": "all",
        "message": "No article has all words of `q`; `match=any` selects those with at least one (1).",
        "did_you_mean": [{"id": "any", "name": "any"}],
    }  # fmt: skip


@pytest.mark.parametrize("address", [*LISTS, "/timeline"])
def test_words_that_never_meet_lead_to_match_any(corpus: Api, address: str) -> None:
    unit = "paragraph" if address == "/paragraphs" else "article"
    number = 3 if address == "/paragraphs" else 2
    message = f"No {unit} has all words of `q`; `match=any` selects those with at least one ({number})."

    assert warnings(corpus, address, q="missile elections") == [("match", message)]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"q": "missile", "tag": "africa"}, "`q` alone selects 1 article; the other filters leave none."),
        ({"q": "missile -missile"}, "No article has all that `q` asks for."),
        ({"q": "zzz*"}, "No text that is searched has a word that begins with 'zzz'."),
        ({"q": "zzzzz~1"}, "No text that is searched has a word like 'zzzzz'."),
        ({"q": '"in missile"'}, "No text that is searched has the phrase 'in missile'."),
        ({"q": "kenya", "q_in": "title"}, "No text that is searched has 'kenya'."),
    ],
)
def test_empty_selection_is_explained(corpus: Api, parameters: dict[str, str], message: str) -> None:
    assert warnings(corpus, **parameters) == [("q", message)]


def test_many_words_without_a_hit_are_named_together(corpus: Api) -> None:
    words = [f"zzz{number}" for number in range(9)]
    listed = corpus.json("/articles", q=" ".join(words), match="any")["warnings"]

    assert [item["value"] for item in listed] == [*words[:5], " ".join(words[5:])]
    assert listed[5]["message"] == "No text that is searched has any of 4 other words of `q`."


@pytest.mark.parametrize("address", LISTS)
def test_selection_with_hits_has_no_warning(corpus: Api, address: str) -> None:
    assert warnings(corpus, address, q="missile") == []


def test_stop_words_need_not_be_there(corpus: Api) -> None:
    answer = corpus.json("/articles", q="what about the elections of kenya", highlight="markup")

    assert [item["id"] for item in answer["items"]] == ["kenya"]
    assert (
        answer["items"][0]["extract"]["markup"] == "The <mark>elections</mark> in <mark>Kenya</mark> were held in May."
    )


@pytest.mark.parametrize(
    ("q", "ids"),
    [
        ("die haus", {"berlin"}),  # `die` is a stop word in German, and a word in English.
        ("die OR missile", {"peru"}),
        ("die -missile", {"berlin"}),
        ("die mis*", set()),
        ("die ber*", {"berlin"}),
        ("in", {"kenya", "peru", "berlin"}),
        ("in was", {"peru"}),
        ('"was launched in"', {"peru"}),
        ("missile -in", set()),
        ("IN missile", {"peru"}),
    ],
)
def test_stop_words_are_ignored_by_language_and_beside_other_words_only(corpus: Api, q: str, ids: set[str]) -> None:
    assert {item["id"] for item in corpus.json("/articles", q=q)["items"]} == ids


def test_acronym_is_no_stop_word(api: Api, tmp_path) -> None:
    texts = {"who": "The WHO vaccine", "other": "A vaccine"}
    api.seed(
        write_documents(tmp_path / "seeds", [{"id": id, "title": "-", "text": text} for id, text in texts.items()])
    )
    ids = {q: {item["id"] for item in api.json("/articles", q=q)["items"]} for q in ("WHO vaccine", "the vaccine")}

    assert ids == {"WHO vaccine": {"who"}, "the vaccine": {"who", "other"}}


def test_of_a_pasted_paragraph_the_rarest_words_are_searched(api: Api, tmp_path) -> None:
    words = [f"q{letter}{other}" for letter in "bcdfghjklm" for other in "abcdefghijklmnopqrst"]
    documents = [{"id": word, "title": "-", "text": f"The {word}"} for word in words[:65]]
    documents.append({"id": "frequent", "title": "-", "text": words[0]})
    api.seed(write_documents(tmp_path / "seeds", documents))
    answer = api.json("/articles", q=f"the {' of '.join([*words[:20], *words])}", match="any", limit=100)

    assert {item["id"] for item in answer["items"]} == {*words[1:65]}
    assert [warning["message"] for warning in answer["warnings"]] == [
        "`q` has 200 different words, not counting stop words; the 64 rarest are searched."
    ]


@pytest.mark.parametrize("q", ["war " * 400, "the of in " * 150, " ".join(f"word{n} the" for n in range(64))])
def test_only_different_words_with_content_count(corpus: Api, q: str) -> None:
    assert [warning for warning in warnings(corpus, q=q.strip(), match="any") if "different words" in warning[1]] == []


@pytest.mark.parametrize("match", ["all", "any"])
@pytest.mark.parametrize(
    "q",
    [
        '"{0}"',
        "he said: “{0}”",
        "{1}",
        "他们说北京大学的学生昨天晚上在学校里面讨论了关于国际形势以及核武器控制问题的许多不同意见并且希望各国政府能够尽快开始新的谈判以便避免战争",
    ],
)
def test_phrase_that_is_too_long_is_searched_as_words(api, tmp_path, q, match):
    words = [f"word{number}" for number in range(80)]
    q = q.format(" ".join(words), "-".join(words))
    text = q if q.startswith("他") else f"He said: {' '.join(words)}"
    api.seed(write_documents(tmp_path / "seeds", [{"id": "a", "title": "-", "text": text, "mentions": []}]))
    body = api.json("/articles", q=q, match=match, highlight="markup")

    assert [item["id"] for item in body["items"]] == ["a"]
    assert any("A phrase has at most 64 words" in warning["message"] for warning in body["warnings"])
