"""The scanner: which files it finds, and the defaults of their folders."""

import os
import pickle

import pytest

from app.seeding.scanner import scan
from tests.seeding.conftest import read_file


@pytest.fixture
def folder(tmp_path):
    """Write files into a folder: names and texts."""

    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    def write_all(files):
        return write(**files)

    return write_all


def paths(scanned):
    return [file.path for file in scanned.files]


def test_files_are_found_by_suffix_and_sorted_by_name(folder):
    names = ["b.txt", "a.md", "c.JSON", "sub/d.jsonl", "e.jsonl.gz", "f.json.gz"]
    others = [".hidden.txt", ".git/a.txt", "README.md", "entities.yaml", "tags.yaml", "g.jpg", "h.gz", ".txt"]
    root = folder(dict.fromkeys(names + others, "x"))

    scanned = scan([root])

    assert paths(scanned) == ["a.md", "b.txt", "c.JSON", "e.jsonl.gz", "f.json.gz", "sub/d.jsonl"]
    assert [finding.message for finding in scanned.findings] == ["2 files were not read: 1 .jpg, 1 .gz."]
    assert scanned.files[-1].name == f"{root.resolve()}/sub/d.jsonl"


def test_file_reached_twice_is_found_once_and_link_circles_end(folder):
    root = folder({"a.txt": "x", "sub/b.txt": "x"})
    (root / "sub" / "loop").symlink_to(root)
    (root / "z.txt").symlink_to(root / "a.txt")

    assert paths(scan([root, root / "sub", root / "a.txt"])) == ["a.txt", "sub/b.txt"]
    assert scan([root, root / "sub"]).findings == []


def test_root_of_a_single_file_is_its_folder(folder):
    root = folder({"sub/README.md": "x", "sub/defaults.yaml": "source: S"})

    (file,) = scan([root / "sub" / "README.md"]).files

    assert (file.root, file.path, file.defaults) == (str((root / "sub").resolve()), "README.md", {"source": "S"})


def test_inner_defaults_override_outer_ones_key_by_key(folder):
    root = folder(
        {
            "defaults.yaml": "lang: fr\nsource: Outer\ntags: [a]",
            "a.txt": "Title\n\nText.\n\nTags: c",
            "sub/defaults.yaml": "source: Inner\nauthor: Ana",
            "sub/deep/b.txt": "Title\n\nText.",
        }
    )

    scanned = scan([root])
    (a,), (b,) = (read_file(file).articles for file in scanned.files)

    assert (a.language, a.source, a.tags, a.authors) == ("fr", "Outer", ("c", "a"), ())
    assert (b.language, b.source, b.tags, b.authors) == ("fr", "Inner", ("a",), ("Ana",))
    assert (a.id, b.id) == ("a", "sub-deep-b")


def test_fingerprint_depends_on_the_bytes_and_the_defaults(folder):
    def fingerprint(**files):
        return scan([folder(files)]).files[0].fingerprint

    first, same, changed = (fingerprint(**{"a.txt": text}) for text in "xxy")
    with_defaults = fingerprint(**{"defaults.yaml": "source: S"})

    assert same == first
    assert len({first, changed, with_defaults}) == 3


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("language: en\nsorce: x", 2, "`sorce` is not a key; did you mean `source`?"),
        (
            "title: x",
            1,
            "`title` can't be a default; expected one of language, source, authors, tags, rights, entities,",
        ),
        ("language: e!", 1, "`language` should be a language tag"),
        ("- a", 1, "defaults.yaml is not a mapping"),
        ("a: [", 1, "This is not YAML"),
        ("a: \x00", 1, "There is a control character"),
    ],
)
def test_bad_defaults_are_a_fault_and_do_not_apply(folder, text, line, message):
    scanned = scan([folder({"defaults.yaml": text, "a.txt": "x"})])

    (finding,) = scanned.findings

    assert (finding.line, finding.severity) == (line, "fault")
    assert finding.message.startswith(message)
    assert scanned.files[0].defaults == {}


def test_path_without_articles_is_reported(folder):
    root = folder({"a.pptx": "x", "empty/.keep": "", "names/entities.yaml": "entities: []"})

    findings = scan([root / "missing", root / "a.pptx", root / "empty", root / "names"]).findings

    assert [(finding.file, finding.severity) for finding in findings] == [
        (str(root / "missing"), "fault"),
        (str(root / "a.pptx"), "fault"),
        (str(root / "empty"), "fault"),
    ]


def test_files_that_are_not_read_are_counted_by_suffix(folder):
    names = ["a.txt", "b.png", "c.JPG", "d.jpg", "LICENSE", "README.TXT", "readme", "brat/e.ann", "f.pptx", ".g.png"]
    (finding,) = scan([folder(dict.fromkeys(names, "x"))]).findings

    assert finding.severity == "warning"
    counts = finding.message.removeprefix("6 files were not read: ").rstrip(".").split(", ")
    assert sorted(counts) == ["1 .ann", "1 .png", "1 .pptx", "1 without suffix", "2 .jpg"]


def test_many_suffixes_are_counted_together(folder):
    root = folder({"a.txt": "x", **{f"b.x{number}": "x" for number in range(13)}})
    (finding,) = scan([root]).findings

    assert finding.message.startswith("13 files were not read: 1 .x0, ")
    assert finding.message.endswith(", 3 others.")


def test_a_folder_of_drafts_is_left_out_with_a_warning(folder):
    scanned = scan([folder({"_posts/a.md": "# A", "_drafts/b.md": "# B", "sub/_drafts/c.md": "# C"})])

    assert paths(scanned) == ["_posts/a.md"]
    assert [finding.message for finding in scanned.findings] == ["2 files were not read: drafts in `_drafts`."]


def test_yaml_file_of_another_name_is_a_warning(folder):
    (finding,) = scan([folder({"a.txt": "x", "default.yml": "source: x"})]).findings

    assert finding.severity == "warning"
    assert finding.message.startswith("This was not read; expected defaults.yaml")


def test_unreadable_file_is_a_fault(folder):
    root = folder({"a.txt": "x"})
    (root / "b.txt").symlink_to(root / "nothing")
    os.mkfifo(root / "c.txt")
    (root / os.fsdecode(b"d\xff.txt")).write_text("x")

    scanned = scan([root])

    assert paths(scanned) == ["a.txt"]
    assert [finding.message.split(";")[0] for finding in scanned.findings] == [
        "The file can't be read: No such file or directory.",
        "This is a named pipe",
        "The file's name is not UTF-8",
    ]


def test_unreadable_defaults_are_a_fault(folder):
    root = folder({"a.txt": "x", "defaults.yaml/b.txt": "x"})

    (finding,) = scan([root]).findings

    assert finding.message == "This is a folder; expected a regular file."


def test_missing_permission_is_a_fault(folder, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    root = folder({"a.txt": "x"})
    monkeypatch.setattr("os.scandir", refuse)
    monkeypatch.setattr("os.fdopen", refuse)

    findings = scan([root, root / "a.txt"]).findings

    assert [finding.message for finding in findings if finding.severity == "fault"] == [
        "The folder can't be read: Permission denied.",
        "The file can't be read: Permission denied.",
    ]


def test_file_deleted_after_the_scan_is_a_fault(folder):
    root = folder({"a.txt": "x"})
    (file,) = scan([root]).files
    (root / "a.txt").unlink()

    (finding,) = read_file(file).findings

    assert finding.message == "The file can't be read: No such file or directory."


def test_scanned_files_and_read_articles_can_be_pickled(folder):
    (file,) = scan([folder({"a.txt": "Title\n\nText.\n"})]).files

    assert pickle.loads(pickle.dumps(read_file(pickle.loads(pickle.dumps(file))))) == read_file(file)
