"""Interchange formats of annotations: UIMA XMI, NAF and spaCy DocBin, written by their libraries and read back."""

import zlib

import pytest

from app.export.document import Report
from app.export.texts.xmi import write_xmi
from tests.support.golden import FIXTURES, read_folder


def marked(article):
    """Return the words, the place, the type and the label of each mention."""
    return [
        (article.paragraphs[mention.paragraph].text[mention.start : mention.end], mention.paragraph, mention.start)
        for mention in article.mentions
    ]


def test_exported_xmi_is_read_back_with_every_mention(seeded, tmp_path):
    source = seeded.json("/articles/chernobyl")
    (tmp_path / "a.zip").write_bytes(b"".join(write_xmi([source], Report())))
    (article,), findings = read_folder(tmp_path)
    expected = [
        (mention["exact"], paragraph["position"], mention["start"], mention["type"])
        for paragraph in source["paragraphs"]
        for mention in paragraph["mentions"]
    ]

    assert [finding.severity for finding in findings] == ["warning"]
    assert article.id == "a-chernobyl"
    assert [
        (*words, mention.type) for words, mention in zip(marked(article), article.mentions, strict=True)
    ] == expected


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("xmi/ferries.xmi", "sofaString=", "x=", "There is no text in this XMI (`sofaString`); expected one."),
        ("xmi/ferries.xmi", 'end="38"', 'end="999"', "The annotation LOC from 33 to 999"),
        ("naf/ferries.naf", 'wf id="w13"', 'wf id="w99"', "An entity points to 'w13', which is no word of the text"),
        ("naf/ferries.naf", 'length="5">March', ">March", "This word form has no `offset` or no `length`"),
        ("naf/ferries.naf", ">March<", ">April<", "marks 'Tatiana March' in the text, but is 'Tatiana April'"),
    ],
)
def test_damaged_file_says_what_is_wrong_and_where(reading, name, old, new, sentence):
    content = (FIXTURES / name).read_bytes().decode()
    assert old in content
    _, findings = reading(name.rpartition("/")[2], content.replace(old, new))

    assert sentence in findings[-1].message
    assert findings[-1].severity == "fault"


@pytest.fixture(scope="module")
def spacy():
    return pytest.importorskip("spacy")


def write_docbin(spacy, path, docs):
    nlp = spacy.blank("en")
    docbin = spacy.tokens.DocBin(store_user_data=True)
    for text, spans, data in docs:
        doc = nlp.make_doc(text)
        doc.user_data.update(data)
        doc.ents = [doc.char_span(*span, label=label, kb_id=link) for span, label, link in spans]
        doc.spans["mentions"] = [*doc.ents, doc[0:2]]
        doc.spans["mentions"][-1].label_ = "BOAT"
        docbin.add(doc)
    docbin.to_disk(path)


def test_docbin_gives_entities_and_spans_each_once(spacy, tmp_path):
    path = tmp_path / "train.spacy"
    data = {"article": "Talks 1", "date": "2025-03-04", ("tuple", 1): "x"}
    write_docbin(
        spacy,
        path,
        [
            ("A 🚢 day\n\nMinsk was calm.", [((9, 14), "GPE", "Q2280")], data),
            ("No title here, said Ann.", [((20, 23), "PERSON", "")], {}),
        ],
    )
    (first, second), findings = read_folder(tmp_path)

    assert findings == []
    assert (first.id, first.published.at.year, second.title) == ("talks-1", 2025, "No title here, said Ann.")
    assert marked(first) == [("A 🚢", 0, 0), ("Minsk", 1, 0)]
    assert [words for words, *_ in marked(second)] == ["No title", "Ann"]
    assert first.mentions[1].entity.wikidata == "Q2280"


@pytest.mark.usefixtures("spacy")
@pytest.mark.parametrize("data", [b"nonsense", zlib.compress(b"nonsense"), b"\x00" * 100])
def test_file_that_is_no_docbin_is_a_fault(reading, data):
    _, (fault,) = reading("a.spacy", data)

    assert fault.message.startswith("This is no DocBin of spaCy")


@pytest.mark.usefixtures("spacy")
def test_docbin_that_is_a_bomb_is_a_fault(reading, monkeypatch):
    monkeypatch.setattr("app.seeding.readers.annotated.docbin.LONGEST_DOCBIN", 1_000_000)
    _, (fault,) = reading("a.spacy", zlib.compress(b"\0" * 1_000_001))

    assert fault.message == "The DocBin unpacks to more than 1 MB; expected less."


def test_docbin_without_spacy_names_the_extra(reading, monkeypatch):
    import sys

    from app.seeding.readers import formats

    monkeypatch.setitem(sys.modules, "spacy", None)
    monkeypatch.setitem(sys.modules, "spacy.tokens", None)
    monkeypatch.delitem(sys.modules, "app.seeding.readers.annotated.docbin", raising=False)
    formats.load_function.cache_clear()
    _, (fault,) = reading("a.spacy", b"x")

    assert "install `annotated-articles[spacy]`" in fault.message


NINJS = '{"uri": "x:1", "headline": "A day", "body_text": %s, "versioncreated": "2025", %s}'


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ('"person": [{"name": "Ann Lee"}, {"name": "Nobody"}]', ["Ann Lee", "Ann Lee"]),
        ('"person": [{"name": "Ann"}], "place": [{"name": "Ann Lee"}]', ["Ann Lee", "Ann", "Ann Lee", "Ann"]),
        ('"person": [{"name": "nn Lee"}, {"name": 5}, 6, {}], "place": 7', []),
    ],
)
def test_names_that_ninjs_lists_are_marked_as_whole_words(article, values, words):
    parsed = article("a.json", NINJS % ('"Ann Lee met 🚢 Ann Lee."', values))

    assert [mention[0] for mention in marked(parsed)] == words
    assert parsed.annotate


def test_ninjs_of_odd_values_is_a_fault_or_an_article(reading):
    for values in ('"headlines": 5', '"by": {}', '"bodies": {"a": 1}', '"language": 7', '"associations": "x"'):
        for body in ('"Text."', "5", "null"):
            _, findings = reading("a.json", NINJS % (body, values))

            assert not any(finding.message.startswith("The program failed") for finding in findings), findings
