"""Kill seeding runs and workers at random moments, and start servers while others seed: nothing may be lost or torn."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice

import psutil

from tests.campaigns.harness import (
    ViolationError,
    list_descendants,
    list_processes,
    list_workers,
    open_commands,
    run_command,
    take_runs,
    wait_until_ready,
)
from tests.campaigns.load import Client
from tests.support.marked_corpus import SIZES, check_marked, other, write_marked
from tests.support.waiting import PATIENCE, wait

SMALL = 2_000
"""So many articles are seeded beside a server that starts."""
FOLLOWING = 4
"""So many kills pass beside a running server, after each that nobody looks at."""


def run(campaign, options, seconds):
    """Run this part for about so many seconds, or as many kills as the options say."""
    with ExitStack() as stack:
        stores = {"kills sqlite": {}}
        if options.postgresql:
            from tests.support import postgres

            stores["kills postgresql"] = {"database_url": stack.enter_context(postgres.databases())()}
        for part, variables in stores.items():
            kill_seeding(campaign, part, variables, options.kills, seconds / 2 / len(stores))
    fourth = None if options.kills is None else options.kills // 4
    if fourth != 0:
        start_beside_seeding(campaign, fourth, seconds / 3)
        kill_workers(campaign, fourth, seconds / 6)


def kill_seeding(campaign, part, variables, count, seconds):
    """Kill runs, or processes that read files for them: the corpus is the old or the new one, and can be completed."""
    tally = campaign.tally(part, "kills")
    folder = campaign.scratch("kills")
    corpus_variables = {"data": folder / "data", **variables}
    evidence = {"data": folder / "data", "log": campaign.folder / "server.log"}
    with open_commands(folder) as commands:
        killer = SeedingKiller(tally, campaign.random(part), commands, folder, corpus_variables)
        numbers = take_runs(count, seconds)
        for _ in numbers:
            # One kill while nobody follows, with a cold start after it, then some beside the running server.
            with campaign.watch(tally, **evidence):
                killer.kill()
                with campaign.serve(tally, **corpus_variables) as server:
                    wait_until_ready(server)
                    killer.check(server)
                    campaign.sample_memory(tally, server)
                    for _ in islice(numbers, FOLLOWING):
                        with campaign.watch(tally, **evidence):
                            killer.kill()
                            killer.check(server)
            if tally.kinds:
                # What a finding left behind is no ground for another one.
                killer.start_anew()


class SeedingKiller:
    """Seeds two marked corpora in turn, and kills most of these runs."""

    def __init__(self, tally, chance, commands, folder, corpus_variables):
        self.tally = tally
        self.chance = chance
        self.commands = commands
        self.folders = {mark: write_marked(folder / mark, mark, size) for mark, size in SIZES.items()}
        self.corpus_variables = corpus_variables
        self.old, self.new = "beta", "alpha"
        """The marks of the corpus that is there, and of the one that is about to be."""
        self.seed()
        self.start_anew()

    def seed(self, **options):
        """Make the corpus the new one."""
        return run_command(self.commands, "seed", "--only", self.folders[self.new], **self.corpus_variables, **options)

    def start_anew(self):
        """Seed to the end, and take the time."""
        self.whole = self.seed().took
        self.old, self.new = self.new, self.old

    def kill(self):
        """Seed, and kill the run, or a process that reads files for it, at a random moment."""
        moment = self.chance.uniform(0, self.whole * 1.1)
        if self.chance.random() < 0.2:
            with killing_pool_worker(self.commands, moment, self.chance):
                ended = self.seed()
            self.tally.notes["runs that lost a process that read files"] += ended.status != 0
            if ended.status and not ended.err.startswith("articles: "):
                raise ViolationError("failed", f"A run that lost a process said: {ended.err}")
        else:
            ended = self.seed(kill_after=moment)
        self.tally.notes["runs that had ended before"] += ended.status == 0

    def check(self, server):
        """Check that the old or the new corpus is served, and that the next run makes it the new one."""
        self.wait_until_followed(server)
        mark = inspect_corpus(server)
        self.tally.notes["times the new corpus stood already"] += mark == self.new
        if mark != self.new:
            ended = self.seed()
            if (ended.status, ended.err) != (0, ""):
                raise ViolationError("wrong", f"The next run ended with {ended.status} and said: {ended.err}")
            self.wait_until_followed(server)
            if inspect_corpus(server) != self.new:
                raise ViolationError("lost", "The next run did not complete the corpus.")
        self.old, self.new = self.new, self.old

    def wait_until_followed(self, server):
        """Wait until the newest revision of the database is served."""
        newest_revision = read_newest_revision(
            self.corpus_variables.get("database_url") or f"sqlite:///{self.corpus_variables['data']}/articles.db"
        )

        def follows():
            answer = server.get("/corpus")
            return answer is not None and answer.is_success and answer.json()["revision"]["id"] == newest_revision

        wait(follows)


def read_newest_revision(url):
    """Return the id of the newest revision of a database."""
    # Only here, for SQLAlchemy takes a while to load.
    from app.database.engine import open_database, read_transaction
    from app.database.revisions import newest_revision

    engine = open_database(url)
    with read_transaction(engine) as connection:
        revision = newest_revision(connection)["id"]
    engine.dispose()
    return revision


@contextmanager
def killing_pool_worker(commands, moment, chance):
    """Kill one of the processes that a seeding run reads files with, after so many seconds or once there are any."""
    over = threading.Event()

    def kill():
        over.wait(moment)
        while not over.wait(0.005):
            _, *workers = list_descendants(commands) or [None]
            if workers:
                with suppress(psutil.NoSuchProcess):
                    chance.choice(workers).kill()
                break

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def inspect_corpus(server):
    """Return the mark of the corpus that is served, after a look at all of it."""
    try:
        return check_marked(server)
    except AssertionError:
        texts = [json.dumps(item) for item in server.walk("/articles", limit=100, include="paragraphs")]
        sizes = {mark: sum(mark in text for text in texts) for mark in SIZES}
        if all(sizes.values()):
            raise ViolationError("torn", f"Articles of two revisions are served together: {sizes}.") from None
        if sizes not in ({mark: size, other(mark): 0} for mark, size in SIZES.items()):
            raise ViolationError(
                "lost", f"There are {sizes} articles; expected all of {SIZES}, of one of them."
            ) from None
        raise


def start_beside_seeding(campaign, count, seconds):
    """Start a server on an empty database around a run of a user's: what the user seeded must be there in the end."""
    tally, chance = campaign.tally("first start", "starts"), campaign.random("first start")
    folder = write_small(campaign.scratch("small"))
    expected = {f"small-{number}" for number in range(SMALL)}
    with open_commands(campaign.folder) as commands, ThreadPoolExecutor(1) as pool:
        for _ in take_runs(count, seconds):
            corpus_variables = {"data": campaign.scratch("first") / "data"}
            # Of the server's start as the run sees it: before it, or after it.
            delay = chance.uniform(-3, 3)
            with campaign.watch(
                tally,
                data=corpus_variables["data"],
                log=campaign.folder / "server.log",
                moment=f"seed {delay:+.2f} s after serve\n",
            ):
                seeding = pool.submit(seed_after, commands, folder, max(delay, 0), corpus_variables)
                try:
                    time.sleep(max(-delay, 0))
                    with campaign.serve(tally, **corpus_variables) as server:
                        ended = seeding.result()
                        check_first_start(server, ended, expected)
                        tally.notes["starts with the project's own articles beside"] += (
                            server.json("/corpus")["articles"] > SMALL
                        )
                finally:
                    # The next start must not meet this one's run.
                    seeding.exception()


def seed_after(commands, folder, delay, corpus_variables):
    """Seed after a delay, again where the documented ten seconds of waiting for another run were not enough."""
    time.sleep(delay)
    for _ in range(3):
        ended = run_command(commands, "seed", folder, **corpus_variables)
        if "is locked: another run is writing to it" not in ended.err:
            break
    return ended


def check_first_start(server, ended, expected):
    """Check that a run ended well and all its articles are there once the server has come to rest."""
    if ended.status:
        raise ViolationError("wrong", f"`articles seed` ended with {ended.status} and said: {ended.err}")
    wait(lambda: len(list_processes(server)) == 1)
    wait_until_ready(server)
    deadline = time.monotonic() + PATIENCE
    while missing := expected - {item["id"] for item in server.walk("/articles", limit=100, fields="id")}:
        if time.monotonic() > deadline:
            raise ViolationError("lost", f"{len(missing):,} of the {SMALL:,} articles that a user seeded are gone.")
        time.sleep(0.2)


def write_small(folder):
    """Write so many articles into files of 20 lines, and return their folder."""
    documents = [
        {"id": f"small-{number}", "title": f"Small {number}", "text": "A few words.", "mentions": []}
        for number in range(SMALL)
    ]
    for first in range(0, SMALL, 20):
        lines = map(json.dumps, documents[first : first + 20])
        (folder / f"{first:04}.jsonl").write_text("\n".join(lines))
    return folder


def kill_workers(campaign, count, seconds):
    """Kill workers of a server under load: clients see at most cut connections, and the worker comes back."""
    tally, chance = campaign.tally("worker kills", "kills"), campaign.random("worker kills")
    folder = campaign.scratch("workers")
    corpus_variables = {"data": folder / "data"}
    with open_commands(folder) as commands:
        run_command(commands, "seed", write_marked(folder / "m0000", "m0000", 60), **corpus_variables)
    over = threading.Event()
    with campaign.serve(tally, "--workers", 2, **corpus_variables) as server, ThreadPoolExecutor(3) as pool:
        wait(lambda: server.log.read_text().count("Serving revision") == 2)
        campaign.sample_memory(tally, server)
        address = server.client.base_url.host, server.client.base_url.port
        clients = [Client(address, f"{campaign.seed} worker kills {place}", killed=True) for place in range(3)]
        asking = [pool.submit(client.ask_until, over.is_set) for client in clients]
        try:
            for _ in take_runs(count, seconds):
                with campaign.watch(tally, log=server.log):
                    time.sleep(chance.uniform(0, 0.5))
                    victim = chance.choice(list_workers(server))
                    victim.kill()
                    wait(lambda gone=victim: gone not in list_workers(server) and len(list_workers(server)) == 2)
        finally:
            over.set()
        for future, client in zip(asking, clients, strict=True):
            future.result()
            tally.latencies.extend(client.tally.latencies)
            tally.notes.update(client.tally.notes)
            tally.notes["answers"] += client.tally.runs
            for violation in client.violations:
                campaign.report(tally, violation.kind, violation.sentence, **violation.evidence)
        wait_until_ready(server, workers=2)
        campaign.sample_memory(tally, server)
    campaign.check_memory(tally, workers=2)
