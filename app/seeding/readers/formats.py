"""Formats: the table of formats that share a suffix, come in chunks or need a library, and how each is recognised."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from io import BufferedIOBase
from typing import Any, NamedTuple

from app.seeding.article import Finding, ScannedFile
from app.seeding.files import file_exists
from app.seeding.limits import LONGEST_TEXT, LONGEST_XML
from app.seeding.normalize.raw import Fault, RawArticle

HEAD_BYTES = 4_096
"""Bytes at the beginning of a file by which its format is recognised."""


class Format(NamedTuple):
    """A format, and how its files are recognised and read."""

    name: str
    """What messages and reports call it."""
    reader: str
    """`module:function` in this package, imported when a file asks for it. The function takes a file, its path without
    suffix and its bytes, and, with a splitter, the line and the offset in bytes at which the bytes begin."""
    suffixes: tuple[str, ...] = ()
    """Suffixes that mean this format, in lower case."""
    shared_suffixes: tuple[str, ...] = ()
    """Suffixes of other formats, too: a file is of this one if it has a companion, or begins as `pattern` says."""
    pattern: re.Pattern[bytes] | None = None
    """What is found in the first `HEAD_BYTES` of such a file."""
    limit: int | None = LONGEST_TEXT
    """Bytes that a file may have; None: any number."""
    splitter: str = ""
    """`module:function` that takes a file, its bytes and the size of a chunk, and yields `Records`."""
    companion: str = ""
    """The suffix of the file beside it that holds its annotations."""


def begin_with(*names: str) -> re.Pattern[bytes]:
    """Return a pattern for XML whose outermost element has one of these names, in any namespace."""
    before = rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>\s*)*"
    return re.compile(before + rb"<(?:[\w.-]+:)?(?:" + "|".join(names).encode() + rb")[\s/>]", re.DOTALL)


TOKEN_AND_TAG = rb"(?:[^\n]*[\t ])?(?:O|[BI]-[A-Za-z_]{1,40})[\t ]*\r?\n"

FORMATS = (
    Format("brat", "annotated.brat:read_brat", shared_suffixes=(".txt",), companion=".ann"),
    Format("Web Annotation", "annotated.web_annotation:read_web_annotation", (), (".txt",), companion=".jsonld"),
    Format(
        "CoNLL",
        "annotated.conll:read_conll",
        (".conll", ".conllu", ".iob", ".iob2", ".bio", ".bioes"),
        (".txt", ".tsv"),
        # Every line of the first few is a token with its tag, a comment, or blank.
        re.compile(
            rb"\A(?:\xef\xbb\xbf)?(?:-DOCSTART-|(?:#[^\n]*\n|[\t ]*\r?\n)*(?:" + TOKEN_AND_TAG + rb"){3})", re.ASCII
        ),
        limit=None,
        splitter="annotated.conll:split_documents",
    ),
    Format(
        "WordPress export",
        "xml.wordpress:read_wordpress",
        (".wxr",),
        (".xml",),
        re.compile(rb"<rss\b[^>]*wordpress\.org/export/", re.DOTALL),
        None,
        "feeds.rss:split_items",
    ),
    Format(
        "RSS",
        "feeds.rss:read_rss",
        (".rss", ".rdf"),
        (".xml",),
        begin_with("rss", "RDF"),
        None,
        "feeds.rss:split_items",
    ),
    Format(
        "Atom",
        "feeds.atom:read_atom",
        (".atom",),
        (".xml",),
        begin_with("feed", "entry"),
        None,
        "feeds.atom:split_entries",
    ),
    Format(
        "CSV",
        "tables.delimited:read_delimited",
        (".csv", ".tsv", ".tab"),
        limit=None,
        splitter="tables.delimited:split_rows",
    ),
    Format("web page", "web.page:read_page", (".html", ".htm", ".xhtml")),
    Format("web archive", "web.page:read_web_archive", (".mhtml", ".mht"), limit=2 * LONGEST_TEXT),
    Format("UIMA XMI", "xml.xmi:read_xmi", (".xmi",), (".xml",), begin_with("XMI"), LONGEST_XML),
    Format("NAF", "xml.naf:read_naf", (".naf",), (".xml",), begin_with("NAF", "KAF"), LONGEST_XML),
    Format("DocBin", "annotated.docbin:read_docbin", (".spacy",), limit=LONGEST_XML),
    Format("TEI", "xml.tei:read_tei", (".tei",), (".xml",), begin_with("TEI", "teiCorpus"), LONGEST_XML),
    Format("NITF", "xml.nitf:read_nitf", (".nitf",), (".xml",), begin_with("nitf"), LONGEST_XML),
    Format("NewsML-G2", "xml.newsml:read_newsml", (), (".xml",), begin_with("newsMessage", "newsItem"), LONGEST_XML),
    Format(
        "MediaWiki export",
        "xml.mediawiki:read_mediawiki",
        (),
        (".xml",),
        begin_with("mediawiki"),
        None,
        "xml.mediawiki:split_pages",
    ),
    Format("mail", "mail.messages:read_eml", (".eml",), limit=LONGEST_XML),
    Format("mailbox", "mail.messages:read_mbox", (".mbox",), limit=None, splitter="mail.messages:split_messages"),
    Format("Word", "office.docx:read_docx", (".docx",), limit=LONGEST_XML),
    Format("OpenDocument", "office.opendocument:read_odt", (".odt",), limit=LONGEST_XML),
    Format("EPUB", "office.epub:read_epub", (".epub",), limit=LONGEST_XML),
    Format("PDF", "office.pdf:refuse_pdf", (".pdf",), limit=None),
    Format("wikitext", "xml.mediawiki:read_wikitext", (".wiki", ".mediawiki", ".wikitext")),
    Format("Parquet", "tables.arrow:read_batch", (".parquet",), limit=None, splitter="tables.arrow:split_parquet"),
    Format("Arrow", "tables.arrow:read_batch", (".arrow", ".feather"), limit=None, splitter="tables.arrow:split_arrow"),
    Format("spreadsheet", "tables.spreadsheet:read_spreadsheet", (".xlsx", ".ods"), limit=LONGEST_XML),
    Format("XML", "xml.unknown:read_unknown", (".xml",)),
)
"""Formats, the first that fits first."""

EXTRAS = {"pyarrow": "tables", "python_calamine": "tables", "spacy": "spacy"}
"""Libraries that are not installed unless an extra is asked for, and that extra."""

BY_SUFFIX = {
    suffix: tuple(format for format in FORMATS if suffix in format.suffixes + format.shared_suffixes)
    for suffix in sorted({suffix for format in FORMATS for suffix in format.suffixes + format.shared_suffixes})
}
LIMITS = {suffix: BY_SUFFIX[suffix][0].limit for format in FORMATS for suffix in format.suffixes}
"""Limits of the suffixes that are read by this table alone."""
SPLIT_SUFFIXES = {suffix for suffix in LIMITS if any(format.splitter for format in BY_SUFFIX[suffix])}
COMPANIONS = {(suffix, format.companion) for format in FORMATS if format.companion for suffix in format.shared_suffixes}


def choose_format(file: ScannedFile, suffix: str, head: bytes) -> Format | None:
    """Return the format of a file with this suffix that begins with these bytes; None if the table has none."""
    for format in BY_SUFFIX.get(suffix, ()):
        if suffix in format.suffixes or is_of_format(format, file, head):
            return format
    return None


def is_of_format(format: Format, file: ScannedFile, head: bytes) -> bool:
    """Tell whether a file of a shared suffix is of a format."""
    if format.companion:
        return file.companion is not None and file.companion.lower().endswith(format.companion)
    return format.pattern is not None and format.pattern.search(head) is not None


def find_companion(real: str) -> str | None:
    """Return the path of the file beside a file that holds its annotations, if there is one."""
    for suffix, companion in COMPANIONS:
        if real.lower().endswith(suffix):
            path = f"{real[: -len(suffix)]}{companion}"
            if file_exists(path):
                return path
    return None


def is_companion(real: str) -> bool:
    """Tell whether a file holds the annotations of the file beside it."""
    return any(
        real.lower().endswith(companion) and file_exists(f"{real[: -len(companion)]}{suffix}")
        for suffix, companion in COMPANIONS
    )


@cache
def load_function(name: str) -> Callable[..., Any]:
    """Import the function `module:function` of this package. Raises `Fault` if a library of an extra is missing."""
    module, _, function = name.partition(":")
    try:
        loaded: Callable[..., Any] = getattr(import_module(f"app.seeding.readers.{module}"), function)
    except ModuleNotFoundError as error:
        if (extra := EXTRAS.get((error.name or "").partition(".")[0])) is None:
            raise
        hint = f"install `annotated-articles[{extra}]`"
        raise Fault(f"Files of this kind are read with {error.name}, which is not installed; {hint}.") from None
    return loaded


def read_nothing(_file: ScannedFile, _name: str, _stream: BufferedIOBase) -> Iterator[RawArticle | Finding]:
    """Raise `Fault` for a file whose suffix is known, but whose content is not."""
    raise Fault("What this file holds was not recognised.")
