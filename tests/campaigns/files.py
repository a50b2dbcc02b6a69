"""Mutate sound files of every format: each must end as articles or as a fault that names it, whatever it holds."""

import gzip
import json
import re
import shutil
import sqlite3
import time
from contextlib import closing
from itertools import count

from tests.campaigns.harness import (
    ROOT,
    SEEDS,
    TRACEBACK,
    ViolationError,
    open_commands,
    run_command,
    take_runs,
    wait_until_ready,
)

BATCH = 400
"""So many files are checked and seeded at a time."""
CULPRITS = 8
"""So many failures of one batch are reported, each without the files of those before."""
CPU = 120
"""So many seconds of CPU time each process of a run may take."""

TEXTS = (
    "\0",
    "\x0c",
    "\u0085",
    "\ud83d",
    "\ufeff",
    "\u202e",
    "i\u0307",
    "\u00ad",
    "a\u0301" * 50,
    "<b>",
    "---",
    "- " * 50,
    "> " * 200,
    "# ",
    "\t",
    "`" * 99,
    "[" * 300,
    "*" * 300,
    "&amp;",
    "%",
    "'",
    '"',
)
VALUES = (
    None,
    True,
    False,
    0,
    -1,
    0.5,
    1e308,
    10**18,
    10**30,
    "",
    " ",
    "\0",
    "x" * 400,
    "\ud800",
    "2025-02-30",
    "9999-12-31",
    [],
    {},
    [[]],
    [None],
    {"a": []},
    ["a", 1],
    "Q1",
    "en-" * 40,
    "\u202e",
)
NUMBERS = (b"9" * 400, b"-0", b"1e999", b"0x10", b"NaN", b"\xff\xfe", b"\xc3", b"\r")
OPENINGS = (b"[", b'{"a":', b"- ", b"> ", b"[[", b"&a [*a,", b"{")
ENCODINGS = ("utf-16", "utf-8-sig", "cp1252", "utf-32")

MARKDOWN = b"""---
id: %s
title: A title
published_at: 2025-12-18
authors: [Ann Lee]
tags: [talks]
entities: {Washington: washington-dc, March: null}
---
# Head

Text of Minsk.

> Quote.

- item
"""
PLAIN = b"""Talks go on in %s

Talks go on
Delegates arrive.
Reuters

They met in Minsk.

Nothing new

She spoke.

Tags: a, b
"""
ENTITIES = b"""entities:
  - id: %s
    name: Tatiana March
    type: person
    aliases: [T. March]
    wikidata: Q1
"""
TAGS = b"""builtin: false
tags:
  - id: %s
    name: Negotiations
    description: Talks
"""
DEFAULTS = b"""language: en
source: %s
authors: [Ann Lee]
tags: [talks]
rights: All rights reserved
"""
TEMPLATES = {
    ".md": MARKDOWN,
    ".txt": PLAIN,
    "entities.yaml": ENTITIES,
    "tags.yaml": TAGS,
    "defaults.yaml": DEFAULTS,
}


class Sources:
    """Sound files: those of the project, templates of other formats, and articles of corpora that may be at hand."""

    def __init__(self):
        articles = [path for path in sorted(SEEDS.iterdir()) if path.name != "README.md"]
        self.texts = [(path.suffix, path.read_bytes()) for path in articles if path.suffix != ".json"]
        self.documents = [json.loads(path.read_bytes()) for path in sorted(SEEDS.glob("*.json"))]
        for path in sorted((ROOT.parent / "shared" / "corpora").glob("*.jsonl")):
            with path.open(encoding="utf-8") as lines:
                documents = [json.loads(line) for line in lines if len(line) < 20_000]
            self.documents += [document for document in documents if "paragraphs" in document]

    def draw(self, chance, number):
        """Return the name and the content of a mutated file."""
        suffix = chance.choice((".txt", ".md", ".json", ".json", ".jsonl", ".json.gz", ".jsonl.gz", ".yaml"))
        identity = f"m{number}"
        if suffix == ".yaml":
            name = chance.choice([name for name in TEMPLATES if name.endswith(".yaml")])
            # In a folder of its own, with an article that it is about.
            return f"{identity}/{name}", mutate_bytes(TEMPLATES[name] % identity.encode(), chance)
        if suffix in (".txt", ".md"):
            kind, data = chance.choice([(suffix, TEMPLATES[suffix] % identity.encode()), chance.choice(self.texts)])
            return f"{identity}{kind}", mutate_bytes(data, chance)
        documents = [
            {**chance.choice(self.documents), "id": f"{identity}-{place}"}
            for place in range(chance.randrange(1, 4) if "jsonl" in suffix else 1)
        ]
        if chance.random() < 0.6:
            documents = [mutate_value(document, chance) for document in documents]
        data = "\n".join(json.dumps(document, ensure_ascii=chance.random() < 0.5) for document in documents)
        data = data.encode("utf-8", "surrogatepass")
        if chance.random() < 0.4:
            data = mutate_bytes(data, chance)
        if suffix.endswith(".gz"):
            data = gzip.compress(data, compresslevel=1, mtime=0)
            if chance.random() < 0.4:
                data = mutate_bytes(data, chance)
            elif chance.random() < 0.02:
                data = gzip.compress(bytes(60_000_000), compresslevel=1)
        return f"{identity}{suffix}", data


def mutate_bytes(data, chance):
    """Return data that is cut, spliced, flipped, doubled or encoded otherwise."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        data = chance.choice((cut, flip, splice, insert, encode))(data, chance)
    return data


def cut(data, chance):
    """Take some bytes out, or all from some place on."""
    place = chance.randrange(len(data) + 1)
    return data[:place] + data[place + chance.choice((1, 3, 100, len(data))) :]


def flip(data, chance):
    """Flip a bit."""
    changed = bytearray(data)
    if changed:
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def splice(data, chance):
    """Repeat a part at another place, or everything."""
    place, other = (chance.randrange(len(data) + 1) for _ in range(2))
    return data[:place] + data[other : other + chance.choice((5, 50, 2_000, len(data)))] + data[place:]


def insert(data, chance):
    """Insert strange text, deep nesting or numbers."""
    place = chance.randrange(len(data) + 1)
    text = chance.choice(TEXTS).encode("utf-8", "surrogatepass") * chance.choice((1, 1, 40))
    nested = chance.choice(OPENINGS) * chance.choice((60, 300, 20_000))
    return data[:place] + chance.choice((text, nested, chance.choice(NUMBERS))) + data[place:]


def encode(data, chance):
    """Encode in another way."""
    return data.decode(errors="replace").encode(chance.choice(ENCODINGS), "replace")


def mutate_value(value, chance):
    """Return JSON in which something has another type, another key, or is nested deep."""
    changed = None
    if isinstance(value, dict) and value and chance.random() < 0.95:
        changed = mutate_object(value, chance)
    elif isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        changed = [*value[:place], mutate_value(value[place], chance), *value[place + (chance.random() < 0.8) :]]
    elif isinstance(value, str) and chance.random() < 0.5:
        place = chance.randrange(len(value) + 1)
        changed = value[:place] + chance.choice(TEXTS) + value[place:]
    elif isinstance(value, int) and chance.random() < 0.5:
        changed = value + chance.choice((-1, 1, -(10**6), 2**31, 2**63, 2**64))
    return chance.choice(VALUES) if changed is None else changed


def mutate_object(value, chance):
    """Return an object that lacks a key, or has another key or another value."""
    key = chance.choice(list(value))
    match chance.randrange(8):
        case 0:
            return {name: part for name, part in value.items() if name != key}
        case 1:
            return {**value, chance.choice((key.upper(), f"{key}s", "mentions", "tags", "extra", "", "\0")): value[key]}
        case 2:
            return {**value, key: nest(chance)}
    return {**value, key: mutate_value(value[key], chance)}


def nest(chance):
    """Return a value that is nested deep."""
    value = 1
    for _ in range(chance.choice((50, 260, 900))):
        value = [value] if chance.random() < 0.5 else {"a": value}
    return value


def run(campaign, options, seconds):
    """Run this part for about so many seconds, or as many files as the options say."""
    tally, chance = campaign.tally("files", "files"), campaign.random("files")
    sources, names = Sources(), count()
    folder = campaign.scratch("files")
    corpus_variables = {"data": folder / "data"}
    with open_commands(folder, cpu_seconds=CPU) as commands:
        run_command(commands, "seed", SEEDS, **corpus_variables)
        with campaign.serve(tally, **corpus_variables) as server:
            wait_until_ready(server)
            campaign.sample_memory(tally, server)
            batches = None if options.files is None else -(-options.files // BATCH)
            for number in take_runs(batches, seconds):
                size = BATCH if options.files is None else min(BATCH, options.files - tally.runs)
                batch = write_batch(folder, sources, chance, [next(names) for _ in range(size)])
                with campaign.watch(tally, size, log=server.log):
                    try_without_culprits(campaign, commands, batch, corpus_variables, server, tally)
                shutil.rmtree(batch)
                if number % 10 == 0:
                    campaign.sample_memory(tally, server)
            campaign.sample_memory(tally, server)
    campaign.check_memory(tally)


def write_batch(folder, sources, chance, numbers):
    """Write mutated files into a new folder."""
    batch = folder / f"batch-{numbers[0]}"
    batch.mkdir()
    for number in numbers:
        name, data = sources.draw(chance, number)
        path = batch / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        if path.suffix == ".yaml":
            (path.parent / "sound.txt").write_text(f"Talks go on in Minsk\n\nThey met on day {number}.\n")
    return batch


def run_soundly(commands, *arguments, **corpus_variables):
    """Run a command that may find faults, but must come to its end by itself."""
    ended = run_command(commands, *arguments, **corpus_variables)
    output = ended.out + ended.err
    if match := TRACEBACK.search(output):
        *_, last = output[match.start() :].strip().splitlines()
        raise ViolationError("failed", f"`articles {arguments[0]}` ends with a traceback: {last}", said=output.encode())
    if ended.status not in (0, 1) or (ended.status == 1 and arguments[0] == "seed"):
        sentence = (ended.err.strip().splitlines() or ["nothing"])[-1]
        raise ViolationError(
            "wrong", f"`articles {arguments[0]}` ended with {ended.status}; it said: {sentence}", said=output.encode()
        )
    return ended


def try_batch(commands, batch, corpus_variables, server=None, tally=None):
    """Check and seed a batch: nothing is left out in silence, and all that is sound is there."""
    checked = run_soundly(commands, "check", "--all", batch, **corpus_variables)
    sound = int(re.search(r"^([\d,]+) sound articles?:", checked.out, re.MULTILINE)[1].replace(",", ""))
    seeded = run_soundly(commands, "seed", "--skip-bad", "--only", batch, **corpus_variables)
    files = list_seeded(corpus_variables["data"])
    if tally:
        tally.notes["sound articles"] += sound
        tally.notes["faults and warnings"] += checked.err.count("\n")
    if len(files) != sound:
        raise ViolationError(
            "lost",
            f"`articles check` called {sound} articles sound, {len(files)} were seeded.",
            checked=checked.err.encode(),
            seeded=seeded.err.encode(),
        )
    named = {line.split(":", 1)[0] for line in checked.err.splitlines() if re.match(r".+?:\d+: ", line)}
    articles = {str(path) for path in batch.rglob("*") if path.is_file() and path.suffix != ".yaml"}
    silent = sorted(articles - named - set(files))
    if silent:
        raise ViolationError(
            "lost",
            f"{len(silent)} files gave neither an article nor a fault, such as {silent[0]}.",
            checked=checked.err.encode(),
        )
    if server:
        check_served(server, corpus_variables["data"], sound)


def list_seeded(data):
    """Return the file of each article that the newest revision has."""
    with closing(sqlite3.connect(data / "articles.db")) as connection:
        return [file for (file,) in connection.execute("SELECT file FROM article WHERE until IS NULL")]


def check_served(server, data, sound):
    """Check that exactly what is in the database is served, each article by itself, too."""
    with closing(sqlite3.connect(data / "articles.db")) as connection:
        expected = {id for (id,) in connection.execute("SELECT id FROM article WHERE until IS NULL")}
        (revision,) = connection.execute("SELECT id FROM revision ORDER BY number DESC LIMIT 1").fetchone()
    deadline = time.monotonic() + 60
    while server.json("/corpus")["revision"]["id"] != revision:
        if time.monotonic() > deadline:
            raise ViolationError("wrong", "The server did not follow a seeding run within a minute.")
        time.sleep(0.05)
    items = server.walk("/articles", limit=100, include="paragraphs")
    if {item["id"] for item in items} != expected or len(items) != sound:
        raise ViolationError("lost", f"{len(items)} articles are listed, {sound} were seeded.")
    for item in items[::20]:
        answer = server.get(item["url"])
        if answer.status_code != 200 or answer.json()["paragraphs"] != item["paragraphs"]:
            kind = "failed" if answer.status_code >= 500 else "wrong"
            raise ViolationError(kind, f"{item['url']} is answered with {answer.status_code}, or not as it is listed.")


def try_without_culprits(campaign, commands, batch, corpus_variables, server, tally):
    """Try a batch; report the smallest part of it that fails, and try again without it."""
    for _ in range(CULPRITS):
        try:
            try_batch(commands, batch, corpus_variables, server, tally)
        except ViolationError as violation:
            if campaign.is_known(tally, violation.sentence):
                # To find its file takes longer than the whole batch.
                tally.kinds[violation.kind] += 1
                break
            paths, narrowest = narrow_down(campaign, commands, batch, violation)
            shutil.rmtree(campaign.folder / "input", ignore_errors=True)
            copy_paths(paths, campaign.folder / "input")
            evidence = {**narrowest.evidence, "input": campaign.folder / "input", "log": server.log}
            campaign.report(tally, narrowest.kind, narrowest.sentence, **evidence)
            for path in paths:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        else:
            break


def narrow_down(campaign, commands, batch, violation):
    """Return the smallest part of a failing batch that fails by itself, and how it fails."""
    paths = sorted(batch.iterdir())
    only_check = violation.sentence.startswith("`articles check` end")
    while len(paths) > 1:
        middle = len(paths) // 2
        for half in (paths[:middle], paths[middle:]):
            if failure := try_part(campaign, commands, batch, half, only_check=only_check):
                paths, violation = half, failure
                break
        else:
            break
    return paths, violation


def try_part(campaign, commands, batch, paths, *, only_check):
    """Return how a part of a batch fails by itself; None where it doesn't."""
    folder = campaign.scratch("part")
    copy_paths(paths, folder / batch.name)
    try:
        if only_check:
            run_soundly(commands, "check", folder / batch.name)
        else:
            try_batch(commands, folder / batch.name, {"data": folder / "data"})
    except ViolationError as violation:
        return violation
    return None


def copy_paths(paths, folder):
    """Copy files and folders into a new folder."""
    folder.mkdir(parents=True)
    for path in paths:
        if path.is_dir():
            copy_paths(path.iterdir(), folder / path.name)
        else:
            (folder / path.name).write_bytes(path.read_bytes())
