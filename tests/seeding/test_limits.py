"""What a small file can't do: take much time or memory, or end a run with a traceback."""

import gzip
import json
from pathlib import Path

import pytest

from app.seeding import workers
from app.seeding.catalogue import Catalogue, read_catalogue
from app.seeding.readers import CHUNK_BYTES, split_file
from app.seeding.scanner import scan
from app.seeding.seed import check
from app.seeding.workers import annotate_chunk
from tests.support.growth import assert_linear

PERSON = {"paragraph": 0, "type": "person"}


def document(**keys):
    return json.dumps({"title": "Title", **({} if "paragraphs" in keys else {"text": "Ann met Bo."}), **keys})


def nested(depth):
    return "[" * depth + "]" * depth


def only_complaint(complaints, name, content):
    """Return line and message of the only finding."""
    ((line, message),) = complaints(name, content)
    return line, message


@pytest.mark.parametrize("depth", [101, 254, 1_023, 1_025, 100_000])
@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "a.jsonl", "a.jsonl.gz"])
def test_deep_json_is_a_fault_with_its_line(complaints, name, depth):
    content = f'{document()}\n{{"title": "B", "text": "x", "mood": {nested(depth)}}}'
    if ".jsonl" not in name:
        content = f"[{content.replace('}', '},', 1)}]"
    data = content.encode()

    line, message = only_complaint(complaints, name, gzip.compress(data) if name.endswith(".gz") else data)
    assert (line, message) == (2, "The JSON is nested more than 100 deep; expected less.")


@pytest.mark.parametrize("key", ["extra", "tags", "paragraphs", "mentions", "entities", "published_at"])
def test_deep_json_under_any_key_is_a_fault(complaints, key):
    content = f'{{"title": "B",\n"{key}": {{"a": {nested(254)}}}}}'

    assert only_complaint(complaints, "a.json", content) == (2, "The JSON is nested more than 100 deep; expected less.")


def test_json_as_deep_as_it_may_be_is_stored(tmp_path):
    (tmp_path / "a.json").write_text(f'{{"title": "A", "text": "x",\n "mood": {nested(99)}}}')
    (tmp_path / "b.md").write_text(f"---\ntitle: B\nmood: {nested(99)}\n---\nText.")

    assert (check([tmp_path]).added, check([tmp_path]).findings) == (2, [])


@pytest.mark.parametrize("name", ["a.md", "a.txt", "defaults.yaml", "entities.yaml", "tags.yaml"])
def test_deep_yaml_is_a_fault_with_its_line(tmp_path, name):
    text = f"title: A\nmood: {nested(1_000)}\n"
    (tmp_path / name).write_text(f"---\n{text}---\nText." if name.startswith("a.") else text)
    faults = check([tmp_path]).faults

    assert "nested more than 100 deep" in faults[0].message
    assert faults[0].line == (3 if name.startswith("a.") else 2)


@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", ">- "])
def test_deep_markdown_is_a_fault_and_nothing_is_lost(complaints, article, mark):
    line, message = only_complaint(complaints, "a.md", f"# T\n\nText.\n\n{mark * 2_000}deep")
    texts = [paragraph.text for paragraph in article("a.md", f"# T\n\nText.\n\n{mark * 9}deep").paragraphs]

    assert (line, message.split(" deep")[0]) == (5, "Quotes and lists stand in one another more than 20")
    assert texts == ["T", "Text.", "deep"]


HUGE = {
    "keys": ("a.json", lambda: json.dumps({"title": "A", "text": "x"} | {f"kqz{n}": 1 for n in range(1_000)})),
    "YAML keys": ("a.md", lambda: "---\ntitle: A\n" + "".join(f"kqz{n}: 1\n" for n in range(50_000)) + "---\nText."),
    "YAML file": ("a.md", lambda: "---\ntitle: A\nmood: " + "x" * 1_000_000 + "\n---\nText."),
    "paragraphs": ("a.json", lambda: document(paragraphs=["x"] * 50_001)),
    "mentions": ("a.json", lambda: document(mentions=[{**PERSON, "start": 0, "end": 3}] * 100_001)),
    "mentions of one place": ("a.json", lambda: document(mentions=[{**PERSON, "start": 0, "end": 3}] * 50_000)),
    "crossing mentions": (
        "a.json",
        lambda: document(
            paragraphs=["word " * 4_000], mentions=[{**PERSON, "start": n, "end": n + 200} for n in range(9_000)]
        ),
    ),
    "mention": ("a.json", lambda: document(paragraphs=["x" * 9_000], mentions=[{**PERSON, "start": 0, "end": 8_001}])),
    "tags": ("a.json", lambda: document(tags="a," * 200_000)),
    "authors": ("a.json", lambda: document(authors=["A"] * 10_001)),
    "settled names": ("a.json", lambda: document(entities={f"A{n}": None for n in range(1_001)})),
    "name": ("a.json", lambda: document(mentions=[{**PERSON, "start": 0, "end": 3, "label": "x" * 1_001}])),
    "title": ("a.json", lambda: document(title="\ufdfa" * 500_000)),
    "title that gives the id": ("a.jsonl", lambda: document(title="\ufdfa" * 500_000)),
    "id": ("a.json", lambda: document(id="\ufdfa" * 500_000)),
    "heading": ("a.md", lambda: "# T\n\nText.\n\n## " + "x" * 2_001),
    "marks": ("a.txt", lambda: "T\n\na" + "\u0301\u0323" * 200_000),
    "escaped marks": ("a.json", lambda: document(tags=["a" + "\u0301\u0323" * 400])),
    "text": ("a.jsonl", lambda: document(text="x" * 10_000_001)),
    "long key": ("a.json", lambda: document(**{"x" * 10_000_000: 1})),
    "long key twice": ("a.json", lambda: "{" + ", ".join(['"' + "x" * 5_000_000 + '": 1'] * 2) + "}"),
    "equal keys": ("a.json", lambda: '{"y": {' + "".join(f'"k{n}": 1, ' for n in range(50_000)) + '"k9": 1}}'),
    "equal YAML keys": ("a.md", lambda: "---\n" + "x" * 400_000 + ": 1\n" + "x" * 400_000 + ": 2\n---\nText."),
    "newlines": ("a.jsonl.gz", lambda: gzip.compress(b"\n" * 200_000_000, 1)),
    "blank lines": ("a.jsonl.gz", lambda: gzip.compress(b" \n" * 5_000_000, 1)),
    "zeros": ("a.json.gz", lambda: gzip.compress(b"\0" * 200_000_000, 1)),
}
"""Names and contents of files, made when they are needed: some have 200 MB."""


@pytest.mark.parametrize("name", HUGE)
def test_content_beyond_a_limit_is_a_fault(complaints, name):
    file, create_content = HUGE[name]
    reported = complaints(file, create_content())

    if name != "long key":
        assert reported
    assert len(reported) <= 3
    assert all(len(message) < 500 and "The program failed" not in message for _, message in reported)


@pytest.mark.parametrize(("key", "length"), [("name", 1_001), ("aliases", 1_001), ("description", 10_001)])
def test_text_of_the_catalogue_beyond_a_limit_is_a_fault(tmp_path, key, length):
    # Every word of a name is indexed with all that follows it: one of 40,000 words would take gigabytes of a server.
    values = {"id": "a", "name": "A", "type": "person"} | {key: ["a " * length] if key == "aliases" else "a " * length}
    (tmp_path / "entities.yaml").write_text(json.dumps({"entities": [values]}))
    catalogue, findings = read_catalogue([tmp_path])

    assert "a" not in catalogue.entities
    assert [finding.message.partition(" characters")[0] for finding in findings] == [f"`{key}` has {2 * length - 1:,}"]


def test_bad_lines_are_reported_up_to_a_limit(complaints):
    reported = complaints("a.jsonl", "{}\n" * (CHUNK_BYTES // 2))

    assert len(reported) < 5_000
    assert reported[-1][1].startswith("With this there are 1,000 bad articles; what follows, up to line ")


def test_blank_lines_before_the_first_article_are_skipped(reading):
    articles, findings = reading("a.jsonl", "\n" * (2 * CHUNK_BYTES) + document())

    assert ([article.line for article in articles], findings) == ([2 * CHUNK_BYTES + 1], [])


def test_number_with_thousands_of_digits_is_read(complaints, article):
    assert article("a.json", '{"title": "A",\n "text": "x",\n "mood": 0.' + "1" * 5_000 + "}").title == "A"
    line, message = only_complaint(
        complaints, "a.json", '{"title": "A",\n "text": "x",\n "mood": 1' + "0" * 5_000 + "}"
    )
    assert (line, message.split(":")[0]) == (3, "This is not JSON")


def test_long_files_do_not_share_a_batch(tmp_path):
    for number in range(30):
        (tmp_path / f"{number:02}.txt").write_text("Title\n\n" + "x " * (100_000 if number < 10 else 5))
    batches = list(workers.split_into_batches(scan([tmp_path]).files))

    assert max(batch.size for batch in batches) < CHUNK_BYTES + 200_100
    assert [len(batch.chunks) for batch in batches] == [3, 3, 3, 13, 8]


def test_surnames_take_time_proportional_to_the_text(reading):
    workers.load_annotators(read_catalogue([]).catalogue)

    def annotate(count):
        reading("a.txt", "T\n\nJohn F. Kennedy. " + " ".join(f"Xyz{n} Kennedy" for n in range(count)))
        (file,) = scan([reading.folder]).files
        (piece,) = split_file(file)
        assert len(annotate_chunk(piece, "en").articles) == 1

    assert_linear(annotate, 2_500)


@pytest.fixture
def failing(monkeypatch):
    """An annotator that fails on one article."""

    class Failing:
        name = "failing"

        def annotate(self, article):
            if article.title == "Bad":
                raise RecursionError("maximum recursion depth exceeded")
            return workers.create_annotators(Catalogue({}, {}))[0].annotate(article)

    monkeypatch.setattr(
        workers, "load_annotators", lambda *_, **__: workers.loaded_annotators.__setitem__(slice(None), [Failing()])
    )


@pytest.mark.usefixtures("failing")
def test_a_failure_of_an_annotator_is_a_warning_that_names_both(tmp_path):
    lines = [document(title=title) for title in ("Good", "Bad", "Better")]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    outcome = check([tmp_path])

    assert (outcome.added, outcome.faults) == (3, [])
    assert [(Path(finding.file).name, finding.line) for finding in outcome.findings] == [("a.jsonl", 2)]
    assert outcome.findings[0].message == (
        "The annotator 'failing' marked nothing here: The program failed on this file (RecursionError: maximum "
        "recursion depth exceeded in app/seeding/workers.py, line {}); please report it."
    ).format(outcome.findings[0].message.partition("line ")[2].partition(")")[0])


@pytest.mark.parametrize("error", [MemoryError(), RecursionError("deep"), ValueError("digits"), KeyError("x")])
@pytest.mark.parametrize("place", ["read_raw_articles", "normalize_article"])
def test_a_failure_while_a_file_is_read_is_a_fault(complaints, monkeypatch, place, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(f"app.seeding.readers.{place}", fail)

    assert only_complaint(complaints, "a.json", document())[1].startswith(
        f"The program failed on this file ({type(error).__name__}: "
    )
