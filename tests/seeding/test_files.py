"""Only regular files are read, and no link brings in what stands outside the folder."""

import os
import socket
from pathlib import Path

import pytest

from app.seeding.catalogue import read_catalogue
from app.seeding.files import open_file
from app.seeding.files.tree import DEEPEST_FOLDER, LINK_LEADS_OUT
from app.seeding.normalize.raw import Fault
from app.seeding.scanner import scan
from app.seeding.seed import check
from tests.conftest import SHARED
from tests.seeding.conftest import read_file

ENTITIES = "builtin: false\nentities: [{name: Secret, type: place}]\n"


@pytest.fixture
def root(tmp_path):
    """A folder with an article, beside one with secrets."""
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "a.txt").write_text("Title\n\nText.\n")
    (tmp_path / "out" / "inner").mkdir(parents=True)
    (tmp_path / "out" / "secret.txt").write_text("Secret\n\nText.\n")
    (tmp_path / "out" / "inner" / "secret.txt").write_text("Inner secret\n\nText.\n")
    (tmp_path / "out" / "defaults.yaml").write_text("source: Secret\n")
    (tmp_path / "out" / "entities.yaml").write_text(ENTITIES)
    (tmp_path / "out" / "tags.yaml").write_text("tags: [{name: Secret}]\n")
    return tmp_path / "root"


def paths(scanned):
    return [file.path for file in scanned.files]


def list_open_files(folder):
    """Return the files and folders of a folder that this process has open; other threads may open others."""
    links = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
    return [link for link in links if Path(link).is_relative_to(folder.resolve())]


def list_files_and_severities(findings, root):
    """Return the file of each finding, relative to the root, and its severity."""
    return [(os.path.relpath(finding.file, root), finding.severity) for finding in findings]


def make_pipe(path):
    os.mkfifo(path)


def make_socket(path):
    here = os.open(".", os.O_RDONLY)
    os.chdir(path.parent)  # The path of a socket may not be long.
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)
    os.fchdir(here)
    os.close(here)


def make_link_to_zeros(path):
    path.symlink_to("/dev/zero")


def make_folder(path):
    path.mkdir()


@pytest.mark.parametrize("name", ["b.txt", "b.jsonl", "b.json.gz", "defaults.yaml", "entities.yaml", "tags.yaml"])
@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (make_pipe, "a named pipe"),
        (make_socket, "a socket"),
        (make_link_to_zeros, "a device"),
        (make_folder, "a folder"),
    ],
)
def test_special_file_is_reported_and_not_read(root, name, make, kind):
    make(root / name)
    scanned, catalogue = scan([root], follow_links=True), read_catalogue([root], follow_links=True)

    assert paths(scanned) == ["a.txt"]
    expected = [] if kind == "a folder" and name.startswith("b.") else [f"This is {kind}; expected a regular file."]
    assert [finding.message for finding in [*scanned.findings, *catalogue.findings]] == expected


def test_a_link_out_of_the_folder_is_named_and_not_read(root):
    for name in ("secret.txt", "defaults.yaml", "entities.yaml", "tags.yaml", "inner"):
        (root / name).symlink_to(root.parent / "out" / name)
    (root / "nowhere.txt").symlink_to("../out/nowhere.txt")
    (root / "chain.txt").symlink_to("secret.txt")
    (root / "picture.jpg").symlink_to("/etc/hostname")
    outcome = check([root])

    assert outcome.added == 1
    assert outcome.faults == []
    assert sorted(list_files_and_severities(outcome.findings, root)) == [
        (name, "warning")
        for name in (
            ".",
            "chain.txt",
            "defaults.yaml",
            "entities.yaml",
            "inner",
            "nowhere.txt",
            "secret.txt",
            "tags.yaml",
        )
    ]
    assert {finding.message for finding in outcome.findings} == {
        "1 file was not read: 1 .jpg.",
        LINK_LEADS_OUT,
    }


def test_a_link_out_of_the_folder_is_read_where_that_is_asked_for(root):
    for name in ("secret.txt", "defaults.yaml", "entities.yaml", "inner"):
        (root / name).symlink_to(root.parent / "out" / name)
    scanned = scan([root], follow_links=True)
    articles = [article for file in scanned.files for article in read_file(file).articles]

    assert scanned.findings == []
    assert [(article.id, article.title, article.source) for article in articles] == [
        ("a", "Title", "Secret"),
        ("inner-secret", "Inner secret", "Secret"),
        ("secret", "Secret", "Secret"),
    ]
    assert [*read_catalogue([root], follow_links=True).catalogue.entities] == ["secret"]


def test_links_within_the_folder_are_read_once(root):
    (root / "sub").mkdir()
    (root / "sub" / "b.txt").write_text("Other\n\nText.\n")
    (root / "sub" / "defaults.yaml").write_text("source: Given\n")
    (root / "again.txt").symlink_to("a.txt")
    (root / "latest").symlink_to("sub")
    (root / "sub" / "up").symlink_to(root)
    (root / "sub" / "circle.txt").symlink_to("circle.txt")
    os.link(root.parent / "out" / "secret.txt", root / "hard.txt")
    scanned = scan([root])

    assert paths(scanned) == ["a.txt", "hard.txt", "latest/b.txt"]
    assert scanned.files[-1].defaults == {"source": "Given"}
    assert list_files_and_severities(scanned.findings, root) == [("latest/circle.txt", "fault")]


def test_a_mounted_config_map_is_read(root):
    # Kubernetes puts the files into a hidden folder, and exchanges the link to it.
    (root / "..2026").mkdir()
    for name, text in (
        ("c.txt", "From a map\n\nText.\n"),
        ("defaults.yaml", "source: Map"),
        ("entities.yaml", ENTITIES),
    ):
        (root / "..2026" / name).write_text(text)
        (root / name).symlink_to(f"..data/{name}")
    (root / "..data").symlink_to("..2026")
    scanned, (catalogue, findings) = scan([root]), read_catalogue([root])

    assert (paths(scanned), scanned.findings, findings) == (["a.txt", "c.txt"], [], [])
    assert scanned.files[1].defaults == {"source": "Map"}
    assert [*catalogue.entities] == ["secret"]


def test_the_root_itself_may_be_a_link(root):
    (root.parent / "link").symlink_to(root)

    assert paths(scan([root.parent / "link"])) == ["a.txt"]


def test_a_single_file_has_only_its_own_folder(root):
    (root / "defaults.yaml").symlink_to("../out/defaults.yaml")
    (root / "tags.yaml").symlink_to("../out/tags.yaml")
    outcome = check([root / "a.txt"])

    assert (outcome.added, sorted(list_files_and_severities(outcome.findings, root))) == (
        1,
        [("defaults.yaml", "warning"), ("tags.yaml", "warning")],
    )


@pytest.mark.parametrize("swapped", ["root/sub/b.txt", "root/sub"])
def test_link_that_replaces_a_file_after_the_scan_is_not_followed(root, swapped):
    (root / "sub").mkdir()
    (root / "sub" / "b.txt").write_text("Title\n\nText.\n")
    file = scan([root]).files[-1]
    path = root.parent / swapped
    path.rename(root.parent / "moved")
    path.symlink_to(root.parent / ("out/secret.txt" if path.suffix else "out"))
    (root.parent / "out" / "b.txt").write_text("Secret\n\nText.\n")

    articles, (finding,) = read_file(file)
    assert articles == []
    assert finding.message.startswith(("The file can't be read: ", "This is a symbolic link"))


def test_no_file_is_left_open(root):
    os.mkfifo(root / "pipe")
    for name in ("pipe", "none", "a.txt/b"):
        with pytest.raises((Fault, OSError)):
            open_file(str(root.resolve() / name))
    with pytest.raises(Fault):
        open_file(str(root.resolve() / "a.txt"), limit=1)

    assert list_open_files(root) == []


def test_a_sparse_file_is_not_hashed(root):
    for name in ("b.txt", "b.jsonl", "b.json"):
        with (root / name).open("wb") as file:
            file.truncate(8 << 30)
    scanned = scan([root])

    assert paths(scanned) == ["a.txt"]
    assert [finding.message.split(";")[0] for finding in scanned.findings] == [
        "The file is longer than 20 MB",
        "From byte 0 on nothing was ever written into this file",
        "The file is longer than 10 MB",
    ]


def test_folders_in_folders_without_end_are_a_fault(root):
    folder = root
    for _ in range(300):  # Not more, for those who clean up after the test may recurse.
        folder = folder / "f"
        folder.mkdir()
    scanned = scan([root])

    (finding,) = scanned.findings
    assert (paths(scanned), finding.severity) == (["a.txt"], "fault")
    assert finding.message == f"This folder stands more than {DEEPEST_FOLDER} folders deep; what is in it was not read."
    assert read_catalogue([root]).findings == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the fault cases are not there")
def test_the_fault_case_of_deep_json_names_the_file_and_loads_the_rest():
    outcome = check([SHARED / "fault-cases" / "json-depth" / "input"])

    assert outcome.added == 1
    assert [(fault.file.rpartition("/")[2], fault.line) for fault in outcome.faults] == [("deep.jsonl", 1)]
