"""Whatever a page is asked, it answers with a page, and with the status of the API."""

from urllib.parse import quote, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.docs.examples import PARAMETER_VALUES
from app.api.routes.articles import ArticleListParams
from tests.conftest import Api

NAMES = [*ArticleListParams.model_fields, "lang", "self", "interval"]
VALUES = [
    str(value) for values in PARAMETER_VALUES.values() for value in (values if isinstance(values, list) else [values])
]

names = st.sampled_from(NAMES) | st.text(max_size=8)
values = (
    st.sampled_from(VALUES) | st.text(max_size=12) | st.sampled_from(["2025-02-30", "0001", "9999-12-31T23:59:59Z"])
)
questions = st.lists(st.tuples(names, values), max_size=4)

PRESENTATION = {"facet", "facet_size", "facet_prefix", "fields", "highlight", "include", "offset_unit"}
"""Parameters that the search page sets itself."""


@settings(max_examples=100)
@given(questions)
def test_search_page_has_the_status_of_the_api(seeded: Api, question: list[tuple[str, str]]) -> None:
    page = seeded.get(f"/articles.html?{urlencode(question)}")
    asked = urlencode([(name, value) for name, value in question if value and name not in PRESENTATION])

    assert page.status_code == seeded.get(f"/articles?{asked}").status_code
    assert page.headers["content-type"] == "text/html; charset=utf-8"


@settings(max_examples=50)
@given(st.text(max_size=20), questions)
def test_page_of_any_article_is_a_page(seeded: Api, id: str, question: list[tuple[str, str]]) -> None:
    page = seeded.get(f"/articles/{quote(id, safe='')}.html?{urlencode(question)}")

    assert page.status_code in (404, 422)
    assert page.headers["content-type"] == "text/html; charset=utf-8"


@given(st.text(max_size=20) | st.sampled_from(["gorb", '"', "a OR", "(", "~1", "nuclear t"]))
def test_anything_typed_gets_suggestions_or_none(seeded: Api, typed: str) -> None:
    assert seeded.get(f"/suggestions.html?{urlencode({'q': typed})}").status_code == 200
