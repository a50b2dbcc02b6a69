"""The corpus as tables, from which other servers are filled: made of what `articles export` writes."""

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from tests.benchmarks.corpus import GeneratedCorpus, run_command

SEPARATOR = " zzzz "
"""Stands between paragraphs, so that no phrase is found across them; it is no word of the corpus."""

TABLES = """
CREATE TABLE article (
    key INTEGER PRIMARY KEY, id TEXT UNIQUE, title TEXT, source TEXT, language TEXT, published_at TEXT,
    word_count INTEGER, lead TEXT, tags TEXT, text TEXT
);
CREATE TABLE entity (id TEXT PRIMARY KEY, name TEXT, type TEXT, articles INTEGER);
CREATE TABLE tag (id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE paragraph (
    article INTEGER REFERENCES article (key), position INTEGER, role TEXT, text TEXT, PRIMARY KEY (article, position)
);
CREATE TABLE mention (
    article INTEGER REFERENCES article (key), number INTEGER, position INTEGER, start INTEGER, "end" INTEGER,
    entity TEXT REFERENCES entity (id), PRIMARY KEY (article, number)
);
CREATE TABLE article_tag (
    article INTEGER REFERENCES article (key), tag TEXT REFERENCES tag (id), PRIMARY KEY (article, tag)
);
CREATE TABLE article_entity (
    article INTEGER REFERENCES article (key), entity TEXT REFERENCES entity (id), PRIMARY KEY (article, entity)
);
"""

INDEXES = """
CREATE INDEX article_newest ON article (published_at DESC, key);
CREATE INDEX mention_entity ON mention (entity, article);
CREATE INDEX article_tag_tag ON article_tag (tag, article);
CREATE INDEX article_entity_entity ON article_entity (entity, article);
UPDATE entity SET articles = (SELECT count(*) FROM article_entity WHERE entity = id);
CREATE INDEX entity_articles ON entity (articles);
CREATE VIRTUAL TABLE article_words USING fts5 (text, content=article, content_rowid=key, tokenize='porter unicode61');
INSERT INTO article_words (article_words) VALUES ('rebuild');
CREATE VIRTUAL TABLE entity_words USING fts5 (name, content=entity, tokenize='unicode61', prefix='2 3');
INSERT INTO entity_words (entity_words) VALUES ('rebuild');
ANALYZE main;
"""


def make_tables(corpus: GeneratedCorpus) -> Path:
    """Write the corpus into tables, unless that was done before; return the SQLite database."""
    folder = corpus.data.with_name(f"tables-{corpus.articles}")
    if not folder.exists():
        # A run that is interrupted leaves no half of a database to the next.
        unfinished = folder.with_name("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        exported = unfinished / "articles.jsonl"
        run_command(corpus.data, "export", "articles", "--output", exported)
        with closing(sqlite3.connect(unfinished / "corpus.db")) as connection, exported.open("rb") as lines:
            connection.executescript(TABLES)
            insert_articles(connection, lines)
            connection.executescript(INDEXES)
        exported.unlink()
        unfinished.rename(folder)
    return folder / "corpus.db"


def insert_articles(connection: sqlite3.Connection, lines: Iterable[bytes]) -> None:
    """Insert articles, the newest first, so that keys order articles of the same moment by id."""
    for key, line in enumerate(lines, start=1):
        article = orjson.loads(line)
        for table, rows in make_rows(key, article).items():
            values = ", ".join("?" * len(rows[0])) if rows else ""
            connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({values})", rows)
    connection.commit()


def make_rows(key: int, article: dict[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of an article, by table."""
    paragraphs, tags, entities = article["paragraphs"], article["tags"], article["entities"]
    columns = [article[name] for name in ("id", "title", "source", "language", "published_at", "word_count", "lead")]
    tag_ids = orjson.dumps([tag["id"] for tag in tags]).decode()
    text = SEPARATOR.join(paragraph["text"] for paragraph in paragraphs)
    mentions = [(paragraph["position"], mention) for paragraph in paragraphs for mention in paragraph["mentions"]]
    return {
        "article": [(key, *columns, tag_ids, text)],
        "tag": [(tag["id"], tag["name"]) for tag in tags],
        "article_tag": [(key, tag["id"]) for tag in tags],
        "entity": [(entity["id"], entity["name"], entity["type"], None) for entity in entities],
        "article_entity": [(key, entity["id"]) for entity in entities],
        "paragraph": [(key, each["position"], each["role"], each["text"]) for each in paragraphs],
        "mention": [
            (key, number, position, mention["start"], mention["end"], mention["entity"]["id"])
            for number, (position, mention) in enumerate(mentions)
            if mention["entity"]
        ],
    }
