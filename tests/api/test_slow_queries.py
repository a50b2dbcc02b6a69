"""Dear questions are answered in threads that give way to all others."""

import asyncio
import math
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.api.cost import SLOW_FROM, iter_features
from app.api.params import ReadParams
from app.api.query_string import parse_query_string, validate_params
from app.api.routes.articles import ArticleListParams
from app.api.routes.entities import EntityListParams
from app.api.routes.paragraphs import ParagraphListParams
from app.api.routes.similar import SimilarParams
from app.api.routes.timeline import TimelineParams
from app.system import threads
from app.system.threads import NICENESS, run_in_low_priority_thread

NEVER, VAST, HUGE, LARGE, ALWAYS = math.inf, 200_000, 70_000, 2_000, 0


def priority() -> int:
    """That of the thread that asks, as the system sees it; the higher, the further behind."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_low_priority_thread_has_its_own_niceness(monkeypatch) -> None:
    monkeypatch.setattr(threads, "NICENESS", NICENESS)
    monkeypatch.setattr(threads, "SLOW_QUERY_POOL", ThreadPoolExecutor(1, "slow-query", threads.lower_priority))
    before = priority()

    assert asyncio.run(run_in_low_priority_thread(priority)) == min(before + NICENESS, 19)
    assert priority() == before


def test_error_in_a_low_priority_thread_is_raised_to_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(run_in_low_priority_thread(lambda: 1 / 0))


def test_highlights_are_made_in_a_low_priority_thread_and_plain_lists_are_not(seeded, monkeypatch) -> None:
    threads = {}

    def note(name, read):
        def noted(keys):
            threads[name] = threading.current_thread()
            return read(keys)

        monkeypatch.setattr(seeded.service.documents, name, noted)

    note("read_articles", seeded.service.documents.read_articles)
    note("read_items", seeded.service.documents.read_items)
    seeded.json("/articles?q=war&highlight=offsets&limit=7")
    seeded.json("/articles?q=war&limit=7")

    assert threads["read_articles"].name.startswith("slow-query")
    assert threads["read_items"] is threading.main_thread()


@pytest.mark.parametrize(
    ("model", "query", "articles"),
    [
        (ArticleListParams, "", NEVER),
        (ArticleListParams, "within=article&limit=5", LARGE),
        (ArticleListParams, "cursor=later", VAST),
        (ArticleListParams, "q=war", VAST),
        (ArticleListParams, "q=%22cold+war%22~2&facet=tag", ALWAYS),
        (ArticleListParams, "entity=minsk&published_from=2001", VAST),
        (ArticleListParams, "q=war+peace", HUGE),
        (ArticleListParams, "q=%22cold+war%22", LARGE),
        (ArticleListParams, "q=nuc*", LARGE),
        (ArticleListParams, "q=war&facet=tag", LARGE),
        (ArticleListParams, "q=%22cold+war%22~2", ALWAYS),
        (ArticleListParams, "q=war&highlight=offsets", ALWAYS),
        (ArticleListParams, "q=war+peace+treaty+missile+submarine+reactor+accident+summit+bomb", ALWAYS),
        (ArticleListParams, "offset_unit=utf8", ALWAYS),
        (ArticleListParams, "include=paragraphs", ALWAYS),
        (ReadParams, "", NEVER),
        (ReadParams, "q=war", ALWAYS),
        (ReadParams, "offset_unit=utf16", ALWAYS),
        (SimilarParams, "", ALWAYS),
        (ParagraphListParams, "", LARGE),
        (EntityListParams, "name_prefix=mi", NEVER),
        (EntityListParams, "entity=minsk", LARGE),
        (TimelineParams, "", LARGE),
    ],
)
def test_slow_from_says_from_which_corpus_size_a_query_is_slow(model, query, articles) -> None:
    params = validate_params(model, parse_query_string(query.encode()))

    assert min((SLOW_FROM[feature] for feature in iter_features(params)), default=NEVER) == articles
