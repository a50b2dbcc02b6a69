"""Normalization of a raw article."""

import json
from unicodedata import is_normalized, normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.seeding.article import Identity, NewMention
from app.seeding.document import article_schema
from app.seeding.normalize import normalize_article
from app.seeding.normalize.date_formats import parse_lone_date, parse_written_date
from app.seeding.normalize.key_aliases import canonicalize_keys
from app.seeding.normalize.offsets import NormalizedText, OffsetConverter
from app.seeding.normalize.raw import RawArticle
from app.seeding.slugs import MAX_ID_LENGTH, slug

AWKWARD = st.text(
    st.one_of(
        st.sampled_from("ab \n\u0301\u0327éÅ가각ㅏ\u1100\u1161\u11a8\u09c7\u09be\u0344😀ﬁ\u2000"),
        st.characters(exclude_categories=["Cs"]),
    )
)


def normalize_document(defaults=None, **document):
    raw = RawArticle("file", "name", document)
    return normalize_article(raw, defaults or {}, "en"), raw.findings


def mention(start, end, paragraph=0, **more):
    return {"paragraph": paragraph, "start": start, "end": end, "type": "person", **more}


def marked_words(article):
    return [article.paragraphs[m.paragraph].text[m.start : m.end] for m in article.mentions]


def test_mentions_follow_their_paragraphs_after_title_caption_and_credit():
    article, findings = normalize_document(
        title="T",
        caption="C",
        credit="D",
        paragraphs=["Ann met Bo.", "", "Bo left."],
        mentions=[
            mention(0, 2, 2, entity="bo", confidence=0.5),
            mention(0, 3, type="PER", entity={"name": "Ann", "type": "PERSON", "wikidata": "Q1"}),
            mention(8, 10, type="wizard"),
            mention(8, 10, entity={"name": "Bo", "type": "person"}, type=None, label="hero"),
            mention(8, 10, type=None, label="NORP"),
        ],
    )

    assert [paragraph.text for paragraph in article.paragraphs] == ["T", "C", "D", "Ann met Bo.", "Bo left."]
    assert article.mentions == (
        NewMention(3, 0, 3, Identity("Ann", "person", "Q1"), "person", "PER"),
        NewMention(3, 8, 10, None, "other", "wizard"),
        NewMention(3, 8, 10, Identity("Bo", "person"), "person", "hero"),
        NewMention(3, 8, 10, None, "group", "NORP"),
        NewMention(4, 0, 2, "bo", "person", None, 0.5),
    )
    assert not article.annotate
    assert [finding.severity for finding in findings] == ["warning"]


def test_a_title_among_the_paragraphs_can_have_mentions():
    article, _ = normalize_document(
        paragraphs=[{"role": "title", "text": "Ann"}, "Bo."], mentions=[mention(0, 3), mention(0, 2, 1)]
    )

    assert marked_words(article) == ["Ann", "Bo"]
    assert article.title == "Ann"


def test_offsets_into_the_text_find_their_paragraphs():
    text = "\n Ann 😀 met\r\nBo. \r\n \r\n\r\n Cy left."
    article, findings = normalize_document(
        title="T",
        text=text,
        offset_unit="utf16",
        annotate=True,
        mentions=[
            {"start": 2, "end": 5, "type": "person"},
            {"start": 14, "end": 16, "type": "person", "exact": "Bo"},
            {"start": 26, "end": 28, "type": "person"},
            {"start": 0, "end": 2, "type": "person", "paragraph": 1},
        ],
    )

    assert [paragraph.text for paragraph in article.paragraphs] == ["T", "Ann 😀 met  Bo.", "Cy left."]
    assert marked_words(article) == ["Ann", "Bo", "Cy", "Cy"]
    assert article.annotate
    assert findings == []


@pytest.mark.parametrize(
    ("invalid", "message"),
    [
        (mention(0, 99), "`mentions[0]` is outside its text, which has a length of 11 (codepoint)."),
        (mention(3, 3), "`mentions[0]` starts at 3 and ends at 3; expected an end after its start."),
        (mention(-1, 3), "`mentions[0].start` should be greater than or equal to 0; it is -1."),
        (mention(True, 3), "`mentions[0].start` should be a valid integer; it is true."),
        (mention(0, 3, 2), "`mentions[0]` is in paragraph 2, but there are only 2, counted from 0."),
        (mention(0, 3, 1), "`mentions[0]` is in paragraph 1, which has no text."),
        (mention(0, 3, None), "`mentions[0]` has no `paragraph`; expected one, as the text is given in `paragraphs`."),
        (mention(0, 3, type=None), "`mentions[0]` has no `type`; expected one of person, organization, place"),
        (mention(0, 3, exact="Bo"), "`mentions[0]` marks 'Ann', but its `exact` is 'Bo'."),
        (mention(0, 3, confidence=2), "`mentions[0].confidence` should be less than or equal to 1; it is 2"),
        (mention(0, 3, entity=5), "`mentions[0].entity` should be an entity's id, an object {name, type, wikidata}"),
        (mention(0, 3, entity={"name": "A"}), "`mentions[0].entity.type` is missing."),
        (
            mention(0, 3, entity={"name": "A", "type": "person", "wikidata": "Q0"}),
            "`mentions[0].entity.wikidata` should be Q and a number, such as Q2280; it is 'Q0'.",
        ),
        ({"start": 0, "end": 3, "tpye": "person", "paragraph": 0}, "`mentions[0].tpye` is not a key; did you mean"),
    ],
)
def test_an_invalid_mention_is_a_fault(invalid, message):
    article, findings = normalize_document(title="T", paragraphs=["Ann met Bo.", " "], mentions=[invalid])

    assert article is None
    assert any(finding.message.startswith(message) for finding in findings), findings


@pytest.mark.parametrize(("unit", "end"), [("utf16", 1), ("utf8", 3)])
def test_an_offset_that_splits_a_character_is_a_fault(unit, end):
    _, (finding,) = normalize_document(title="T", paragraphs=["😀 here"], mentions=[mention(0, end)], offset_unit=unit)

    assert finding.message == f"`mentions[0]` splits a character, counted in {unit}."


def test_a_mention_across_paragraphs_is_a_fault():
    _, (finding,) = normalize_document(
        title="T", text="Ann.\n\nBo.", mentions=[{"start": 0, "end": 8, "type": "person"}]
    )

    assert finding.message.startswith("`mentions[0]` crosses two paragraphs")


def test_a_mention_is_cut_to_its_paragraph_and_widened_to_whole_characters():
    article, findings = normalize_document(
        title="T", paragraphs=[" Cafe\u0301 "], mentions=[mention(0, 5), mention(1, 7)]
    )

    assert marked_words(article) == ["Café", "Café"]
    assert ["widened" in finding.message for finding in findings] == [True, False]
    assert {finding.severity for finding in findings} == {"warning"}


def test_a_mention_of_outer_white_space_only_is_a_fault():
    _, (finding,) = normalize_document(title="T", paragraphs=["  Ann"], mentions=[mention(0, 2)])

    assert finding.message == "`mentions[0]` marks nothing but white space around its paragraph."


def test_crossing_mentions_are_kept_with_a_warning_and_nested_ones_without():
    article, (finding,) = normalize_document(
        title="T",
        paragraphs=["Ann met Bo."],
        mentions=[mention(0, 7), mention(4, 10), mention(4, 7), mention(0, 11), mention(0, 11)],
    )

    assert len(article.mentions) == 5
    assert finding.severity == "warning"
    assert finding.message.startswith("The mentions 'Ann met' and 'met Bo' overlap")


@pytest.mark.parametrize(
    ("text", "words", "warning"),
    [
        ("Zane Burke spoke.", "Zane Bur", "The mention 'Zane Bur' ends within the word 'Burke'; it is kept."),
        ("Zane Burke spoke.", "urke", "The mention 'urke' begins within the word 'Burke'; it is kept."),
        ("Подписали в Минске.", "Минск", "The mention 'Минск' ends within the word 'Минске'; it is kept."),
        ("x" * 99, "x", f"The mention 'x' ends within the word '{'x' * 31}'; it is kept."),
        ("Burke's pro-Burke F16.", "Burke", None),
        ("An F16 took off.", "F", None),
        ("서울에서 만났다.", "서울", None),
        ("הוא נולד בירושלים.", "ירושלים", None),
        ("他在北京出生。", "北京", None),
    ],
)
def test_a_mention_that_cuts_a_word_is_kept_with_a_warning(text, words, warning):
    start = text.index(words)
    article, findings = normalize_document(title="T", paragraphs=[text], mentions=[mention(start, start + len(words))])

    assert marked_words(article) == [words]
    assert [finding.message for finding in findings] == [warning] * bool(warning)
    assert {finding.severity for finding in findings} <= {"warning"}


def test_warnings_of_an_article_about_words_that_mentions_cut_are_bounded():
    _, findings = normalize_document(
        title="T", paragraphs=["Burke " * 200], mentions=[mention(6 * n, 6 * n + 2) for n in range(200)]
    )

    assert findings[0].message == "More than 100 mentions begin or end within a word; all are kept."
    assert len(findings) == 101


def test_an_empty_list_of_mentions_turns_annotators_off():
    assert not normalize_document(title="T", text="A.", mentions=[])[0].annotate
    assert normalize_document(title="T", text="A.")[0].annotate


@given(AWKWARD, AWKWARD, AWKWARD)
@example("e", "\u0301", "")
def test_a_span_between_normalisation_boundaries_marks_the_same_words(before, words, after):
    whole = before + words + after
    stored = NormalizedText(whole)
    parts = [normalize("NFC", part) for part in (before, words, after)]
    start, end, change = stored.map_span(len(before), len(before) + len(words))

    assert is_normalized("NFC", stored.text)
    assert stored.text == normalize("NFC", whole.strip())
    if change is None and start < end and "".join(parts) == normalize("NFC", whole):
        assert stored.text[start:end] == parts[1]


@given(AWKWARD, AWKWARD, AWKWARD)
def test_a_span_of_words_is_never_empty(before, words, after):
    stored = NormalizedText(before + words + after)
    start, end, _ = stored.map_span(len(before), len(before) + len(words))

    assert 0 <= start <= end <= len(stored.text)
    assert start < end or not words.strip()


@given(AWKWARD, AWKWARD)
def test_every_offset_unit_counts_as_its_encoding_does(before, after):
    text = before + after
    assert OffsetConverter(text, "codepoint").to_code_points(len(before)) == len(before)
    assert OffsetConverter(text, "utf16").to_code_points(len(before.encode("utf-16-le")) // 2) == len(before)
    assert OffsetConverter(text, "utf8").to_code_points(len(before.encode())) == len(before)


@given(st.text())
def test_the_slug_of_a_slug_is_the_same(name):
    made = slug(name)

    assert slug(made) == made
    assert is_normalized("NFC", made)
    assert not set(made) & set(" ./_?#%")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("2025/12/foo bar", "2025-12-foo-bar"),
        ("Минск Talks!", "минск-talks"),
        ("北京", "北京"),
        ("हिन्दी", "हिन्दी"),
        ("I ❤\ufe0f NY", "i-ny"),
        ("A\u030arhus", "århus"),
        ("İzmir", "izmir"),
        ("...", ""),
    ],
)
def test_a_slug_keeps_letters_of_every_script(name, made):
    assert slug(name) == made


@given(st.text(st.characters(max_codepoint=127)))
def test_the_slug_of_ascii_is_that_in_a_name_that_is_not_ascii(name):
    assert f"{slug(name)}-и".removeprefix("-") == slug(f"{name} и")


def test_the_id_of_a_document_takes_precedence_over_its_path():
    assert normalize_document(id="given-id", title="T", text="A.")[0].id == "given-id"


def test_a_path_that_gives_no_id_is_a_fault():
    for name in ("!", "a" * (MAX_ID_LENGTH + 1)):
        raw = RawArticle("file", name, {"title": "T", "text": "A."})
        assert normalize_article(raw, {}, "en") is None
        assert raw.findings[0].message.startswith("The path has ")


def test_values_of_an_article_take_precedence_over_defaults_and_tags_are_combined():
    defaults = {"source": "S", "language": "fr", "tags": ["a", "b"], "authors": ["A"]}
    article, _ = normalize_document(defaults, title="T", text="A.", language="PT-br", tags=" c , b,", source=" ")

    assert (article.source, article.language, article.tags, article.authors) == (None, "pt-BR", ("c", "b", "a"), ("A",))


@pytest.mark.parametrize(
    ("words", "at", "precision"),
    [
        ("2025", "2025-01-01T00:00:00+00:00", "year"),
        ("2025-12", "2025-12-01T00:00:00+00:00", "month"),
        ("2025-12-18", "2025-12-18T00:00:00+00:00", "day"),
        ("2025-12-18T09:30:15.5+02:00", "2025-12-18T07:30:15.500000+00:00", "second"),
        ("2025-12-18 09:30", "2025-12-18T09:30:00+00:00", "second"),
        (" 18  December 2025", "2025-12-18T00:00:00+00:00", "day"),
        ("Sept. 2, 1945", "1945-09-02T00:00:00+00:00", "day"),
        ("THURSDAY, DECEMBER 18TH 2025", "2025-12-18T00:00:00+00:00", "day"),
        ("0001-01-01", "0001-01-01T00:00:00+00:00", "day"),
    ],
)
def test_a_date_keeps_its_precision(words, at, precision):
    published = parse_written_date(words)

    assert (published.at.isoformat(), published.precision) == (at, precision)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "yesterday",
        "2025-13-40",
        "31 June 2025",
        "18 Maybe 2025",
        "0000",
        "99999",
        "0001-01-01T00:00:00+01:00",
        "2025121",
    ],
)
def test_an_invalid_date_raises_value_error(words):
    with pytest.raises(ValueError, match="expected 2025, 2025-12, 2025-12-18, 18 December 2025 or"):
        parse_written_date(words)


def test_a_lone_date_is_a_whole_date_and_nothing_else():
    assert parse_lone_date("2025") is None
    assert parse_lone_date("December 18, 2025 was cold") is None
    assert parse_lone_date("18 December 2025")


def test_a_year_may_be_a_number():
    assert normalize_document(title="T", text="A.", published_at=987)[0].published.at.year == 987


def test_key_aliases_give_their_canonical_keys():
    meant = {
        "Headline": "title",
        "pubDate": "published_at",
        "byline": "authors",
        "lang": "language",
        "source-url": "source_url",
        "keywords": "tags",
        "content": "text",
        "licence": "rights",
        "mood": "mood",
    }

    assert canonicalize_keys({**meant, "id": None}).names == {**meant, "id": "id"}


def test_keys_under_extra_are_kept_as_they_are():
    article, _ = normalize_document(title="T", text="A.", mood="calm", extra={"titel": 1})

    assert article.extra == {"mood": "calm", "titel": 1}


def test_the_json_schema_describes_every_key_and_allows_others():
    schema = json.loads(json.dumps(article_schema()))

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is True
    assert all("description" in field or field.get("title") for field in schema["properties"].values())
    assert schema["properties"]["paragraphs"]["anyOf"][0]["items"]["anyOf"][1] == {"type": "string"}
    assert schema["$defs"]["MentionDocument"]["additionalProperties"] is False


@pytest.mark.parametrize(
    "url",
    [
        "https://en.wikinews.org/wiki/After_visa_snags%2C_all-girl",
        "http://localhost:8000/a?b=c&d[]=e#f",
        "https://[::1]/",
        "HTTPS://Example.org",
        "https://минск.бел/новости?q=«a»",
        "https://x.org/a|b{c}",
        "http://192.0.2.1/",
        " https://x.org\n",
        "https://fa.wikipedia.org/wiki/می\u200cشود",
        "https://x.org/" + "a" * 7_000,
    ],
)
def test_a_web_url_is_kept(url):
    article, findings = normalize_document(title="T", text="x", source_url=url)

    assert (article.source_url, findings) == (url.strip(), [])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)//https://x.org",
        "java\nscript:alert(1)",
        "data:text/html,<b>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://x.org/a",
        "x.org/a",
        "//x.org/a",
        "/a",
        "https:x.org",
        "https:/x.org",
        "https:///a",
        "http://",
        "https://:80",
        "https://x.org:port/",
        "https://x.org:99999/",
        "https://[::1/",
        "https://x.org/a b",
        "https://x.org/\u00a0a",
        "https://x.org/\u2028a",
        "https://x.org/\u202egnp",
        "https://x\u0000.org",
        "https:\\\\x.org",
        "https://x.org\\@y.org",
        "https://x.org/" + "a" * 8_000,
    ],
)
def test_any_other_url_is_a_fault(url):
    article, findings = normalize_document(title="T", text="x", source_url=url)

    assert article is None
    assert all(finding.message.startswith("`source_url` ") for finding in findings)
