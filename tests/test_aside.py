"""Dear questions are answered in threads that give way to all others."""

import asyncio
import os
import threading

import pytest

from app.articles import ArticlesQuestion
from app.aside import BEHIND, aside
from app.entities import EntitiesQuestion
from app.listing import ReadQuestion
from app.paragraphs import ParagraphsQuestion
from app.questions import ALWAYS, HUGE, LARGE, NEVER, VAST, split, validate
from app.similar import SimilarQuestion
from app.timeline import TimelineQuestion


def priority() -> int:
    """That of the thread that asks, as the system sees it; the higher, the further behind."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_work_aside_stands_behind_and_its_thread_alone() -> None:
    before = priority()

    assert asyncio.run(aside(priority)) == min(before + BEHIND, 19)
    assert priority() == before


def test_what_goes_wrong_aside_goes_wrong_for_who_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(aside(lambda: 1 / 0))


def test_words_are_found_in_texts_aside_and_plain_lists_are_answered_at_once(seeded, monkeypatch) -> None:
    threads = {}

    def note(name, read):
        def noted(keys):
            threads[name] = threading.current_thread()
            return read(keys)

        monkeypatch.setattr(seeded.service.documents, name, noted)

    note("whole", seeded.service.documents.whole)
    note("rendered", seeded.service.documents.rendered)
    seeded.json("/articles?q=war&highlight=offsets&limit=7")
    seeded.json("/articles?q=war&limit=7")

    assert threads["whole"].name.startswith("aside")
    assert threads["rendered"] is threading.main_thread()


@pytest.mark.parametrize(
    ("model", "query", "articles"),
    [
        (ArticlesQuestion, "", NEVER),
        (ArticlesQuestion, "within=article&limit=5", LARGE),
        (ArticlesQuestion, "cursor=later", VAST),
        (ArticlesQuestion, "q=war", VAST),
        (ArticlesQuestion, "q=%22cold+war%22~2&facet=tag", ALWAYS),
        (ArticlesQuestion, "entity=minsk&published_from=2001", VAST),
        (ArticlesQuestion, "q=war+peace", HUGE),
        (ArticlesQuestion, "q=%22cold+war%22", LARGE),
        (ArticlesQuestion, "q=nuc*", LARGE),
        (ArticlesQuestion, "q=war&facet=tag", LARGE),
        (ArticlesQuestion, "q=%22cold+war%22~2", ALWAYS),
        (ArticlesQuestion, "q=war&highlight=offsets", ALWAYS),
        (ArticlesQuestion, "q=war+peace+treaty+missile+submarine+reactor+accident+summit+bomb", ALWAYS),
        (ArticlesQuestion, "offset_unit=utf8", ALWAYS),
        (ArticlesQuestion, "include=paragraphs", ALWAYS),
        (ReadQuestion, "", NEVER),
        (ReadQuestion, "q=war", ALWAYS),
        (ReadQuestion, "offset_unit=utf16", ALWAYS),
        (SimilarQuestion, "", ALWAYS),
        (ParagraphsQuestion, "", LARGE),
        (EntitiesQuestion, "name_prefix=mi", NEVER),
        (EntitiesQuestion, "entity=minsk", LARGE),
        (TimelineQuestion, "", LARGE),
    ],
)
def test_the_more_articles_there_are_the_more_questions_go_aside(model, query, articles) -> None:
    assert validate(model, split(query.encode())).dear_from == articles
