"""Articles that others wrote and annotated come back as they went in."""

from collections import Counter, defaultdict
from unicodedata import normalize

import pytest

from tests.conftest import SHARED, Api, seed_into, write_documents
from tests.support.corpora import FOLDER, convert_article, name_of, read_corpus

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the corpora are not there: {SHARED / 'corpora'}")


@pytest.fixture(scope="module", params=["gum_news", "gum_interview", "meantime"])
def corpus(request, fresh, tmp_path_factory):
    """An application over a corpus, and the articles of the corpus as they are given."""
    data = tmp_path_factory.mktemp(request.param)
    original = read_corpus(request.param)
    folder = write_documents(data / "seeds", [convert_article(article) for article in original])
    settings = fresh(data / "data")
    seed_into(settings, folder)
    api = Api(settings)
    yield api, original
    api.close()


def served(api, original):
    """The article as it is served, and at which position the first of its given paragraphs is."""
    article = api.json(f"/articles/{convert_article(original)['id']}")
    return article, len(article["paragraphs"]) - len(original["paragraphs"])


def test_every_article_and_paragraph_comes_back(corpus):
    api, articles = corpus
    for original in articles:
        article, first = served(api, original)
        paragraphs = [(paragraph["role"], paragraph["text"]) for paragraph in article["paragraphs"]]

        assert paragraphs[first:] == [
            (paragraph["role"].replace("list-item", "list"), normalize("NFC", paragraph["text"]))
            for paragraph in original["paragraphs"]
        ]
        assert paragraphs[:first] == [("title", original["title"])][:first]
        assert (article["published_at"], article["extra"]["title"]) == (original["date"], original["title"])
        assert {tag["name"] for tag in article["tags"]} == set(original["tags"])
    assert api.json("/articles")["total"] == len(articles)


def test_every_mention_comes_back_where_it_was(corpus):
    api, articles = corpus
    for original in articles:
        article, first = served(api, original)
        mentions = Counter(
            (
                paragraph["position"] - first,
                mention["start"],
                mention["end"],
                mention["exact"],
                mention["label"],
                mention["entity"] and mention["entity"]["name"],
            )
            for paragraph in article["paragraphs"]
            for mention in paragraph["mentions"]
        )

        assert mentions == Counter(
            (
                mention["paragraph"],
                mention["start"],
                mention["end"],
                original["paragraphs"][mention["paragraph"]]["text"][mention["start"] : mention["end"]],
                mention["label"],
                name_of(mention["link"]),
            )
            for mention in original["mentions"]
        )


def test_every_link_is_one_entity_with_the_articles_that_name_it(corpus):
    api, articles = corpus
    naming, mentions = defaultdict(set), Counter()
    for original in map(convert_article, articles):
        for mention in original["mentions"]:
            if mention["entity"]:
                key = (mention["entity"]["name"], mention["type"])
                naming[key].add(original["id"])
                mentions[key] += 1
    entities = api.walk("/entities", limit=100)

    assert {(entity["name"], entity["type"]): (entity["count"], entity["mentions"]) for entity in entities} == {
        key: (len(naming[key]), mentions[key]) for key in naming
    }
    for entity in entities[:50]:
        listed = api.walk("/articles", entity=entity["id"], limit=100)
        assert {item["id"] for item in listed} == naming[entity["name"], entity["type"]]
