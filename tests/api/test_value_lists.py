"""Value lists: the first page is what sorting all values gives."""

from hypothesis import given
from hypothesis import strategies as st

from app.api.value_lists import ValueList, ValueListParams
from app.search.counts.term_counter import order_values
from app.search.names.name_index import NameIndex

DOCUMENTS = 60


@st.composite
def value_lists(draw):
    """Values in a selection of some of the documents, none of them in more documents than there are."""
    selected = draw(st.integers(1, DOCUMENTS))
    counts = draw(st.lists(st.integers(1, selected), max_size=40))
    values = [(f"entity-{number}", count) for number, count in enumerate(counts)]
    elsewhere = [draw(st.integers(0, DOCUMENTS - selected)) for _ in values]
    totals = {id: count + more for (id, count), more in zip(values, elsewhere, strict=True)}
    params = ValueListParams(sort="-association")
    return ValueList(params, order_values(values), NameIndex({}), selected, DOCUMENTS, totals)


@given(value_lists(), st.integers(1, 10))
def test_most_associated_values_are_the_first_of_all_in_order(value_list, size):
    in_order = sorted(value_list.values, key=value_list.association_key())

    assert value_list.most_associated(size) == in_order[:size]
