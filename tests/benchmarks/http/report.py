"""The tables that are printed: what a request costs, and each share beside its target."""

from math import prod

from tests.benchmarks.http import fairness, questions
from tests.benchmarks.http.questions import QUESTIONS
from tests.benchmarks.http.timing import Timings

COLUMNS = ("bare", "uncached", "cached", "Datasette")


def costs(timings: Timings) -> None:
    """Every case in a row, every server in a column."""
    print(f"{'CPU us a request / requests a second':36}" + "".join(f"{it:>20}" for it in COLUMNS) + f"{'KB':>8}")
    for name in dict.fromkeys(name for name, _ in timings):
        found = {column: timings[name, column] for column in COLUMNS if (name, column) in timings}
        cells = [f"{it.cost:,.1f} /{it.rate:>8,.0f}" if (it := found.get(column)) else "" for column in COLUMNS]
        size = next(iter(found.values())).size / 1000
        print(f"{name:36}" + "".join(f"{cell:>20}" for cell in cells) + f"{size:8.1f}")


def shares(timings: Timings) -> None:
    """Bare uvicorn's cost, divided by each of ours."""
    print(f"\n{'share of bare uvicorn':36}{'uncached':>20}{'cached':>20}")
    revalidated = beside(timings["304", "cached"].share, questions.REVALIDATED)
    print(f"{'304':36}{'':20}{revalidated:>20}")
    for question in QUESTIONS:
        uncached = beside(timings[question.name, "uncached"].share, question.target)
        cached = beside(timings[question.name, "cached"].share, questions.CACHED)
        print(f"{question.name:36}{uncached:>20}{cached:>20}")


def beside(value: float, target: float | None) -> str:
    """A share and its target, with a mark where it falls short."""
    if target is None:
        return f"{value:.2f}{'':9}"
    return f"{value:.2f} {'>=' if value >= target else '! '} {target:.2f}"


def against_datasette(timings: Timings) -> None:
    """The geometric mean of how many times less CPU time an answer of ours takes."""
    print("\nDatasette's cost in ours, geometric mean:", end="")
    for column, target in questions.DATASETTE.items():
        times = [timings[it.name, "Datasette"].cost / timings[it.name, column].cost for it in QUESTIONS]
        print(f"  {column} {prod(times) ** (1 / len(times)):.0f} (target at 100,000 articles: {target})", end="")
    print()


def beside_a_loop(left: float, path: str, took: float) -> None:
    """What a client that loops leaves to the others."""
    print(
        f"\nBeside a client that loops {path} ({took:.1f} ms), others have {left:.0%} of their throughput "
        f"(target {fairness.TARGET:.0%})."
    )


def after_a_reseed(shown: float, answers: dict[str, tuple[float, float]]) -> None:
    """How soon a new revision shows, and what it costs who asks first."""
    print(f"A new revision shows {shown:.0f} ms after its seeding. Its first answers, and the same when held, in ms:")
    print("  " + ", ".join(f"{name} {first:.1f} / {held:.1f}" for name, (first, held) in answers.items()))
