"""What answers take over HTTP: CPU time beside other servers, and latency alone and beside an abusive client.

    uv run --group test python -m tests.benchmarks.http [ARTICLES ...] [--keep FOLDER]

All servers answer from the same generated articles (2,000, if no number is named). Each class of questions has 504
distinct addresses. "new" asks each for the first time, "remembered" again, both without the response cache; "cached"
asks with it. Every answer that is timed is compared: totals, counts and ids must be the same, or the run ends before
any time is printed. A figure is the median of 7 rounds ± the median distance from it; ratios are made in each round.
A server that can't be had (Datasette comes by `uv tool run`, groonga from Debian) is one line.
"""

import signal
import sys

from tests.benchmarks.corpus import make_corpus, open_folder, parse_arguments
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.http import costs, latency
from tests.benchmarks.http.client import WrongAnswerError
from tests.benchmarks.http.servers import ServerError


def main() -> None:
    """Measure each corpus; nothing goes on running after it."""
    forget_settings()
    options = parse_arguments("tests.benchmarks.http", __doc__.splitlines()[0], [2_000])
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    with open_folder(options.keep) as folder:
        try:
            for articles in options.articles:
                corpus = make_corpus(articles, folder)
                costs.measure(corpus)
                latency.measure(corpus)
        except (WrongAnswerError, ServerError) as error:
            sys.exit(f"Nothing is timed: {error}")


if __name__ == "__main__":
    main()
