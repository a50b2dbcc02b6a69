"""Names are found by the prefix of any of their words."""

from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from app.search.names.name_index import NameIndex, word_starts
from app.text import fold_name

LETTERS = st.text(alphabet="aAäbß Б-.🙂\U0010ffff", max_size=8)


class Named(NamedTuple):
    """A thing with a name and aliases."""

    name: str
    aliases: tuple[str, ...]


@example([Named("A\U0010ffff", ())], "A")
@given(st.lists(st.builds(Named, LETTERS, st.lists(LETTERS, max_size=2).map(tuple)), max_size=12), LETTERS)
def test_prefix_finds_all_names_with_a_word_that_begins_like_it(entries, prefix):
    index = NameIndex({str(place): entry for place, entry in enumerate(entries)})
    folded = fold_name(prefix)
    expected = {
        str(place)
        for place, entry in enumerate(entries)
        for name in map(fold_name, (entry.name, *entry.aliases))
        if folded and any(name.startswith(folded, start) for start in word_starts(name))
    }

    assert index.suffixes == sorted(index.suffixes)
    assert {*index.with_prefix(prefix)} == expected
