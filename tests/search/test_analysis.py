"""How text becomes words, the same for articles, questions and highlights; and what questions select by them."""

import pytest
from hypothesis import given, settings

from tests.conftest import Api, seed_into, write_documents
from tests.support import language_strategies

often = settings(max_examples=8)


@pytest.fixture
def serve(api: Api, tmp_path):
    """Let the corpus be these articles."""
    return lambda corpus: api.seed(write_documents(tmp_path / "seeds", corpus), only=True)


FOUND = [
    ("missile", "The missiles", "en"),
    ("MISSILES", "a missile", "en-GB"),
    ("zoe", "Zoë", "en"),
    ("ZOË", "zoe", "en"),
    ("strasse", "Straße", "de"),
    ("Straße", "STRASSE", "de"),
    ("haus", "Häuser", "de"),
    ("häuser", "Haus", "de"),
    ("hauser", "Häuser", "en"),
    ("cheval", "Chevaux", "fr"),
    ("istanbul", "İstanbul", "tr"),
    ("raketa", "raketa", "pl"),
    ("ракеты", "ракета", "ru"),
    ("Lukashenko", "Lukashenko’s", "en"),
    ("Lukashenko's", "Lukashenko’s", "en"),
    ("free", "nuclear-free", "en"),
    ("nuclear-free", "a nuclear free zone", "en"),
    ("missile", "the\u00a0missile", "en"),
    ("missile", "cruise_missile…", "en"),
    ("missile", "\ue000missile\ue000", "en"),
    ("e\u0301te\u0301", "été", "fr"),
    ("भाषा", "हिन्दी भाषा", "hi"),
    ("كتاب", "هذا كتاب", "ar"),
    ("北京", "在北京大学", "zh"),
    ("北京大学", "在北京大学里", "zh"),
    ("京", "在北京", "zh"),
    ("北", "在北京", "zh"),
    ("第3章", "在第3章里", "zh"),
    ("T恤", "穿T恤衫", "zh"),
    ("人々", "昔の人々は", "ja"),
    ("タワー", "東京タワーへ", "ja"),
    ('"東京 missile"', "東京 missiles", "en"),
    ("ไทย", "ประเทศไทย", "th"),
    ("missile*", "missiles", "en"),
    ("MISSIL*", "Missiles", "en"),
    ("hau*", "Häuser", "de"),
    ("北京*", "在北京", "zh"),
    ("obasanjo", "Ọbásanjọ́", "en"),
    ("Ọbásanjọ́", "Obasanjo", "en"),
    ("majel", "M̧ajeļ", "en"),
    ("Łódź", "Lodz", "en"),
    ("isik", "Işık", "tr"),
    ("oresund", "Øresund", "da"),
    ("aegir", "Ægir", "en"),
    ("fission", "ﬁssion", "en"),
    ("USA", "ＵＳＡ", "en"),
    ("ＵＳＡ", "USA", "en"),
    ("ﾐｻｲﾙ", "ミサイル", "ja"),
    ("ガス", "ｶﾞｽ", "ja"),
    ("disarmament", "dis\u00adarma\u00adment", "en"),
    ("dis\u00adarmament", "disarmament", "en"),
    ("missiles", "mis\u200bsi\u2060le", "en"),
    ("می\u200cخواهم", "میخواهم", "fa"),
    ("п'ять", "п\u02bcять", "uk"),
    ("O’Neill", "O'Neill", "en"),
    ("елка", "ё\u0301лка", "ru"),
    ("ракети", "ракета", "uk"),
    ("ракета", "ракетами", "uk"),
    ("политика", "политику", "ru"),
    ("політики", "політиці", "uk"),
    ("ракеты", "ракета", "be"),
    ("rakiety", "rakieta", "pl"),
    ("rakietami", "rakiet", "pl"),
    ("wojna", "wojen", "pl"),
    ("rakety", "raketa", "cs"),
    ("Praha", "Praze", "cs"),
    ("válka", "válek", "cs"),
    ("मिसाइल", "मिसाइलें", "hi"),
    ("भाषाओं", "भाषा", "hi"),
    ("מלחמה", "המלחמה", "he"),
    ("מלחמה", "במלחמות", "he"),
    ("טיל", "הטילים", "he"),
    ("مفاوضات", "المفاوضات", "ar"),
    ("المفاوضات", "مفاوضات", "ar"),
    ("إيران", "وإيران", "ar"),
    ("وزير", "الوزير", "ar"),
    ("مفاوضات", "مُفاوَضات", "ar"),
    ("한국", "한국은", "ko"),
    ("한국에서", "한국은", "ko"),
    ("정부", "한국정부는", "ko"),
    ("핵", "핵무기", "ko"),
    ("missile", "missile", "eng"),
    ("missile", "missiles", "EN-us"),
    ("lukashenka~1", "Lukashenko", "en"),
    ("lukahsenko~1", "Lukashenko", "en"),
    ("lukshenka~2", "Lukashenko", "en"),
    ('"a c"~1', "a b c", "en"),
    ('"b a"~2', "a b", "en"),
    ('"a b c"~2', "a x b x c", "en"),
]

NOT_FOUND = [
    ("haus", "Häuser", "en"),
    ("missil", "missiles", "pl"),
    ("missil~1", "missiles", "en"),
    ("missilec*", "missiles", "en"),
    ("खा", "भाषा", "hi"),
    ("तاب", "كتاب", "ar"),
    ("北大", "北京大学", "zh"),
    ("한국", "북한은", "ko"),
    ("Київ", "Киів", "uk"),
    ("カス", "ガス", "ja"),
    ("windowstm", "Windows™", "en"),
    ("京北", "在北京", "zh"),
    ("3章", "第3节章", "zh"),
    ('"free nuclear"', "nuclear-free", "en"),
    ('"c a"~2', "a b c", "en"),
    ('"a b c"~2', "a x b x x c", "en"),
    ('"a a"~8', "a b", "en"),
]

LANGUAGES = ("en", "de", "pl", "el", "tr", "zh", "hi")

TEXTS = {(text, language): f"a{number}" for number, (_, text, language) in enumerate([*FOUND, *NOT_FOUND])}
TEXTS |= {("missile", language): f"b{number}" for number, language in enumerate(LANGUAGES)}


@pytest.fixture(scope="module")
def library(fresh, tmp_path_factory):
    """An application over an article of each of these texts."""
    folder = tmp_path_factory.mktemp("library")
    settings = fresh(folder / "data")
    documents = [{"id": id, "title": "-", "language": language, "text": text} for (text, language), id in TEXTS.items()]
    seed_into(settings, write_documents(folder / "seeds", documents))
    api = Api(settings)
    yield api
    api.close()


def finds(library, q, text, language, **more):
    """Whether both the article and its paragraph are found."""
    totals = [library.json(at, q=q, id=TEXTS[text, language], **more)["total"] for at in ("/articles", "/paragraphs")]
    assert totals in ([0, 0], [1, 1])
    return totals == [1, 1]


@pytest.mark.parametrize(("q", "text", "language"), FOUND)
def test_text_matches_query(library, q, text, language):
    assert finds(library, q, text, language)


@pytest.mark.parametrize(("q", "text", "language"), NOT_FOUND)
def test_text_does_not_match_query(library, q, text, language):
    assert not finds(library, q, text, language)


def test_each_article_is_stemmed_in_its_own_language(api, serve):
    serve([{"id": language, "title": "Häuser", "language": language, "text": "-"} for language in ("de", "en", "pl")])
    ids = {q: {item["id"] for item in api.json("/articles", q=q)["items"]} for q in ("haus", "häuser", "hauser*")}

    assert ids == {"haus": {"de"}, "häuser": {"de", "en", "pl"}, "hauser*": {"de", "en", "pl"}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_match_any_ignores_stop_words_of_every_language(library, language):
    assert finds(library, "the 北京 missile", "missile", language, match="any")


@pytest.mark.parametrize(("q", "ids"), [("the missile", {"missile"}), ("the who", {"the"}), ('"the"', {"the"})])
def test_stop_words_count_only_if_there_are_no_other_words(api, serve, q, ids):
    serve([{"id": word, "title": word, "text": "-"} for word in ("the", "missile")])

    assert {item["id"] for item in api.json("/articles", q=q, match="any")["items"]} == ids


@pytest.mark.parametrize("q", ["missile -the", "(the missile) -the"])
def test_excluded_stop_word_excludes(api, serve, q):
    serve([{"id": "both", "title": "the missile", "text": "-"}, {"id": "one", "title": "a missile", "text": "-"}])

    assert [item["id"] for item in api.json("/articles", q=q, match="any")["items"]] == ["one"]


def test_articles_selected_by_paragraphs_are_ranked_by_q(api, serve):
    texts = {
        "b": "missile and more",
        "a": "missile among many other words of no weight",
        "c": "missile missile missile",
    }
    serve([{"id": id, "title": "Title", "text": text} for id, text in texts.items()])
    pages = [api.json("/articles", q="missile", within=value)["items"] for value in ("article", "paragraph")]

    assert [item["id"] for item in pages[0]] == [item["id"] for item in pages[1]] == ["c", "b", "a"]


def test_paragraphs_selected_by_articles_are_ranked_by_q(api, serve):
    paragraphs = [{"role": "body", "text": text} for text in ("nothing", "missile", "treaty missile")]
    serve([{"id": "a", "title": "Title", "paragraphs": paragraphs}])
    page = api.json("/paragraphs", q="missile treaty", within="article")

    assert [item["position"] for item in page["items"]][:2] == [3, 2]
    assert page["total"] == 4


@often
@given(corpus=language_strategies.corpora, questions=language_strategies.several)
def test_query_selects_what_the_oracle_finds(api, serve, corpus, questions):
    serve(corpus)
    for q, asked in questions:
        for sort in ("relevance", "-published"):
            articles = api.json("/articles", **asked, sort=sort, limit=100)
            paragraphs = api.json("/paragraphs", **asked, sort=sort, limit=100)

            assert {item["id"] for item in articles["items"]} == language_strategies.selected_articles(corpus, q)
            assert {(item["article"]["id"], item["position"]) for item in paragraphs["items"]} == (
                language_strategies.selected_paragraphs(corpus, q)
            )
            assert [articles["total"], paragraphs["total"]] == [len(articles["items"]), len(paragraphs["items"])]


@pytest.mark.parametrize(
    "question",
    [
        "q=storm",
        "q=storm harbour",
        "q=storm OR harbour",
        "q=storm harbour&match=any",
        "q=storm&tag=sea",
        "q=storm&tag_not=land",
        "q=storm harbour&tag=sea",
        "q=storm&within=paragraph",
    ],
)
def test_word_in_the_title_ranks_above_word_in_the_text(api, serve, question):
    serve(
        [
            {"id": "a", "title": "Calm", "text": "Storm. Harbour.", "tags": ["Sea"]},
            {"id": "b", "title": "Storm", "text": "Calm. Harbour.", "tags": ["Sea"]},
            {"id": "c", "title": "Calm", "text": "Harbour. Storm.", "tags": ["Sea"]},
        ]
    )

    assert [item["id"] for item in api.json(f"/articles?{question}")["items"]] == ["b", "a", "c"]
