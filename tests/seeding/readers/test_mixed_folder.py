"""A folder of files of all kinds is served as one corpus: every article with its date, authors and roles."""

import pytest

from tests.support.golden import FIXTURES, read_folder


@pytest.fixture(scope="module")
def served(fresh, tmp_path_factory):
    """Return the application over all fixtures, and what seeding them found."""
    from tests.conftest import Api

    api = Api(fresh(tmp_path_factory.mktemp("mixed") / "data"))
    outcome = api.seed(FIXTURES, skip_bad=True)
    yield api, outcome
    api.close()


def test_every_article_of_a_mixed_folder_is_served_as_it_was_read(served):
    api, outcome = served
    articles, _ = read_folder(FIXTURES)

    assert len({article.file for article in articles}) > 30
    assert api.json("/articles")["total"] == outcome.added == len(articles)
    for article in articles:
        answer = api.json(f"/articles/{article.id}")

        assert [(paragraph["role"], paragraph["text"]) for paragraph in answer["paragraphs"]] == [
            (paragraph.role, paragraph.text) for paragraph in article.paragraphs
        ]
        assert (answer["published_at"] is None) == (article.published is None)
        assert len(answer["authors"]) == len(article.authors)
        assert sum(len(paragraph["mentions"]) for paragraph in answer["paragraphs"]) >= len(article.mentions)


def test_what_was_left_out_of_a_mixed_folder_is_said_with_its_reason(served):
    _, outcome = served
    messages = "\n".join(finding.message for finding in outcome.findings)

    for reason in ("No column of this table", "No article was recognised", "a sitemap", "1 draft", "redirects"):
        assert reason in messages
    assert len(outcome.faults) == 2
