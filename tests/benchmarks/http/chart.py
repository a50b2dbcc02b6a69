"""A chart of what a request costs each server: bars on a logarithmic scale, legible in light and in dark."""

from math import ceil, floor, log10
from pathlib import Path

from tests.benchmarks.http.questions import QUESTIONS
from tests.benchmarks.http.timing import Timings

WIDTH, LEFT, RIGHT, TOP = 760, 120, 70, 74
BAR, GAP = 11, 14

SERIES = {"cached": "this project, held in memory", "uncached": "this project, uncached", "Datasette": "Datasette"}

STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 14px }
.value, .tick { font-size: 10px; fill: #57606a }
.grid { stroke: #d0d7de } .bare { stroke: #57606a; stroke-dasharray: 4 3 }
.cached { fill: #2da44e } .uncached { fill: #0969da } .Datasette { fill: #bf8700 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .value, .tick { fill: #9198a1 }
  .grid { stroke: #3d444d } .bare { stroke: #9198a1 }
  .cached { fill: #3fb950 } .uncached { fill: #4493f8 } .Datasette { fill: #d29922 }
}"""


def draw(timings: Timings, articles: int, path: Path) -> None:
    """Write the chart; what was not measured has no bar."""
    series = [it for it in SERIES if (QUESTIONS[0].name, it) in timings]
    costs = [timings[it.name, column].cost for it in QUESTIONS for column in series]
    bare = timings["bare uvicorn", "bare"].cost
    low, high = floor(log10(min(bare, *costs))), ceil(log10(max(costs)))

    def across(cost: float) -> float:
        return LEFT + (log10(cost) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    bottom = TOP + len(QUESTIONS) * (len(series) * BAR + GAP)
    title = f"Server CPU time of a request, {articles:,} articles (microseconds, logarithmic; less is better)"
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 40}" role="img">',
        f"<title>{title}</title><style>{STYLE}</style>",
        text(8, 22, title, "title"),
    ]
    for place, column in enumerate(series):
        drawn += [bar(8 + 210 * place, 34, 12, column), text(26 + 210 * place, 44, SERIES[column])]
    for power in range(low, high + 1):
        at = across(10**power)
        drawn += [line(at, TOP - 8, bottom, "grid"), text(at, bottom + 14, f"{10**power:,}", "tick", "middle")]
    for number, question in enumerate(QUESTIONS):
        top = TOP + number * (len(series) * BAR + GAP)
        drawn.append(text(LEFT - 8, top + len(series) * BAR / 2 + 4, question.name, anchor="end"))
        for place, column in enumerate(series):
            cost, y = timings[question.name, column].cost, top + place * BAR
            drawn += [bar(LEFT, y, across(cost) - LEFT, column), text(across(cost) + 4, y + 9, f"{cost:,.0f}", "value")]
    drawn += [
        line(across(bare), TOP - 8, bottom + 18, "bare"),
        text(across(bare), bottom + 30, f"bare uvicorn, 2 KB: {bare:,.0f}", "tick", "middle"), "</svg>",
    ]  # fmt: skip
    path.write_text("\n".join(drawn) + "\n", encoding="utf-8")


def text(x: float, y: float, said: str, kind: str = "", anchor: str = "start") -> str:
    """Words that begin, lie or end at a point."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{said}</text>'


def bar(x: float, y: float, width: float, kind: str) -> str:
    """A bar of one series."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{BAR - 1}" rx="1" class="{kind}"/>'


def line(x: float, top: float, bottom: float, kind: str) -> str:
    """A line from above to below."""
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}" class="{kind}"/>'
