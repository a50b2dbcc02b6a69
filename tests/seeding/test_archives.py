"""Folders in archives are read as folders: with their defaults, companions, drafts and hidden files, within limits."""

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import warnings
import zipfile

import pytest

from app.seeding.catalogue import read_catalogue
from app.seeding.conversion import convert
from app.seeding.readers.failures import describe_failure
from app.seeding.scanner import scan
from tests.seeding.conftest import read_file
from tests.support.golden import FIXTURES, read_folder

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FERRIES = b"Ferries stop\n\nNo ferry left.\n"
COMPRESS = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstd.compress}
SUFFIXES = [".zip", *(f".tar{suffix}" for suffix in COMPRESS), ".tgz", ".tbz2", ".txz", ".tzst", ".ZIP"]


def pack_tar(members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def pack(path, members):
    """Write an archive of names and contents, in the format of its suffix."""
    members = [*(members.items() if isinstance(members, dict) else members)]
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members:
                with warnings.catch_warnings(
                    action="ignore", category=UserWarning
                ):  # zipfile warns of a second file with one path.
                    archive.writestr(name, content)
    else:
        short = {".tgz": ".gz", ".tbz2": ".bz2", ".txz": ".xz", ".tzst": ".zst", ".tar": ""}
        path.write_bytes(COMPRESS[short.get(path.suffix, path.suffix)](pack_tar(members)))
    return path


def pack_folder(path, folder):
    return pack(
        path, {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    )


def messages(findings):
    return [finding.message for finding in findings]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_in_an_archive_are_read_as_those_of_a_folder(tmp_path, suffix):
    pack(tmp_path / f"old{suffix}", {"sub/a.txt": FERRIES, "b.jsonl": b'{"title": "Trains", "text": "Late."}\n'})
    articles, findings = read_folder(tmp_path)

    assert [(article.id, article.file) for article in articles] == [
        ("trains", f"{tmp_path}/old{suffix}/b.jsonl"),
        ("old-sub-a", f"{tmp_path}/old{suffix}/sub/a.txt"),
    ]
    assert findings == []


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
@pytest.mark.parametrize("kind", ["brat", "web", "mail", "tables", "xml"])
def test_archive_of_a_folder_gives_the_articles_of_the_folder(tmp_path, kind, suffix):
    root = pack_folder(tmp_path / f"all{suffix}", FIXTURES / kind)

    def list_documents(path):
        items = convert([path], language="en", follow_links=False)
        return [item if isinstance(item, dict) else item.message for item in items]

    assert list_documents(root) == list_documents(FIXTURES / kind)


def test_defaults_catalogue_drafts_and_hidden_files_of_an_archive_are_those_of_a_folder(tmp_path):
    members = {
        "defaults.yaml": b"source: The Harbour\n",
        "in/defaults.yaml": b"language: fr\n",
        "in/a.txt": FERRIES,
        "in/README.md": b"# About\n",
        "_drafts/b.txt": FERRIES,
        "__MACOSX/._a.txt": b"\0\1",
        "entities.yaml": b"builtin: false\nentities: [{name: Harbour, type: place}]\n",
        "photo.png": b"",
    }
    archive = pack(tmp_path / "old.zip", members)
    (article,), findings = read_folder(archive)

    assert (article.id, article.source, article.language) == ("in-a", "The Harbour", "fr")
    assert messages(findings) == ["1 file was not read: drafts in `_drafts`.", "1 file was not read: 1 .png."]
    assert [*read_catalogue([archive]).catalogue.entities] == ["harbour"]
    assert [*read_catalogue([tmp_path]).catalogue.entities] == ["harbour"]


@pytest.mark.parametrize("suffix", [".zip", ".tar"])
def test_what_an_archive_holds_beside_files_is_named_and_not_read(tmp_path, suffix):
    members = [("a.txt", FERRIES), ("../b.txt", FERRIES), ("/c.txt", FERRIES), ("d/../e.txt", FERRIES)]
    path = pack(tmp_path / f"old{suffix}", [*members, ("in/f.zip", b""), ("a.txt", FERRIES.replace(b"No", b"One"))])
    (article,), findings = read_folder(tmp_path)

    assert [paragraph.text for paragraph in article.paragraphs] == ["Ferries stop", "One ferry left."]
    assert {finding.file for finding in findings} == {str(path)}
    assert sorted(messages(findings)) == [
        "Not read, because another one follows with the same path: 1 file, 'a.txt'.",
        "Not read, because their paths lead out of the archive: 3 files, such as '../b.txt'.",
        "Not read, because they are archives in an archive: 1 file, 'in/f.zip'.",
    ]


def test_links_and_devices_in_an_archive_are_named_and_not_read(tmp_path):
    with tarfile.open(tmp_path / "old.tar", "w") as archive:
        for name, type, target in [("a.txt", tarfile.SYMTYPE, "/etc/passwd"), ("b.txt", tarfile.CHRTYPE, "")]:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = type, target
            archive.addfile(info)
    scanned = scan([tmp_path])

    assert scanned.files == []
    assert messages(scanned.findings)[0] == (
        "Not read, because they are links, devices or sparse files: 2 files, such as 'a.txt'."
    )


def test_encrypted_files_of_an_archive_are_named_and_not_read(tmp_path):
    path = pack(tmp_path / "old.zip", {"a.txt": FERRIES})
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)

    assert messages(scan([tmp_path]).findings)[0] == "Not read, because they are encrypted: 1 file, 'a.txt'."


def test_archive_beside_a_folder_of_its_name_is_not_read(tmp_path):
    pack(tmp_path / "old.tar.gz", {"a.txt": FERRIES})
    (tmp_path / "old").mkdir()
    (tmp_path / "old/a.txt").write_bytes(FERRIES)
    articles, findings = read_folder(tmp_path)

    assert [article.file for article in articles] == [f"{tmp_path}/old/a.txt"]
    assert messages(findings) == ["This archive was not read, for a folder of its name stands beside it."]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_damaged_archive_is_a_fault_that_names_it(tmp_path, suffix):
    for part in (0, 0.02, 0.1, 0.5):
        path = pack(tmp_path / f"old{suffix}", {f"{name}.txt": FERRIES * 20 for name in range(20)})
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * part)])
        faults = [finding for finding in read_folder(tmp_path)[1] if finding.severity == "fault"]

        assert faults
        assert all(fault.file.startswith(str(path)) for fault in faults)
        assert not any(describe_failure(ValueError())[:20] in fault.message for fault in faults)


def test_damaged_file_of_an_archive_costs_this_file(tmp_path):
    path = tmp_path / "old.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", FERRIES)
        archive.writestr("b.txt", FERRIES.replace(b"ferry", b"train"))
    path.write_bytes(path.read_bytes().replace(b"train", b"crane", 1))
    (article,), (fault,) = read_folder(tmp_path)

    assert article.id == "old-a"
    assert fault.file == f"{path}/b.txt"
    assert "is damaged" in fault.message


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz", ".tar.xz"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.png"])
def test_archive_that_is_a_bomb_ends_in_a_sentence(tmp_path, suffix, name):
    path = pack(tmp_path / f"bomb{suffix}", {name: b" " * 30_000_000})
    _, faults = read_folder(tmp_path)

    assert [(fault.file, "to more than 100 times its size" in fault.message) for fault in faults] == [(str(path), True)]


def test_long_file_of_an_archive_is_read_in_chunks(tmp_path):
    line = b'{"title": "Ferries", "text": "' + b"Ferry %d. " * 50 + b'"}\n'
    lines = b"".join(line % ((number,) * 50) for number in range(2_000))
    pack(tmp_path / "old.tar.gz", {"a.jsonl": lines})
    (tmp_path / "b").mkdir()
    (tmp_path / "b/a.jsonl").write_bytes(lines)
    archived, plain = (read_file(file) for file in scan([tmp_path]).files)

    assert len(archived.articles) == len(plain.articles) == 2_000
    assert [article.line for article in archived.articles] == [article.line for article in plain.articles]


def test_changed_file_of_an_archive_is_the_only_one_that_is_read_again(api, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    members = {f"{number}.txt": FERRIES + b"%d" % number for number in range(3)}
    pack(folder / "old.zip", members)
    first = api.seed(folder)
    pack(folder / "old.zip", {**members, "1.txt": FERRIES + b"new"})
    second = api.seed(folder)
    pack(folder / "old.zip", {"2.txt": members["2.txt"]})
    third = api.seed(folder, prune=True)

    assert (first.added, second.changed, second.unchanged) == (3, 1, 2)
    assert (third.removed, api.json("/articles")["total"]) == (2, 1)


def test_archive_that_cannot_be_read_any_more_keeps_its_articles(api, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "b.txt").write_bytes(FERRIES)
    path = pack(folder / "old.zip", {"a.txt": FERRIES})
    api.seed(folder)
    path.write_bytes(path.read_bytes()[:50])
    outcome = api.seed(folder, prune=True, skip_bad=True)

    assert outcome.removed == 0
    assert api.json("/articles")["total"] == 2


def test_folder_that_is_named_like_an_archive_is_a_folder(tmp_path):
    (tmp_path / "new.zip").mkdir()
    (tmp_path / "new.zip/a.txt").write_bytes(FERRIES)
    pack(tmp_path / "new.zip/old.tar", {"in.zip/b.txt": FERRIES})
    articles, findings = read_folder(tmp_path)

    assert findings == []
    assert [article.file for article in articles] == [
        f"{tmp_path}/new.zip/a.txt",
        f"{tmp_path}/new.zip/old.tar/in.zip/b.txt",
    ]
