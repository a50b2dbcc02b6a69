"""The same corpus for Datasette: plain tables with their indexes, and full-text tables that its metadata names."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

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
"""

ROWS = """
INSERT INTO article
    SELECT key, id, title, source, language, published_at, word_count,
        (SELECT text FROM ours.paragraph WHERE article = key AND role = 'body' ORDER BY position LIMIT 1),
        (SELECT json_group_array(tag.id) FROM ours.article_tag JOIN ours.tag ON tag.key = article_tag.tag
            WHERE article = article.key),
        (SELECT group_concat(text, char(10)) FROM ours.paragraph WHERE article = key)
    FROM ours.article WHERE until IS NULL;
INSERT INTO entity
    SELECT entity.id, entity.name, entity.type, count(DISTINCT article)
    FROM ours.mention JOIN ours.entity ON entity.key = mention.entity
    WHERE article IN (SELECT key FROM main.article) GROUP BY entity.key;
INSERT INTO tag SELECT id, name FROM ours.tag;
INSERT INTO paragraph
    SELECT article, position, role, text FROM ours.paragraph WHERE article IN (SELECT key FROM main.article);
INSERT INTO mention
    SELECT article, number, position, start, "end", entity.id
    FROM ours.mention JOIN ours.entity ON entity.key = mention.entity
    WHERE article IN (SELECT key FROM main.article);
INSERT INTO article_tag
    SELECT article, tag.id FROM ours.article_tag JOIN ours.tag ON tag.key = article_tag.tag
    WHERE article IN (SELECT key FROM main.article);
"""

INDEXES = """
CREATE INDEX article_newest ON article (published_at DESC, key);
CREATE INDEX mention_entity ON mention (entity, article);
CREATE INDEX article_tag_tag ON article_tag (tag, article);
CREATE INDEX entity_articles ON entity (articles);
CREATE VIRTUAL TABLE article_words USING fts5 (text, content=article, content_rowid=key, tokenize='porter unicode61');
INSERT INTO article_words (article_words) VALUES ('rebuild');
CREATE VIRTUAL TABLE entity_words USING fts5 (name, content=entity, tokenize='unicode61', prefix='2 3');
INSERT INTO entity_words (entity_words) VALUES ('rebuild');
ANALYZE main;
"""

# Where the full-text table isn't named, `_search` is ignored without a word.
METADATA = {
    "databases": {
        "corpus": {
            "tables": {
                "article": {"fts_table": "article_words", "fts_pk": "key", "size": 20},
                "entity": {"fts_table": "entity_words", "fts_pk": "rowid", "size": 20},
            }
        }
    }
}


def export(ours: Path, folder: Path) -> tuple[Path, Path]:
    """Write `corpus.db` and `metadata.json` from our database, which is only read."""
    folder.mkdir(parents=True, exist_ok=True)
    database, metadata = folder / "corpus.db", folder / "metadata.json"
    metadata.write_text(json.dumps(METADATA), encoding="utf-8")
    if not database.exists():
        # A run that is interrupted leaves no half of a database to the next.
        unfinished = folder / "unfinished.db"
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(f"{unfinished.as_uri()}", uri=True)) as connection:
            connection.execute("ATTACH DATABASE ? AS ours", [f"{ours.resolve().as_uri()}?mode=ro"])
            connection.execute("BEGIN")
            connection.executescript(TABLES + ROWS + INDEXES)
        unfinished.rename(database)
    return database, metadata
