"""Ask while the corpus is seeded again and again: every answer is whole, right, and of one revision.

Each revision has a mark of its own in every title, paragraph, tag, entity and source (`m0017` is the seventeenth), and
as many articles as its number says, so that every answer tells which revision it is from and what it must count.
"""

import gzip
import hashlib
import http.client
import json
import re
import time
from collections import OrderedDict
from contextlib import ExitStack
from random import Random
from urllib.parse import quote

from tests.campaigns.harness import (
    Tally,
    ViolationError,
    measure_memory,
    open_commands,
    open_pool,
    run_command,
    wait_until_ready,
)
from tests.support.marked_corpus import PARAGRAPHS, write_marked
from tests.support.waiting import wait

CLIENTS = 2
"""So many client processes ask."""
WORKERS = 2
REMEMBERED = 2_000
"""So many entity tags a client keeps."""
MANY = 1_000
"""So many violations a client takes down at most."""
PER_CONNECTION = 200
"""After at most so many questions a client opens another connection, which any worker may take."""
PAUSE = 1.0
"""So many seconds pass between two seeding runs."""

MARK = re.compile(r"\bm(\d{4})\b", re.IGNORECASE)
CURSOR = re.compile(r"cursor=[\w-]+")


def count_articles(number):
    """Return how many articles the revision of this number has: no two near ones have the same."""
    return 60 + number % 37


def name_mark(number):
    """Return the mark of a revision."""
    return f"m{number:04}"


def read_number(text):
    """Return the number of the only revision whose mark a text has; None where it has none."""
    numbers = {int(number) for number in MARK.findall(CURSOR.sub("", text))}
    if len(numbers) > 1:
        raise ViolationError("torn", f"An answer has pieces of the revisions {sorted(numbers)}.")
    return next(iter(numbers), None)


def draw_question(chance, number):
    """Return an address at random; some name the mark of a revision that was seen."""
    mark, article = name_mark(number), f"article-{chance.randrange(60)}"
    limit, within = chance.choice((1, 7, 20, 100)), chance.choice(("article", "paragraph"))
    return chance.choice(
        (
            f"/articles?limit={limit}&sort={chance.choice(('-published', 'published', 'title'))}",
            f"/articles?limit={limit}&include=paragraphs",
            f"/articles?q=piece&limit={limit}&highlight={chance.choice(('offsets', 'markup'))}",
            f"/articles?q=%22speaks+of%22&limit={limit}&facet=tag&facet=entity&facet=source&fields=title",
            f"/articles?id={article}&fields=title",
            f"/articles?published_from={chance.randrange(1950, 2000)}&limit={limit}",
            f"/articles?entity={mark}-city&limit={limit}",
            f"/articles?tag={mark}&limit={limit}&offset_unit=utf16",
            f"/paragraphs?limit={limit}&sort=title",
            f"/paragraphs?q=speaks&limit={limit}",
            f"/paragraphs?q={mark}&entity={mark}-city&limit={limit}",
            "/entities",
            f"/entities?within={within}&q=piece",
            "/entities?name_prefix=cit",
            "/tags",
            "/tags?q=piece",
            f"/entities/{mark}-city",
            f"/tags/{mark}",
            "/corpus",
            "/timeline?interval=year",
            f"/articles/{article}",
            f"/articles/{article}/paragraphs/{chance.randrange(PARAGRAPHS + 1)}",
            f"/articles/{article}/similar?limit={limit}",
            "/articles/none",
            "/health/ready",
        )
    )


def check_answer(path, document, number):
    """Check the counts of an answer that is from the revision of this number."""
    articles = count_articles(number)
    address, _, query = path.partition("?")
    expect("wrong", f"The total of {path}", document.get("total"), expected_total(address, query, articles))
    match address:
        case "/corpus":
            counts = [document[name] for name in ("articles", "paragraphs", "mentions", "entities", "tags")]
            expect("wrong", path, counts, [articles, articles * (PARAGRAPHS + 1), articles * PARAGRAPHS, 1, 1])
        case "/entities":
            rows = [(row["count"], row["mentions"]) for row in document["items"]]
            units = articles * (PARAGRAPHS if "within=paragraph" in query else 1)
            expect("wrong", path, rows, [(units, articles * PARAGRAPHS)])
        case "/tags":
            expect("wrong", path, [row["count"] for row in document["items"]], [articles])
        case "/articles" | "/paragraphs":
            size = min(int((re.search(r"limit=(\d+)", query) or ["", "20"])[1]), document["total"])
            if "cursor" not in query:
                expect("wrong", path, len(document["items"]), size)
            for name, facet in document.get("facets", {}).items():
                expect("torn", f"{path} ({name})", [row["count"] for row in facet["values"]], [articles])
            if "include=paragraphs" in query:
                lengths = {len(item["paragraphs"]) for item in document["items"]}
                expect("torn", path, lengths - {PARAGRAPHS + 1}, set())


def expected_total(address, query, articles):
    """Return the total that a list must have; None where its answer has none."""
    if address in ("/entities", "/tags"):
        return 1
    if address == "/paragraphs":
        return articles * (PARAGRAPHS if "q=" in query else PARAGRAPHS + 1)
    if address != "/articles":
        return None
    if "id=" in query:
        return 1
    if since := re.search(r"published_from=(\d+)", query):
        return sum(1950 + number % 70 >= int(since[1]) for number in range(articles))
    return articles


def expect(kind, path, actual, expected):
    """Raise where something is not as it must be."""
    if actual != expected:
        raise ViolationError(kind, f"{path} has {actual}; expected {expected}.")


class Client:
    """Asks one question after another and remembers what it was told."""

    def __init__(self, address, seed, *, killed=False):
        self.address = address
        self.chance = Random(seed)
        self.killed = killed
        """Whether workers are killed meanwhile: connections may be cut, and a new worker may still be starting."""
        self.tally = Tally("", "")
        self.violations = []
        self.connection = None
        self.left = 0
        self.newest = 0
        """The number of the newest revision that any answer was from."""
        self.seen = 0
        """The same of this connection."""
        self.tags = OrderedDict()
        """Of each question: its entity tags, with the revision's number and a digest of the body."""
        self.following = None
        """The address of a next page."""

    def ask_until(self, over):
        """Ask until it is over."""
        while not over():
            try:
                self.ask()
            except ViolationError as violation:
                if len(self.violations) < MANY:
                    self.violations.append(violation)
                self.disconnect()

    def connect(self):
        """Open a connection if there is none or it has been used enough."""
        if self.connection is None or not self.left:
            self.disconnect()
            self.connection = http.client.HTTPConnection(*self.address, timeout=60)
            self.left, self.seen = self.chance.randrange(1, PER_CONNECTION), 0
        self.left -= 1

    def disconnect(self):
        """Give up the connection."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def ask(self):
        """Ask one question and check its answer."""
        path = self.following or draw_question(self.chance, self.newest)
        self.following = None
        method = "HEAD" if self.chance.random() < 0.1 else "GET"
        headers = {"Accept-Encoding": "gzip"} if self.chance.random() < 0.3 else {}
        known = self.tags.get((path, bool(headers)), {})
        if known and self.chance.random() < 0.5:
            headers["If-None-Match"] = ", ".join(list(known)[-3:])
        self.connect()
        began = time.perf_counter()
        try:
            self.connection.request(method, path, headers=headers)
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.disconnect()
            if self.killed and not isinstance(error, TimeoutError):
                self.tally.notes["cut connections"] += 1
                return
            raise ViolationError("wrong", f"{method} {path} was cut: {type(error).__name__}: {error}") from None
        self.tally.latencies.append((time.perf_counter() - began) * 1000)
        self.tally.runs += 1
        try:
            self.check(method, path, headers, answer, body)
        except ViolationError as violation:
            violation.evidence |= {
                "request": f"{method} {path}\n{headers}".encode(),
                "answer": body,
                "head": f"{answer.status}\n{answer.headers}".encode(),
            }
            raise

    def check(self, method, path, headers, answer, body):
        """Check an answer and remember what it tells."""
        status, tag = answer.status, answer.headers["ETag"]
        packed = "gzip" in headers.get("Accept-Encoding", "")
        known = self.tags.get((path, packed), {})
        if status == 503 and self.killed and answer.headers["Retry-After"]:
            self.tally.notes["answers 503 of a worker that starts"] += 1
        elif status == 304:
            if tag not in headers.get("If-None-Match", "") or tag not in known:
                raise ViolationError("wrong", f"{path} is answered with 304 and the ETag {tag}, which was not sent.")
            self.tally.notes["answers 304"] += 1
            self.advance(path, known[tag][0])
        elif status != 200:
            check_refusal(path, status)
        elif method == "HEAD":
            expect("wrong", f"The body of HEAD {path}", len(body), 0)
            if tag in known:
                self.advance(path, known[tag][0])
        elif path != "/health/ready":
            self.check_body(path, packed, tag, gzip.decompress(body) if answer.headers["Content-Encoding"] else body)

    def check_body(self, path, packed, tag, body):
        """Check what an answer tells, and that its entity tag names nothing else."""
        text = body.decode()
        document = json.loads(text)
        number = self.identify(path, text, document)
        if number is None:
            return
        self.advance(path, number)
        check_answer(path, document, number)
        known = self.tags.setdefault((path, packed), OrderedDict())
        answer = number, hashlib.blake2b(body, digest_size=12).digest()
        if known.setdefault(tag, answer) != answer:
            raise ViolationError("torn", f"{path} has one ETag in the revisions {known[tag][0]} and {number}.")
        self.tags.move_to_end((path, packed))
        while len(self.tags) > REMEMBERED:
            self.tags.popitem(last=False)
        if document.get("next") and self.chance.random() < 0.5:
            self.following = document["next"]

    def identify(self, path, text, document):
        """Return the number of the revision that an answer is from; None where it can't be told."""
        if path.startswith("/timeline"):
            count = sum(item["count"] for item in document["items"])
            # Others of the same count are 37 revisions away.
            near = range(max(0, self.newest - 18), self.newest + 19)
            number = next((number for number in near if count_articles(number) == count), None)
            if number is None:
                raise ViolationError("wrong", f"{path} counts {count} articles, as no revision has.")
            return number
        if not document.get("items", True):
            # Pages that a cursor of another revision leads behind, and values that the newest revision has not.
            return None
        # What earlier revisions changed names them.
        number = read_number(json.dumps(document | {"changes": None}) if "changes" in document else text)
        if number is None:
            raise ViolationError("wrong", f"{path} shows the mark of no revision.")
        return number

    def advance(self, path, number):
        """Take note of a revision; within one connection it never goes back."""
        if number < self.seen:
            raise ViolationError("wrong", f"{path} is of revision {number}; this connection saw {self.seen} before.")
        self.seen = number
        self.newest = max(self.newest, number)


def check_refusal(path, status):
    """Check that what is refused is what may be."""
    gone = status == 404 and ("none" in path or MARK.search(path))
    outdated = status == 422 and "cursor=" in path and "q=" in path
    if not (gone or outdated):
        raise ViolationError("failed" if status >= 500 else "wrong", f"{path} is answered with {status}.")


def ask_for(address, seed, seconds):
    """Ask for so many seconds, in a process of its own; return what was counted and what was violated."""
    end = time.monotonic() + seconds
    client = Client(address, seed)
    client.ask_until(lambda: time.monotonic() > end)
    return client.tally, [(violation.kind, violation.sentence, violation.evidence) for violation in client.violations]


def run(campaign, options, seconds):
    """Run this part for so many seconds."""
    kinds = ["load sqlite", *(["load postgresql"] if options.postgresql else [])]
    for part in kinds:
        with ExitStack() as stack:
            variables = {}
            if "postgresql" in part:
                from tests.support import postgres

                variables["database_url"] = stack.enter_context(postgres.databases())()
            ask_under_reseeding(campaign, part, variables, seconds / len(kinds))


def ask_under_reseeding(campaign, part, variables, seconds):
    """Let clients ask while one revision after another is seeded."""
    tally = campaign.tally(part, "requests")
    folder = campaign.scratch("load")
    corpus_variables = {"data": folder / "data", **variables}
    with open_commands(folder) as commands:
        reseed(commands, folder, 0, corpus_variables)
        with campaign.serve(tally, "--workers", WORKERS, **corpus_variables) as server, open_pool(CLIENTS) as pool:
            wait_until_ready(server)
            wait(lambda: server.log.read_text().count("Serving revision") >= WORKERS)
            address = server.client.base_url.host, server.client.base_url.port
            began = time.monotonic()
            asking = [
                pool.submit(ask_for, address, f"{campaign.seed} {part} {place}", seconds) for place in range(CLIENTS)
            ]
            number, sampled = 0, min(60, seconds / 4)
            while not all(future.done() for future in asking):
                number += 1
                with campaign.watch(tally, log=server.log):
                    reseed(commands, folder, number, corpus_variables)
                    wait(lambda number=number: serves(server, number))
                if time.monotonic() - began > sampled:
                    # Once a minute, and not before caches are full.
                    campaign.sample_memory(tally, server)
                    sampled += min(60, seconds / 4)
                time.sleep(min(PAUSE, seconds / 20))
            # Each revision was counted as a run.
            tally.notes["revisions"], tally.runs = tally.runs, 0
            for future in asking:
                counted, violations = future.result()
                tally.add(counted)
                for kind, sentence, evidence in violations:
                    campaign.report(tally, kind, sentence, **evidence)
            tally.memory.append(measure_memory(server))
    campaign.check_memory(tally, WORKERS)


def reseed(commands, folder, number, corpus_variables):
    """Make the corpus the revision of this number."""
    articles = write_marked(folder / name_mark(number), name_mark(number), count_articles(number))
    ended = run_command(commands, "seed", "--only", articles, **corpus_variables)
    for file in articles.iterdir():
        file.unlink()
    articles.rmdir()
    if (ended.status, ended.err) != (0, ""):
        raise ViolationError("wrong", f"A seeding run ended with {ended.status} and said: {ended.err}")


def serves(server, number):
    """Whether this revision is served, by the worker that answers."""
    answer = server.get(f"/tags/{quote(name_mark(number))}")
    return answer is not None and answer.status_code == 200
