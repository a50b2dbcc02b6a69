"""Whatever the page of a list is asked, it answers with a page, and with the status of the API."""

from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.routes.entities import EntityListParams
from app.api.routes.mentions import MentionListParams
from app.web.lists import PRESENTATION
from tests.conftest import Api
from tests.web.test_any_question import values

NAMES = sorted({*EntityListParams.model_fields, *MentionListParams.model_fields, "tag_id", "interval", "lang", "self"})
IDS = ["united-states", "soviet-union", "minsk", "nuclear-testing", "treaties", "Q30", "person", "-association", "left"]

lists = st.sampled_from(["entities", "tags", "paragraphs", "mentions", "timeline"])
questions = st.lists(st.tuples(st.sampled_from(NAMES), values | st.sampled_from(IDS)), max_size=3)


@settings(max_examples=200)
@given(lists, questions)
def test_list_has_the_status_of_the_api(seeded: Api, name: str, question: list[tuple[str, str]]) -> None:
    page = seeded.get(f"/{name}.html?{urlencode(question)}")
    ignored = {*PRESENTATION, *(["cursor"] if name == "timeline" else [])}
    asked = urlencode([(parameter, value) for parameter, value in question if value and parameter not in ignored])

    assert page.status_code == seeded.get(f"/{name}?{asked}").status_code
    assert page.headers["content-type"] == "text/html; charset=utf-8"


@given(st.lists(values | st.sampled_from(IDS), max_size=3))
def test_comparison_of_anything_is_a_page(seeded: Api, texts: list[str]) -> None:
    page = seeded.get(f"/compare.html?{urlencode([('entity', text) for text in texts])}")

    assert page.status_code in (200, 307, 422)
