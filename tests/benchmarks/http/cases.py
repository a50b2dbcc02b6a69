"""The cases: every question to every server, and what else can be hard on one."""

from urllib.parse import quote

from tests.benchmarks.http.load import WrongAnswerError
from tests.benchmarks.http.questions import QUESTIONS, USUAL
from tests.benchmarks.http.same_answers import good
from tests.benchmarks.http.servers import Server
from tests.benchmarks.http.timing import Case

FAR = 5_000
BEFORE = f"/articles?q={USUAL}&published_to="


def asked_of_all(servers: dict[str, Server]) -> list[Case]:
    """Each question to each server, beside what uvicorn takes by itself; and an answer that the client has."""
    bare = Case("bare uvicorn", "bare", "/")
    cases = []
    for question in QUESTIONS:
        cases += [
            bare,
            Case(question.name, "uncached", question.ours),
            Case(question.name, "cached", question.ours),
            Case(question.name, "Datasette", question.theirs),
        ]
    tag = good(servers["cached"], "/articles").headers["etag"]
    return [*cases, bare, Case("304", "cached", "/articles", {"If-None-Match": tag}, 304)]


def asked_besides() -> list[Case]:
    """Questions that are never the same, and answers that are compressed."""
    packed = {"Accept-Encoding": "gzip"}
    return [
        *(Case("q until a time", server, f"{BEFORE}2033-01-01T00:00:00Z") for server in ("uncached", "cached")),
        *(Case("... never the same", server, BEFORE, unique=True) for server in ("uncached", "cached")),
        *(Case("newest, gzip", server, "/articles", packed) for server in ("uncached", "cached")),
        *(Case("article, gzip", server, "/articles/article-0000007", packed) for server in ("uncached", "cached")),
    ]


def far_pages(servers: dict[str, Server], articles: int) -> list[Case]:
    """Page 5,000 by cursor, and in Datasette by offset, beside the first; a small corpus has small pages."""
    limit = max(1, min(20, articles // FAR))
    number = min(FAR, articles // limit)
    path, ours = f"/articles?limit={limit}", servers["uncached"]
    for _ in range(number - 1):
        path = good(ours, path).json()["next"]
    cases = [Case("page 1", "uncached", f"/articles?limit={limit}"), Case(f"page {number:,}", "uncached", path)]
    if theirs := servers.get("Datasette"):
        offset = (number - 1) * limit
        columns = "key, id, title, source, language, published_at, lead, tags"
        far, near = (
            "/corpus.json?_shape=objects&sql=" + quote(
                f"select {columns} from article order by published_at desc, key limit {limit} offset {skipped}"
            ) for skipped in (offset, 0)
        )  # fmt: skip
        mine, other = (
            [it["id"] for it in good(server, at).json()[items]]
            for server, at, items in ((ours, path, "items"), (theirs, far, "rows"))
        )
        if mine != other:
            raise WrongAnswerError(f"page {number}: the ids are {mine}; Datasette says {other}.")
        cases += [Case("page 1", "Datasette", near), Case(f"page {number:,}", "Datasette", far)]
    return cases
