"""The commands that read articles: what they do with a corpus, and what they say of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.cli.console import abort, pluralize, print_error, print_line, progress
from app.database.engine import migrate, open_database
from app.search.index.updater import update_index
from app.seeding.article import Finding
from app.seeding.document import article_schema
from app.seeding.seed import BadFilesError, CorpusNotEmptyError, Outcome, check, seed
from app.settings import Settings


def run_seed(told: Settings, paths: Sequence[Path], *, prune: bool, only: bool, if_empty: bool, skip_bad: bool) -> None:
    """Bring the corpus to what these files say."""
    engine = open_database(told.database)
    migrate(engine)
    try:
        with progress("seeding") as show:
            outcome = seed(
                engine, paths, language=told.language, rules=told.rules, root_path=told.root_path,
                prune=prune, only=only, if_empty=if_empty, skip_bad=skip_bad, follow_links=told.follow_links,
                progress=show,
            )  # fmt: skip
    except CorpusNotEmptyError:
        print_line("The corpus is not empty: nothing was seeded.")
        return
    except BadFilesError as error:
        report(error.findings)
        faults = sum(finding.severity == "fault" for finding in error.findings)
        abort(f"Nothing was written: {pluralize(faults, 'fault')}. Mend them, or load the rest with --skip-bad.")
    report(outcome.findings)
    # Of a corpus in PostgreSQL, every machine that serves it has an index of its own.
    if engine.dialect.name == "sqlite":
        with progress("indexing") as show:
            update_index(engine, told.index, show)
    if outcome.marked:
        print_line(describe_marks(outcome.marked))
    summarize(outcome)


def describe_marks(marked: Mapping[str, int]) -> str:
    """Return how many names were marked in added and changed articles, by which origin."""
    origins = {"given": "given with the articles", "catalogue": "by the catalogue", "rules": "by rules"}
    counts = sorted(marked.items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{count:,} {origins.get(origin, f'by {origin}')}" for origin, count in counts]
    hint = "" if marked.get("rules", 0) <= marked.get("catalogue", 0) else "; 'articles names' lists the frequent ones"
    return f"Names marked: {', '.join(parts)}{hint}."


def summarize(outcome: Outcome) -> None:
    """What a run did, in one line."""
    warnings = len(outcome.findings) - len(outcome.faults)
    left = f", {pluralize(len(outcome.faults), 'fault')}: what has them was left out" if outcome.faults else ""
    print_line(
        f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged, "
        f"{outcome.removed} removed, {pluralize(warnings, 'warning')}{left}."
    )


def run_check(told: Settings, paths: Sequence[Path]) -> None:
    """Print every fault and warning of these files, and fail where there is a fault."""
    outcome = check(paths, language=told.language, rules=told.rules, follow_links=told.follow_links)
    report(outcome.findings)
    faults = len(outcome.faults)
    warnings = pluralize(len(outcome.findings) - faults, "warning")
    print_line(f"{pluralize(outcome.added, 'sound article')}: {pluralize(faults, 'fault')}, {warnings}.")
    if faults:
        raise SystemExit(1)


def report(findings: Sequence[Finding]) -> None:
    """Print every finding, warnings first, so that the faults stand at the end."""
    for finding in sorted(findings, key=lambda it: (it.severity == "fault", it.file, it.line)):
        word = "" if finding.severity == "fault" else "warning: "
        print_error(f"{finding.file}:{finding.line}: {word}{finding.message}")


def show_schema() -> None:
    """Print the JSON Schema of an article document."""
    print_line(json.dumps(article_schema(), indent=2, ensure_ascii=False))
