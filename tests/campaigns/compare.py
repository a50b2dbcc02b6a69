"""Compare what two revisions of the program answer to the same requests, byte for byte.

    python -m tests.campaigns.compare BEFORE [AFTER]

BEFORE and AFTER are revisions of this repository (AFTER: the newest commit). Each is checked out into a folder of its
own, seeds the project's articles and, where they are there, the corpora of ../shared/corpora, and is asked some 1,400
requests of each: every address with every filter and option, pages, conditional requests, methods and errors. What is
random or a moment in time (ids of revisions, ETags, cursors, dates of seeding) is masked. It prints every difference,
and how many there are; those that are only in the wording of messages count apart. Exit status 1: answers differ
otherwise.
"""

import argparse
import gzip
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

ROOT = Path(__file__).parents[2]

READY_SECONDS = 180

MASKS = [
    (re.compile(rb'"(id|at)":"[^"]*"(?=[^{}]*\},"articles")'), rb'"\1":"MASKED"'),
    (re.compile(rb"cursor=[A-Za-z0-9_-]+"), b"cursor=MASKED"),
]
"""The revision in /corpus; cursors, whose relevance ones hold the revision's random id."""

WORDING = re.compile(rb'"(detail|message|title|description|summary|name)":"(?:[^"\\]|\\.)*"')

HEADERS = [
    ("Accept", "text/html"),
    ("Accept", "application/json;q=0"),
    ("Accept-Encoding", "gzip"),
    ("If-None-Match", "*"),
    ("If-None-Match", '"other"'),
    ("Origin", "http://elsewhere"),
]


class Request(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]


class Response(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    next: str | None
    """Where the next page of a list is, unmasked."""
    etag: str | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after", nargs="?", default="HEAD")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="compare-") as name:
        folder = Path(name)
        corpora = [("the project's articles", ROOT / "seeds"), *write_corpora(folder)]
        counts = Counter[str]()
        with checkout(arguments.before, folder) as before, checkout(arguments.after, folder) as after:
            for title, seeds in corpora:
                with serve(before, seeds, folder) as old, serve(after, seeds, folder) as new:
                    counts += compare(title, old, new)
    print(f"{counts.total()} requests: {', '.join(f'{count} {kind}' for kind, count in counts.items())}.")
    sys.exit(counts["different"] > 0)


def write_corpora(folder: Path) -> Iterator[tuple[str, Path]]:
    """Write the shared corpora as article documents, and yield the folder that they are in."""
    from tests.support.corpora import FOLDER, convert_article, read_corpus

    if not FOLDER.is_dir():
        print("The shared corpora are not there: only the project's own articles are compared.")
        return
    seeds = folder / "corpora"
    seeds.mkdir()
    for name in ("gum_news", "gum_interview", "meantime"):
        lines = (json.dumps(convert_article(article), ensure_ascii=False) for article in read_corpus(name))
        (seeds / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    yield "the shared corpora", seeds


@contextmanager
def checkout(revision: str, folder: Path) -> Iterator[Path]:
    """Check out a revision into a folder of its own, with an environment of its own."""
    tree = Path(tempfile.mkdtemp(prefix="tree-", dir=folder)) / "tree"
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(tree), revision], check=True)
    try:
        subprocess.run(["uv", "sync", "--quiet", "--frozen"], cwd=tree, env=environment(), check=True)
        yield tree
    finally:
        subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def environment(**variables: str) -> dict[str, str]:
    """Return the environment without what belongs to this checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ARTICLES_", "VIRTUAL_ENV"))}
    return kept | variables


@contextmanager
def serve(tree: Path, seeds: Path, folder: Path) -> Iterator[int]:
    """Serve a folder of articles by the program in this tree, and yield the port once it is ready."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    data = tempfile.mkdtemp(prefix="data-", dir=folder)
    command = [str(tree / ".venv/bin/articles"), "serve", "--port", str(port), "--seeds", str(seeds)]
    with Path(data, "log").open("w") as log:
        server = subprocess.Popen(command, cwd=tree, env=environment(ARTICLES_DATA=data), stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready(port):
            if time.monotonic() > deadline or server.poll() is not None:
                raise SystemExit(f"The server of {tree} is not ready: {Path(data, 'log').read_text()}")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(60)


def is_ready(port: int) -> bool:
    try:
        return ask(port, Request("GET", "/health/ready", {})).status == 200
    except ConnectionError:
        return False


def compare(title: str, before: int, after: int) -> Counter[str]:
    """Ask both servers everything, print what differs, and count it."""
    counts = Counter[str]()
    for request in requests(before):
        counts += compare_request(title, request, request, before, after, pages=3)
    return counts


def compare_request(
    title: str, request: Request, same: Request, before: int, after: int, *, pages: int
) -> Counter[str]:
    """Compare one request, what its ETag is answered with, and its next pages."""
    old, new = ask(before, request), ask(after, same)
    kind = classify(old, new)
    if kind != "identical":
        print(f"{kind}: {title}: {request.method} {request.target} {request.headers or ''}")
        show_difference(old, new)
    counts = Counter([kind])
    if old.etag and new.etag and request.method == "GET" and not request.headers:
        kind = classify(
            ask(before, request._replace(headers={"If-None-Match": old.etag})),
            ask(after, same._replace(headers={"If-None-Match": new.etag})),
        )
        counts[kind] += 1
        if kind != "identical":
            print(f"{kind}: {title}: If-None-Match of {request.target}")
    if pages and old.next and new.next:
        following = (request._replace(target=old.next), same._replace(target=new.next))
        counts += compare_request(title, *following, before, after, pages=pages - 1)
    return counts


def classify(old: Response, new: Response) -> str:
    """Say whether two responses are identical, differ in wording, or differ otherwise."""
    if (old.status, old.headers, old.body) == (new.status, new.headers, new.body):
        return "identical"
    same_but_length = [header for header in old.headers if header[0] != "content-length"] == [
        header for header in new.headers if header[0] != "content-length"
    ]
    if old.status == new.status and same_but_length and WORDING.sub(b"", old.body) == WORDING.sub(b"", new.body):
        return "identical but for wording"
    return "different"


def show_difference(old: Response, new: Response) -> None:
    """Print where two responses differ."""
    if old.status != new.status:
        print(f"  status {old.status} -> {new.status}")
    for name, value in sorted({*old.headers} ^ {*new.headers}):
        print(f"  {'-' if (name, value) in old.headers else '+'} {name}: {value}")
    if old.body != new.body:
        at = next((n for n, (a, b) in enumerate(zip(old.body, new.body, strict=False)) if a != b), 0)
        for sign, body in (("-", old.body), ("+", new.body)):
            print(f"  {sign} {body[max(0, at - 60) : at + 120]!r}")


def ask(port: int, request: Request) -> Response:
    """Ask a server, and mask what is random in its answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(request.method, request.target, headers={"Host": "compared", **request.headers})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    following = re.search(r'<([^>]*)>; rel="next"', headers.get("link", ""))
    masked = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
    for pattern, replacement in MASKS:
        masked = pattern.sub(replacement, masked)
    kept = {name: re.sub("cursor=[A-Za-z0-9_-]+", "cursor=MASKED", value) for name, value in headers.items()}
    kept |= {name: "MASKED" for name in ("etag", "last-modified", "date") if name in kept}
    if masked != body:
        kept.pop("content-length", None)
    return Response(answer.status, sorted(kept.items()), masked, following and following[1], headers.get("etag"))


def requests(port: int) -> Iterator[Request]:
    """Yield every request of the comparison, with values that this server's corpus holds."""
    values = discover(port)
    for target in targets(values):
        yield Request("GET", target, {})
    for target in ("/articles?limit=3", "/corpus", "/", "/docs", "/openapi.json", "/health/live", "/nothing"):
        for method in ("HEAD", "OPTIONS", "POST", "DELETE"):
            yield Request(method, target, {})
        for name, value in HEADERS:
            yield Request("GET", target, {name: value})


def discover(port: int) -> dict[str, list[str]]:
    """Find values of every filter in a corpus."""

    def json_of(target: str) -> Any:
        return json.loads(ask(port, Request("GET", target, {})).body)

    fields = ("entity", "entity_type", "tag", "source", "language", "author", "year", "month")
    facets = json_of(f"/articles?limit=1&facet_size=4&{urlencode([('facet', field) for field in fields])}")["facets"]
    values = {field: [row["value"] for row in facets[field]["values"]] for field in fields}
    articles = json_of("/articles?limit=6")["items"]
    values["id"] = [article["id"] for article in articles]
    words = sorted({word.lower() for article in articles for word in re.findall(r"[A-Za-z]{5,}", article["title"])})
    values["word"] = words[:6]
    values["name"] = [row["name"] for row in json_of("/entities?limit=4")["items"]]
    return values


LISTS = ("/articles", "/paragraphs", "/entities", "/tags", "/timeline")


def targets(values: dict[str, list[str]]) -> Iterator[str]:
    """Yield every address with every filter and option, and every kind of error."""
    questions = [*filters(values), *errors(values)]
    for path in LISTS:
        for question in questions:
            yield f"{path}?{question}" if question else path
    first, word, name = values["id"][0], values["word"][0], values["name"][0]
    options = (
        "",
        f"q={word}",
        f"q={word}&highlight=offsets",
        f"q={word}&highlight=markup",
        "offset_unit=utf16",
        "offset_unit=utf8",
        "fields=title",
        "unknown=1",
    )
    for id in (*values["id"][:3], "nothing", "a/b"):
        for option in options:
            yield f"/articles/{quote(id)}?{option}"
            yield f"/articles/{quote(id)}/paragraphs/1?{option}"
        yield f"/articles/{quote(id)}/similar"
    yield from (f"/articles/{first}/paragraphs/{position}" for position in ("0", "999", "-1", "x", "9" * 30))
    for path in ("/articles", "/paragraphs"):
        for option in (
            "highlight=offsets",
            "highlight=markup",
            "offset_unit=utf8",
            "sort=title",
            "sort=published",
            "sort=relevance",
            "include=paragraphs",
            "fields=text",
            "fields=title",
            "facet=tag&facet=entity",
            "facet=role",
            "facet=month&facet_size=2",
        ):
            yield f"{path}?q={word}&limit=4&{option}"
    for path in ("/entities", "/tags"):
        for option in (
            f"name={quote(name)}",
            f"name_prefix={quote(name[:3])}",
            "type=person",
            "sort=name",
            f"sort=-association&q={word}",
            "fields=id",
            f"within=paragraph&q={word}",
        ):
            yield f"{path}?limit=4&{option}"
    yield from (f"/timeline?interval={interval}&q={word}" for interval in ("year", "month", "day", "week"))
    yield from (f"/entities/{quote(id)}" for id in (*values["entity"], "Q159", "nobody"))
    yield from (f"/tags/{quote(id)}" for id in (*values["tag"], "nothing"))
    yield from ("/", "/docs", "/corpus", "/corpus?x=1", "/openapi.json", "/health/live", "/health/ready", "/articles/")


def filters(values: dict[str, list[str]]) -> Iterator[str]:
    """Yield good filters, alone and together."""
    one, two, *_ = values["word"] * 2
    yield from ("", "limit=2")
    texts = (
        one,
        f"{one} {two}",
        f"{one} OR {two}",
        f"-{one}",
        f'"{one}"',
        f'"{one} {two}"~2',
        f"{one[:3]}*",
        f"{one}~1",
        f"({one} OR {two}) -zzz",
    )
    for text in texts:
        yield urlencode({"q": text, "limit": 3})
    yield urlencode({"q": f"{one} {two}", "match": "any", "limit": 3})
    yield urlencode({"q": one, "q_in": "title"})
    for field in ("entity", "tag", "author", "entity_type"):
        frequent = values[field]
        if len(frequent) > 1:
            yield urlencode([(field, frequent[0]), (field, frequent[1]), ("limit", "2")])
            yield urlencode([(f"{field}_any", frequent[0]), (f"{field}_any", frequent[1]), ("limit", "2")])
            yield urlencode({f"{field}_not": frequent[0], "limit": 2})
    for field in ("source", "language"):
        for value in values[field][:1]:
            yield urlencode({field: value, "limit": 2})
            yield urlencode({f"{field}_not": value, "limit": 2})
    for year in values["year"][:2]:
        yield f"published_from={year}&limit=2"
        yield f"published_to={year}&limit=2"
    yield urlencode([("id", id) for id in values["id"][:2]])
    yield urlencode({"entity": values["entity"][0], "q": one, "within": "paragraph", "limit": 2})


def errors(values: dict[str, list[str]]) -> Iterator[str]:
    """Yield questions that are refused, or that are answered with a warning."""
    yield from (
        "lang=en",
        "limit=0",
        "limit=101",
        "limit=x",
        f"limit={'9' * 30}",
        "q=",
        "q=%22",
        "q=a*",
        "q=(",
        "q=%FF",
        "sort=nothing",
        "cursor=x",
        "published_from=yesterday",
        "facet=nothing",
        "within=sentence",
        "q=a&q=b",
        f"q={'w' * 1001}",
        "q=" + "+".join(f"w{n}" for n in range(65)),
        "offset_unit=bytes",
        "fields=nothing",
        "entity=nobody-of-that-id",
        "tag=nothing-of-that-id",
        "entity_not=nobody-of-that-id",
    )
    yield urlencode([("tag", value) for value in values["tag"][:1] * 51])


if __name__ == "__main__":
    main()
