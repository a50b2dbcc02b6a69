"""Encodings and control characters: text is read in the encoding it is in, and a guess is never silent."""

import codecs
import gzip
import json

import pytest

TEXT = "Переговоры в Минске\n\nСтороны договорились встретиться снова.\n"
FRENCH = "Les négociations reprennent à Genève\n\nLes délégués se sont réunis à huis clos; l'été sera décisif.\n"


def texts(article):
    return [paragraph.text for paragraph in article.paragraphs]


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
    ids=lambda value: value if isinstance(value, str) else "mark",
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".txt", ".md", ".json", ".jsonl", ".jsonl.gz"])
def test_byte_order_mark_names_the_encoding(reading, mark, codec, suffix):
    title, text = TEXT.split("\n\n")
    content = {
        ".txt": TEXT,
        ".md": f"---\ntitle: {title}\n---\n{text}",
        ".json": json.dumps({"title": title, "text": text}, ensure_ascii=False),
    }.get(suffix) or "\n".join(json.dumps({"title": title, "text": text, "id": id}) for id in "ab")
    data = mark + content.encode(codec)
    articles, findings = reading(f"a{suffix}", gzip.compress(data) if suffix.endswith("gz") else data)

    assert {tuple(texts(article)) for article in articles} == {(title, text.strip())}
    assert len(articles) == (2 if "jsonl" in suffix else 1)
    assert findings == []


def test_a_broken_utf16_file_is_a_fault(complaints):
    ((line, message),) = complaints("a.txt", codecs.BOM_UTF16_LE + "Title\n\nText".encode("utf-16-le") + b"\x00\xd8!")

    assert (line, message) == (1, "The file begins like UTF-16, but is not; expected UTF-8.")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_byte_order_mark_is_read(article, codec):
    assert texts(article("a.txt", "Talks go on\n\nThe text.\n".encode(codec))) == ["Talks go on", "The text."]


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (FRENCH, "cp1252", "Windows-1252"),
        (TEXT, "cp1251", "Windows-1251"),
        (TEXT, "koi8_r", "KOI8-R"),
        ("ミンスクでの会談\n\n双方は再び会うことで合意した。\n", "cp932", "Shift_JIS"),
        ("明斯克会谈仍在继续\n\n双方同意再次会面，并发表联合声明。\n", "gb18030", "GB18030"),
    ],
    ids=lambda value: value if len(value) < 20 else "text",
)
@pytest.mark.parametrize("suffix", [".txt", ".json", ".jsonl"])
def test_another_encoding_is_recognized_with_a_warning_that_names_it(reading, text, codec, name, suffix):
    title, body = text.strip().split("\n\n")
    content = text if suffix == ".txt" else json.dumps({"title": title, "text": body, "id": "a"}, ensure_ascii=False)
    ((parsed,), (finding,)) = reading(f"a{suffix}", content.encode(codec))

    assert texts(parsed) == [title, body]
    assert finding.severity == "warning"
    assert f"most likely {name}, and was read so" in finding.message


def test_one_pound_sign_of_windows_1252_in_an_english_text_is_read(reading):
    text = "Budget rises\n\n" + "The minister said that the budget would rise next year, and more. " * 20
    ((parsed,), (finding,)) = reading("a.txt", f"{text}\n\nIt costs £30bn.".encode("cp1252"))

    assert texts(parsed)[-1] == "It costs £30bn."
    assert "Windows-1252" in finding.message


def test_lines_in_another_encoding_leave_the_others_of_json_lines_as_they_are(reading):
    documents = [{"id": id, "title": "Genève", "text": "Les négociations à Genève, l'été."} for id in "ab"]
    first, second = (json.dumps(document, ensure_ascii=False) for document in documents)
    articles, (finding,) = reading("a.jsonl", first.encode() + b"\n" + second.encode("cp1252"))

    assert {article.title for article in articles} == {"Genève"}
    assert finding.severity == "warning"


def test_form_feeds_of_a_converted_pdf_are_white_space(article):
    assert texts(article("a.txt", "Title\n\nFirst page.\n\n\fSecond page,\n\fgoes on.\n\f")) == [
        "Title", "First page.", "Second page, goes on.",
    ]  # fmt: skip


def test_controls_of_windows_1252_are_read_as_what_was_meant(reading):
    ((parsed,), (finding,)) = reading("a.txt", "It\u0092s over\n\n\u0093Never\u0094 \u0096 and then\u0085\n")

    assert texts(parsed) == ["It’s over", "“Never” – and then…"]
    assert finding.severity == "warning"
    assert "Windows-1252" in finding.message


def test_next_line_is_a_line_end(article):
    assert texts(article("a.txt", "Title\u0085\u0085First.\u0085\u0085Second.")) == ["Title", "First.", "Second."]


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "utf8"])
def test_offsets_in_json_stay_true_where_controls_are_replaced(article, unit):
    text = "It\u0092s\f Ann"
    width = len(text[:-3].encode()) if unit == "utf8" else len(text) - 3
    mentions = [{"start": width, "end": width + 3, "type": "person", "exact": "Ann"}]
    document = {"title": "T", "text": text, "offset_unit": unit, "mentions": mentions, "source": "The\u0092s"}
    parsed = article("a.json", json.dumps(document))
    (mention,) = parsed.mentions

    assert parsed.paragraphs[1].text == "It’s  Ann"
    assert parsed.paragraphs[1].text[mention.start : mention.end] == "Ann"
    assert parsed.source == "The’s"


def test_paragraphs_without_a_visible_character_are_dropped(reading):
    invisible = "\u200b \u2060\ufeff"
    plain, markdown, data = (
        reading(name, content)
        for name, content in (
            ("a.txt", f"Title\n{invisible}\nFirst.\n\u2800\nSecond one.\n"),
            ("b.md", f"# Title\n\n{invisible}\n\nFirst.\n\nSecond one.\n"),
            ("c.json", json.dumps({"title": "Title", "paragraphs": ["First.", invisible, "Second one."]})),
        )
    )

    for articles, _ in (plain, markdown, data):
        assert texts(articles[-1]) == ["Title", "First.", "Second one."]


RUSSIAN = "Лёд остановил паром"
WITH_ENCODING = {
    "a.txt": "{0}\n\nТекст.\n",
    "a.md": "---\nauthors: Ёж\n---\n# {0}\n\nТекст.\n",
    "a.json": '{{"title": "{0}", "text": "Текст."}}',
    "a.jsonl": '{{"title": "{0}", "text": "Текст."}}\n{{"title": "B", "text": "ASCII."}}\n',
    "a.csv": "title;text\n{0};Текст.\n",
    "a.conll": "-DOCSTART- O\n\nЛёд B-MISC\nостановил O\nпаром O\n\nТекст O\n. O\n",
    "a.wiki": "= {0} =\n\nТекст.\n",
}


@pytest.mark.parametrize("encoding", ["koi8-r", "IBM866", "windows-1251", "iso-8859-5", "utf-8"])
@pytest.mark.parametrize("name", WITH_ENCODING)
def test_encoding_of_a_folder_is_taken_where_a_file_is_not_utf_8(reading, name, encoding):
    reading("defaults.yaml", f"encoding: {encoding}\n")
    articles, findings = reading(name, WITH_ENCODING[name].format(RUSSIAN).encode(encoding))

    assert [finding.message for finding in findings if "UTF-8" in finding.message] == []
    assert any("Лёд" in paragraph.text for paragraph in articles[0].paragraphs)


def test_files_in_utf_8_or_with_a_mark_need_no_encoding_of_their_folder(reading):
    reading("defaults.yaml", "encoding: koi8-r\n")
    text = f"{RUSSIAN}\n\nТекст.\n"
    reading("a.txt", text)
    articles, findings = reading("b.txt", b"\xff\xfe" + text.encode("utf-16-le"))

    assert [article.title for article in articles] == [RUSSIAN, RUSSIAN]
    assert findings == []


def test_bytes_that_the_encoding_of_a_folder_does_not_have_are_a_fault(complaints):
    complaints("defaults.yaml", "encoding: shift_jis\n")

    assert complaints("a.txt", b"Title\n\nText \xfd\xfd.\n") == [
        (3, "Byte 12 (0xfd) is neither UTF-8 nor shift_jis, the `encoding` in defaults.yaml; expected one of them.")
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "rot13", "zlib", "klingon", "5", "[koi8-r]", "iso-2022-jp", "cp037"])
def test_encoding_that_is_none_of_texts_is_a_fault(complaints, encoding):
    (fault,) = complaints("defaults.yaml", f"encoding: {encoding}\n")[:1]

    assert fault[0] == 1
    assert "which is no encoding of texts" in fault[1]
