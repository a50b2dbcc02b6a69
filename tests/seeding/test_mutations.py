"""Sound files of every format, damaged in every way: what comes out is articles, or faults with file and line."""

import gzip
import json
import random
import zlib

import pytest

import app.seeding.catalogue.reading
from app.seeding import workers
from app.seeding.catalogue import read_catalogue
from app.seeding.scanner import scan
from app.seeding.workers import annotate

DOCUMENT = {
    "title": "Talks in Minsk",
    "published_at": "2025-12-18",
    "tags": ["a", "b"],
    "source_url": "https://x.org/é",
    "paragraphs": ["Ann met Bo in Minsk.", {"role": "quote", "text": "Caf\u00e9, Москва, \U0001f600."}],
    "mentions": [{"paragraph": 0, "start": 0, "end": 3, "type": "person", "confidence": 0.5}],
    "annotate": True,
    "mood": {"deep": [[1, None, {"k": 1.5}]]},
    "entities": {"Minsk": "minsk"},
}
FRONT_MATTER = "---\ntitle: Talks\ntags: [a, b]\nmood: {a: [1, 2.5, null]}\nentities: {March: null}\n---\n"
ENTITY = "- id: new-place\n  name: New Place\n  type: place\n  aliases: [NP, 'Ньюплейс']\n  wikidata: Q12345\n"
LINE = json.dumps(DOCUMENT, ensure_ascii=False)

SOUND = {
    "a.txt": "Talks in Minsk\n\nTalks in Minsk\nThe hall.\nReuters\n\nPresident Kennedy spoke.\n\nTags: a, b\n",
    "b.txt": FRONT_MATTER + "Minsk was quiet.\n",
    "c.md": FRONT_MATTER + "# Talks\n\n> A *quote* in [Minsk](http://x.org).\n\n- one\n  - two\n\n```\ncode\n```\n",
    "d.json": json.dumps([DOCUMENT, {**DOCUMENT, "title": "Another"}], indent=1),
    "e.jsonl": f"{LINE}\n{LINE.replace('Talks in', 'Walks in')}\n",
    "f.json.gz": gzip.compress(LINE.encode(), mtime=0),
    "g.jsonl.gz": gzip.compress(f"{LINE}\n".encode(), mtime=0),
    "defaults.yaml": "language: en\nsource: The Courier\ntags: [x]\n",
    "entities.yaml": "entities:\n" + ENTITY,
    "tags.yaml": "tags:\n  - {id: a, name: Alpha, iptc: 20000053}\n",
}

INSERTED = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\\ud83d\\ude00",
    b"NaN",
    b"Infinity",
    b"-",
    b"1e999",
    b"9" * 5000,
    b"-" + b"9" * 30,
    b'"": ""',
    b'"title": "x", ',
    b'"' + b"k" * 10_000 + b'": 1, ',
    "\ufdfa".encode() * 300,
    "a\u0301\u0323".encode() * 200,
    "\u0301".encode() * 500,
    "\u0958".encode() * 100,
    b"[" * 1500,
    b"{" * 300,
    b"> " * 200,
    b"{a: " * 300,
    b"&a [*a]",
    b"!!python/object:os.system x",
    b"<<: *a",
    b"%YAML 9.9\n---\n",
    b"? ",
    b"|\n",
    b"---\n",
    b"\r",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
    b"\x1f\x8b",
    b"2025-99-99",
    b"javascript:alert(1)",
    b"\t",
    b"![[" * 100,
    "\u202e".encode(),
    "İ".encode() * 50,
    b"true",
    b"[]",
    b"{}",
    b"null",
    b"0x",
    b"1_000",
    b"Q0",
    b"`" * 100,
    b"1:2:3",
]


def damage(chance, data):
    """Damage these bytes once, in one of many ways."""
    place, other = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    before, after = data[:place], data[place:]
    return chance.choice(
        [
            before,
            before + data[other:],
            data[:other] + after,
            data * 2,
            before + chance.choice(INSERTED) + after,
            before + bytes([chance.randrange(256)]) + after[1:],
            before + after[:1] * chance.randrange(3_000) + after,
        ]
    )


def damaged(chance, name, sound):
    """Damage the content of a file up to three times, packed or unpacked."""
    data = sound if isinstance(sound, bytes) else sound.encode()
    packed = name.endswith(".gz") and chance.random() < 0.7
    data = gzip.decompress(data) if packed else data
    for _ in range(chance.randrange(1, 4)):
        data = damage(chance, data)
    return gzip.compress(data, 1) if packed else data


@pytest.fixture(scope="module", autouse=True)
def annotators():
    workers.load_annotators(read_catalogue([]).catalogue)


@pytest.fixture(scope="module")
def empty_catalogue(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    for name in ("entities.yaml", "tags.yaml"):
        (folder / name).write_text("")
    return folder


def outcomes(folder):
    """Everything that a run says of a folder, and the articles of it."""
    scanned, (catalogue, findings) = scan([folder]), read_catalogue([folder])
    annotated = [one for file in scanned.files for one in annotate([file], catalogue, "en")]
    findings = [*scanned.findings, *findings, *(finding for one in annotated for finding in one.findings)]
    return [article for one in annotated for article, _ in one.articles], findings


def test_undamaged_files_have_no_faults(tmp_path):
    for name, sound in SOUND.items():
        (tmp_path / name).write_bytes(sound if isinstance(sound, bytes) else sound.encode())
    articles, findings = outcomes(tmp_path)

    assert (len(articles), findings) == (9, [])


@pytest.mark.parametrize("name", SOUND)
def test_damaged_file_gives_articles_or_faults(tmp_path, monkeypatch, empty_catalogue, name):
    monkeypatch.setattr(workers, "load_annotators", lambda *_, **__: None)  # The automaton is made once.
    monkeypatch.setattr(app.seeding.catalogue.reading, "BUILT_IN", empty_catalogue)
    chance = random.Random(f"damage {name}")
    path = tmp_path / name
    if not name[1:].startswith("."):
        (tmp_path / "z.txt").write_text("Title\n\nText in New Place.\n")
    for number in range(120):
        data = damaged(chance, name, SOUND[name])
        path.write_bytes(data)
        articles, findings = outcomes(tmp_path)

        assert articles or any(finding.severity == "fault" for finding in findings), (number, data)
        lines = max(data.count(b"\n") + data.count(b"\r"), gzip_lines(data)) + 1
        for finding in findings:
            assert "The program failed" not in finding.message, (number, data, finding)
            assert finding.file.startswith(str(tmp_path))
            assert 1 <= finding.line <= max(lines, 3), (number, data, finding)
            assert len(finding.message) < 1_000, (number, data, finding)
        for article in articles:
            for mention in article.mentions:
                text = article.paragraphs[mention.paragraph].text
                assert 0 <= mention.start < mention.end <= len(text), (number, data, mention)


def gzip_lines(data):
    try:
        return gzip.decompress(data).count(b"\n")
    except (OSError, EOFError, zlib.error):
        return 0
