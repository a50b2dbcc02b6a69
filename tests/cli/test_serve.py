"""`articles serve`: a port that can't be opened is named before anything is read, and Ctrl-C ends it quietly."""

import signal
import socket
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from app.cli import commands


def serve(monkeypatch, tmp_path, *options):
    monkeypatch.setenv("ARTICLES_DATA", str(tmp_path / "data"))
    return CliRunner().invoke(commands.app, ["serve", *options])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_port_in_use_is_named_with_the_option(monkeypatch, tmp_path, host):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        ended = serve(monkeypatch, tmp_path, "--host", host, "--port", str(port))

    assert ended.exit_code == 1
    assert ended.stderr == (
        f"articles: Port {port} is in use: another program listens there. Choose another one with --port.\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_address_of_another_machine_is_named_with_the_option(monkeypatch, tmp_path, host):
    ended = serve(monkeypatch, tmp_path, "--host", host, "--port", "0")

    assert ended.exit_code == 1
    assert ended.stderr == f"articles: The address {host} is none of this machine's. Choose another one with --host.\n"


def test_ctrl_c_while_modules_are_loaded_prints_no_traceback():
    command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "annotated_articles",
        "ask",
        "/",
        "--url",
        "http://127.0.0.1:1",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        while "importlib.metadata" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()

    assert "Traceback" not in rest
    # On a very slow machine the command may have ended before the signal came.
    assert process.returncode in (-signal.SIGINT, 130, 1)
