"""Mentions as HTML: whatever they overlap, a parser gives back the text, and the letters of each mention."""

from collections import Counter
from html.parser import HTMLParser

from hypothesis import example, given

from app.markup import mark_mentions
from tests.support.exported_articles import make_mention, paragraphs


class MarkupReader(HTMLParser):
    """Reads the text, and of each mention at which places its letters stand."""

    def __init__(self):
        super().__init__()
        self.text, self.open, self.marks = "", [], Counter()

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        assert (tag, values["class"]) == ("span", "mention")
        self.open.append((values["data-type"], values.get("data-entity")))

    def handle_endtag(self, tag):
        assert tag == "span"
        self.open.pop()

    def handle_data(self, data):
        for place in range(len(self.text), len(self.text) + len(data)):
            self.marks.update((place, *mention) for mention in self.open)
        self.text += data


def read_markup(html):
    reader = MarkupReader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader.text, reader.marks


@given(paragraph=paragraphs())
@example(("body", "abcdef", [(0, 3, "person", "ann"), (1, 5, "place", None), (2, 6, "law", "q-1")]))
def test_text_and_letters_of_every_mention_are_read_back(paragraph):
    _, text, spans, *_ = paragraph
    html = mark_mentions(text, [make_mention(text, *span) for span in spans])
    expected = Counter((place, type, entity) for start, end, type, entity in spans for place in range(start, end))

    assert read_markup(html) == (text, expected)


def test_nested_mention_is_an_element_within_an_element():
    mentions = [make_mention("Bank of Minsk", 0, 13, "organization", None)]
    mentions.append(make_mention("Bank of Minsk", 8, 13, "place", "minsk"))

    assert mark_mentions("Bank of Minsk", mentions) == (
        '<span class="mention" data-type="organization">Bank of '
        '<span class="mention" data-type="place" data-entity="minsk">Minsk</span></span>'
    )


def test_crossing_mention_is_divided_where_the_first_one_ends():
    mentions = [make_mention("abc", 0, 2, "person", None), make_mention("abc", 1, 3, "place", None)]

    assert mark_mentions("abc", mentions) == (
        '<span class="mention" data-type="person">a<span class="mention" data-type="place">b</span></span>'
        '<span class="mention" data-type="place">c</span>'
    )


def test_text_between_mentions_is_escaped():
    assert mark_mentions('<a href="x">', []) == "&lt;a href=&quot;x&quot;&gt;"
