"""Atom (RFC 4287): the articles of a question as entries of a feed."""

from collections.abc import Iterable, Iterator

from app.export.document import Report, escape_xml
from app.export.web.feed import UNDATED, Feed, tag_uri
from app.export.web.html import article_html, report_html
from app.export.web.values import first_moment
from app.rendering import JsonObject


def write_atom(feed: Feed, articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield a feed with an entry for each article."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{escape_xml(tag_uri(feed.url))}</id>\n"
        f"<title>{escape_xml(feed.title)}</title>\n"
        f"<updated>{feed.updated_at}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href="{escape_xml(feed.url)}"/>\n'
        f'<link rel="alternate" href="{escape_xml(feed.list_url)}"/>\n'
        # A feed must name an author for the entries that have none.
        "<author><name>Annotated articles</name></author>\n"
    ).encode()
    for article in articles:
        report_html(article, report)
        yield format_entry(article).encode()
    yield b"</feed>\n"


def format_entry(article: JsonObject) -> str:
    """Return an article as an entry."""
    published, updated = first_moment(article["published_at"]), first_moment(article.get("updated_at"))
    url, source_url, lead, rights = (article[name] for name in ("url", "source_url", "lead", "rights"))
    elements = [
        f"<id>{escape_xml(tag_uri(url))}</id>",
        f"<title>{escape_xml(article['title'])}</title>",
        f"<updated>{updated or published or UNDATED}</updated>",
        f"<published>{published}</published>" if published else "",
        f'<link rel="alternate" href="{escape_xml(url)}"/>',
        f'<link rel="via" href="{escape_xml(source_url)}"/>' if source_url else "",
        *(f"<author><name>{escape_xml(name)}</name></author>" for name in article["authors"]),
        *(f'<category term="{tag["id"]}" label="{escape_xml(tag["name"])}"/>' for tag in article["tags"]),
        f"<rights>{escape_xml(rights)}</rights>" if rights else "",
        f"<summary>{escape_xml(lead)}</summary>" if lead else "",
        f'<content type="html">{escape_xml(article_html(article))}</content>',
    ]
    lines = "\n".join(filter(None, elements))
    return f'<entry xml:lang="{escape_xml(article["language"])}">\n{lines}\n</entry>\n'
