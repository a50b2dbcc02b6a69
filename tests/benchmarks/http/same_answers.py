"""Before anything is timed: the servers answer the same questions with the same totals, ids and counts."""

from tests.benchmarks.http.load import WrongAnswerError
from tests.benchmarks.http.questions import QUESTIONS, Question, Told, told_by_datasette, told_by_us
from tests.benchmarks.http.servers import Answer, Server


def good(server: Server, path: str) -> Answer:
    """An answer with 200; raises WrongAnswerError."""
    answer = server.get(path)
    if answer.status != 200:
        raise WrongAnswerError(f"{server.name} answers {path} with {answer.status}: {answer.body[:200]!r}")
    return answer


def agree(servers: dict[str, Server]) -> None:
    """Compare all answers; raises WrongAnswerError."""
    for question in QUESTIONS:
        first = good(servers["uncached"], question.ours)
        # The second answer is one that was held.
        for _ in range(2):
            if good(servers["cached"], question.ours).body != first.body:
                raise WrongAnswerError(f"A held answer to {question.ours} is another than one that is not held.")
        if "Datasette" in servers:
            compare(question, servers["uncached"], servers["Datasette"])


def compare(question: Question, ours: Server, theirs: Server) -> None:
    """The same totals and counts; and the same ids where both can be brought into the same order."""
    mine, other = (
        told_by_us(good(ours, question.ours).json()),
        told_by_datasette(good(theirs, question.theirs).json()),
    )
    if mine.total != other.total and other.total is not None and mine.total is not None:
        raise WrongAnswerError(f"{question.name}: the total is {mine.total}; Datasette says {other.total}.")
    if not same_counts(mine, other):
        raise WrongAnswerError(f"{question.name}: the counts are {mine.facet}; Datasette says {other.facet}.")
    if mine.total == 0:
        raise WrongAnswerError(f"{question.name}: nothing answers this question, so that its cost says nothing.")
    if "article.json" in question.theirs:
        mine = told_by_us(good(ours, by_date(question.ours, "sort=-published")).json())
        other = told_by_datasette(good(theirs, by_date(question.theirs, "_sort_desc=published_at")).json())
    if other.ids and "/article" in question.ours and mine.ids != other.ids:
        raise WrongAnswerError(f"{question.name}: the ids are {mine.ids}; Datasette says {other.ids}.")


def same_counts(mine: Told, other: Told) -> bool:
    """The same counts in the same order; which of equal values is cut off is left to each."""
    shared = mine.facet.keys() & other.facet.keys()
    same = all(mine.facet[value] == other.facet[value] for value in shared)
    return same and list(mine.facet.values()) == list(other.facet.values())


def by_date(path: str, order: str) -> str:
    """The same question, the newest first."""
    return path if order in path else f"{path}{'&' if '?' in path else '?'}{order}"
