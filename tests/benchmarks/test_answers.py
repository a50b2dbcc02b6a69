"""Nobody is left with an empty list: every question of the TIME collection has an answer, or a hint at one."""

from collections.abc import Iterator

import pytest

from app.search.index.stop_words import has_content_words
from app.settings import Settings
from tests.benchmarks.quality import read
from tests.conftest import SHARED, Api, seed_into, write_documents

COLLECTION = SHARED / "corpora" / "ir_time"

pytestmark = pytest.mark.skipif(not COLLECTION.is_dir(), reason=f"there is no collection at {COLLECTION}")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [document["text"] for document in read(COLLECTION / "docs.jsonl") if document["text"]]


@pytest.fixture(scope="module")
def api(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("time")
    documents = [{"id": f"t{number}", "title": "-", "text": text} for number, text in enumerate(texts)]
    settings = Settings(data=folder / "data")
    seed_into(settings, write_documents(folder / "documents", documents))
    api = Api(settings)
    yield api
    api.close()


def ask(api: Api, words: list[str]) -> tuple[int, list[str]]:
    """Return the number of hits, and the parameters that warnings speak of."""
    answer = api.get("/articles", params={"q": " ".join(words), "fields": "id", "limit": 1})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body["total"], [warning["parameter"] for warning in body.get("warnings", ())]


def test_every_question_has_an_answer_or_a_hint(api: Api) -> None:
    questions = [question["text"].split() for question in read(COLLECTION / "queries.jsonl")]
    three_words = [[word for word in words if has_content_words(word, "english")][:3] for words in questions]
    answers = {" ".join(words): ask(api, words) for words in (*questions, *three_words)}
    silent = [q for q, (total, hints) in answers.items() if not total and not hints]

    assert len(questions) == 83
    assert silent == []
    print(f"{sum(bool(total) for total, _ in answers.values())} of {len(answers)} questions have an answer")


def test_every_pasted_passage_has_an_answer_or_a_hint(api: Api, texts: list[str]) -> None:
    silent, answered, asked = [], 0, 0
    for number, text in enumerate(texts):
        words = text.split()
        length = 65 + number * 37 % 136
        if len(words) >= length:
            total, hints = ask(api, words[-length:])
            asked += 1
            answered += bool(total)
            if not total and not hints:
                silent.append(number)

    assert silent == []
    assert asked > 350
    print(f"{answered} of {asked} passages find their article")


def test_questions_as_long_as_a_paragraph_are_answered_with_any_word(api: Api, texts: list[str]) -> None:
    for length in (65, 100, 150, 200):
        words = [word for text in texts[:20] for word in text.split()[10 : 10 + length // 20]][:length]
        answer = api.json("/articles", q=" ".join(words), match="any", limit=1)

        assert answer["total"] > 0, words
