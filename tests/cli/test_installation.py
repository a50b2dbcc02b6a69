"""Installed from its wheel, the program serves its own articles from any folder, whatever else that folder holds."""

import os
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support.servers import serving
from tests.support.waiting import wait

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def site_packages(tmp_path_factory):
    """A folder with the files of the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site-packages")
    return folder / "site-packages"


@pytest.fixture
def hostile_folder(tmp_path, monkeypatch):
    """The current folder, with packages of the same names as ours, and one of the library's, that fail if imported."""
    for name in ("app", "migrations", "annotated_articles", "multiprocessing"):
        package = tmp_path / "hostile" / name
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("raise RuntimeError('The package of the current folder was imported.')")
    monkeypatch.chdir(tmp_path / "hostile")
    return tmp_path / "hostile"


def test_the_wheel_holds_one_package(site_packages):
    names = {path.name.partition("-")[0] for path in site_packages.iterdir()}

    assert names == {"annotated_articles"}
    assert not list(site_packages.rglob("launcher"))


@pytest.fixture
def hostile_path(tmp_path):
    """A folder of the Python path with an `app` that fails if imported."""
    package = tmp_path / "path" / "app"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('The package of the path was imported.')")
    return package.parent


@pytest.mark.parametrize("workers", [1, 2])
def test_the_installed_program_serves_its_own_articles_whatever_the_folder_and_the_python_path_hold(
    site_packages, hostile_folder, hostile_path, tmp_path, monkeypatch, workers
):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site_packages), str(hostile_path)]))
    command = ("-P", "-m", "annotated_articles", "serve", "--workers", str(workers), "--port")
    with serving(tmp_path / "log", command=command) as server:
        wait(lambda: server.get("/health/ready").status_code == 200)

        assert server.get("/articles?limit=1").json()["total"] == 36
        assert server.get("/articles/chernobyl.html").text.startswith("<!doctype html>")
        assert server.get("/static/style.css").status_code == 200
        assert (hostile_folder / "data" / "articles.db").exists()


def test_version_is_printed():
    ended = subprocess.run([sys.executable, "-m", "annotated_articles", "--version"], capture_output=True, check=True)

    assert ended.stdout.decode() == version("annotated-articles") + "\n"


def test_help_imports_nothing_that_serves():
    program = (
        "import sys; from app.cli import commands; "
        "print({'sqlalchemy', 'pydantic', 'fastapi', 'tantivy', 'httpx'} & {*sys.modules})"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ended.stdout == "set()\n"


def test_server_imports_nothing_that_only_reads_files_or_shows_pages(tmp_path):
    program = (
        "import sys; import app.cli.serving, app.main; "
        "print({'alembic', 'jinja2', 'lxml', 'pyarrow', 'rapidfuzz', 'spacy', 'trafilatura'} & {*sys.modules})"
    )
    environment = os.environ | {"ARTICLES_DATA": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert ended.stdout == "set()\n"
