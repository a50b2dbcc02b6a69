"""Golden documents: how the fixtures of tests/seeding/readers are read, written down to be compared.

`python -m tests.support.golden` writes them anew.
"""

import json
import sys
from pathlib import Path

from app.seeding.article import Finding
from app.seeding.readers import read_chunk, split_file
from app.seeding.scanner import scan

FIXTURES = Path(__file__).parent.parent / "seeding/readers/fixtures"
GOLDEN = FIXTURES.with_name("golden")
KINDS = sorted(folder.name for folder in FIXTURES.iterdir())


def read_folder(folder):
    """Return the articles and the findings of a folder."""
    scanned = scan([folder])
    articles, findings = [], [*scanned.findings]
    for file in scanned.files:
        for chunk in split_file(file):
            result = ([], [chunk]) if isinstance(chunk, Finding) else read_chunk(chunk, "en")
            articles += result[0]
            findings += result[1]
    return articles, findings


def describe(article, folder):
    """Return an article as short JSON, without what it does not have."""
    mentions = [describe_mention(mention, article) for mention in article.mentions]
    values = {
        "id": article.id,
        "from": f"{Path(article.file).relative_to(folder)}:{article.line}",
        "source": article.source,
        "source_url": article.source_url,
        "language": article.language,
        "authors": article.authors,
        "rights": article.rights,
        **{name: describe_date(getattr(article, name)) for name in ("published", "updated")},
        "tags": article.tags,
        "paragraphs": [f"{paragraph.role}: {paragraph.text}" for paragraph in article.paragraphs],
        "mentions": mentions,
        "dates": [f"{date.paragraph}:{date.start}-{date.end} {date.value}" for date in article.dates or ()],
        "annotate": article.annotate,
        "extra": article.extra,
    }
    return {key: value for key, value in values.items() if value or key == "annotate"}


def describe_date(date):
    """Return a date with its precision."""
    return date and [date.at.isoformat(), date.precision]


def describe_mention(mention, article):
    """Return a mention as one line."""
    words = article.paragraphs[mention.paragraph].text[mention.start : mention.end]
    entity = mention.entity and f"{mention.entity.name} {mention.entity.wikidata or ''}"
    parts = (words, mention.type, mention.label, entity, mention.confidence)
    return f"{mention.paragraph}:{mention.start}-{mention.end} " + " | ".join(str(part) for part in parts if part)


def describe_folder(kind):
    """Return how the fixtures of a kind are read, as text."""
    folder = FIXTURES / kind
    articles, findings = read_folder(folder)
    messages = [
        f"{Path(finding.file).relative_to(folder)}:{finding.line}: {finding.severity}: {finding.message}"
        for finding in findings
    ]
    described = {"articles": [describe(article, folder) for article in articles], "findings": messages}
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def record():
    """Write the golden documents."""
    for kind in KINDS:
        (GOLDEN / f"{kind}.json").write_text(describe_folder(kind), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(record())
