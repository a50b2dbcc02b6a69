"""Word, OpenDocument and EPUB files: their roles are kept, and a bad or bloated file ends in a sentence."""

import io
import zipfile

import pytest

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'


def pack(**files):
    """Return a zip file with these files; `__` in a name stands for `/`, a single `_` for a dot."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


def write_paragraph(text, style="", more=""):
    mark = f'<w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>' if style or more else ""
    return f'<w:p>{mark}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def write_docx(body):
    styles = "".join(
        f'<w:style w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
        for id, name in [
            ("Titel", "Title"),
            ("berschrift1", "heading 1"),
            ("Zitat", "Intense Quote"),
            ("Bild", "caption"),
        ]
    )
    return pack(
        word__document_xml=f"<w:document {W}><w:body>{body}</w:body></w:document>",
        word__styles_xml=f"<w:styles {W}>{styles}</w:styles>",
        docProps__core_xml=f"<p {DC}><dc:title>Draft 3</dc:title><dc:creator>Ida Berg</dc:creator>"
        "<dcterms:created>2025-03-04T09:30:00Z</dcterms:created></p>",
    )


def test_paragraphs_of_word_have_the_roles_of_their_styles(article):
    body = (
        write_paragraph("Ferries stop", "Titel")
        + "<w:p><w:r><w:t>No fer</w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:r><w:t>ry</w:t><w:br/><w:t>left.</w:t></w:r></w:p>"
        + write_paragraph("Trains", "berschrift1")
        + write_paragraph("We waited.", "Zitat")
        + write_paragraph("Line 1", more="<w:numPr/>")
        + write_paragraph("An empty pier", "Bild")
        + f"<w:tbl><w:tr><w:tc>{write_paragraph('Length')}</w:tc><w:tc>{write_paragraph('62 m')}</w:tc></w:tr></w:tbl>"
    )
    parsed = article("ferries.docx", write_docx(body))

    assert [(paragraph.role, paragraph.text) for paragraph in parsed.paragraphs] == [
        ("title", "Ferries stop"),
        ("body", "No ferry left."),
        ("heading", "Trains"),
        ("quote", "We waited."),
        ("list", "Line 1"),
        ("caption", "An empty pier"),
        ("body", "Length | 62 m"),
    ]
    assert (parsed.id, parsed.authors, parsed.published.precision) == ("ferries", ("Ida Berg",), "second")


def test_title_of_a_word_file_without_headings_is_its_property(article):
    assert article("a.docx", write_docx(write_paragraph("No ferry left."))).title == "Draft 3"


def test_paragraphs_of_opendocument_have_their_roles(article):
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<o:document-content xmlns:o="{names}:office:1.0" xmlns:t="{names}:text:1.0" xmlns:s="{names}:style:1.0">'
        '<o:automatic-styles><s:style s:name="P1" s:parent-style-name="Quotations"/></o:automatic-styles>'
        '<o:body><o:text><t:h t:outline-level="1">Ferries stop</t:h><t:p>No<t:s/>ferry <t:span>left</t:span>.'
        "<t:note><t:p>Not one.</t:p></t:note></t:p>"
        '<t:h>Trains</t:h><t:p t:style-name="P1">We waited.</t:p><t:list><t:list-item><t:p>Line 1</t:p></t:list-item>'
        "</t:list></o:text></o:body></o:document-content>"
    )
    meta = f"<m {DC}><dc:creator>Ida Berg</dc:creator><dc:date>2025-03-04</dc:date><dc:language>en</dc:language></m>"
    parsed = article("a.odt", pack(content_xml=content, meta_xml=meta))

    assert [(paragraph.role, paragraph.text) for paragraph in parsed.paragraphs] == [
        ("title", "Ferries stop"),
        ("body", "No ferry left."),
        ("heading", "Trains"),
        ("quote", "We waited."),
        ("list", "Line 1"),
    ]
    assert parsed.authors == ("Ida Berg",)


def test_chapters_of_a_book_are_articles_in_their_reading_order(reading):
    chapter = (
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>Chapter {0}</h1><p>"
        + "A word. " * 20
        + "</p></body></html>"
    )
    book = (
        f"<package {DC}><metadata><dc:title>The Pier</dc:title><dc:creator>Ida Berg</dc:creator>"
        '<dc:language>en</dc:language></metadata><manifest><item id="a" href="one.xhtml"/>'
        '<item id="b" href="text/two%20b.xhtml"/>'
        '<item id="c" href="cover.xhtml"/><item id="n" href="one.xhtml" properties="nav"/></manifest>'
        '<spine><itemref idref="c"/><itemref idref="n"/><itemref idref="b"/><itemref idref="a"/></spine></package>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("META-INF/container.xml", "<container><rootfile full-path='OPS/book.opf'/></container>")
        package.writestr("OPS/book.opf", book)
        package.writestr("OPS/one.xhtml", chapter.format(1))
        package.writestr("OPS/text/two b.xhtml", chapter.format(2))
        package.writestr("OPS/cover.xhtml", "<html><body><img src='a.jpg'/></body></html>")
    articles, findings = reading("pier.epub", packed.getvalue())

    assert findings == []
    assert [(article.id, article.title, article.source) for article in articles] == [
        ("pier-1", "Chapter 2", "The Pier"),
        ("pier-2", "Chapter 1", "The Pier"),
    ]


@pytest.mark.parametrize("suffix", ["docx", "odt", "epub"])
@pytest.mark.parametrize(
    ("create_content", "message"),
    [
        (lambda: b"no zip file", "This is not a whole zip file (File is not a zip file)"),
        (lambda: pack(a_xml="<a/>"), "Th"),
        (
            lambda: pack(word__document_xml=b" " * 150_000_000, content_xml="<a/>"),
            "The file unpacks to more than 100 times",
        ),
        (
            lambda: pack(
                **dict.fromkeys(
                    ("word__document_xml", "content_xml", "META-INF__container_xml"),
                    "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
                )
            ),
            "The XML declares entities",
        ),
        (lambda: write_docx(write_paragraph("a"))[:-30], "This is not a whole zip file"),
    ],
    ids=["no zip", "other zip", "bomb", "entities", "cut"],
)
def test_broken_office_file_is_a_fault(reading, suffix, create_content, message):
    articles, (finding,) = reading(f"a.{suffix}", create_content())

    assert articles == []
    assert finding.message.startswith(message)
    assert "The program failed" not in finding.message


def test_pdf_is_answered_by_a_sentence(reading):
    articles, (finding,) = reading("a.pdf", b"%PDF-1.7")

    assert (articles, finding.severity) == ([], "warning")
    assert finding.message.startswith("PDF was not read")
