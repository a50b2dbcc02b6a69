"""The commands `seed`, `check` and `schema`: run them, and print their outcome."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Engine, select
from sqlmodel import col

from app.cli import SERVER
from app.cli.client import serves_another_corpus
from app.cli.console import abort, pluralize, print_error, print_line, progress
from app.database.dialect import dialect_of
from app.database.engine import open_database, read_transaction
from app.database.migrations import migrate
from app.models import Revision
from app.search.index.updater import update_index
from app.seeding.article import Finding
from app.seeding.conversion import convert
from app.seeding.document import article_schema
from app.seeding.reports.finding_groups import group_findings
from app.seeding.reports.inventory import Inventory
from app.seeding.revision.changes import Changes
from app.seeding.seed import BadFilesError, CorpusNotEmptyError, NoArticlesError, Outcome, check, seed
from app.settings import Settings


def run_seed(
    settings: Settings,
    paths: Sequence[Path],
    *,
    prune: bool,
    only: bool,
    if_empty: bool,
    skip_bad: bool,
    show_all: bool = False,
) -> Changes | None:
    """Load these files into the corpus, update the index, print a summary, and return what changed.

    Returns None where nothing was to be done. Aborts if files have faults.
    """
    engine = open_database(settings.database)
    migrate(engine)
    print_line(f"The database is {describe_database(engine)}.")
    try:
        with progress("seeding") as show:
            outcome = seed(
                engine,
                paths,
                language=settings.language,
                rules=settings.rules,
                ner=settings.ner,
                root_path=settings.root_path,
                prune=prune,
                only=only,
                if_empty=if_empty,
                skip_bad=skip_bad,
                follow_links=settings.follow_links,
                progress=show,
            )
    except CorpusNotEmptyError:
        print_line("The corpus is not empty: nothing was seeded.")
        return None
    except NoArticlesError as error:
        report(error.findings, show_all=show_all)
        abort("No article was read: nothing was written. A corpus is never emptied; delete its database instead.")
    except BadFilesError as error:
        report(error.findings, show_all=show_all)
        faults = sum(finding.severity == "fault" for finding in error.findings)
        abort(f"Nothing was written: {pluralize(faults, 'fault')}. Mend them, or load the rest with --skip-bad.")
    report(outcome.findings, show_all=show_all)
    # Every machine that serves another database has a copy and an index of its own.
    if dialect_of(engine).is_local:
        with progress("indexing") as show:
            update_index(engine, settings.index, show)
    if outcome.marked:
        print_line(describe_marks(outcome.marked))
    summarize(outcome)
    if serves_another_corpus(SERVER, list_revisions(engine)):
        names = "ARTICLES_DATA or ARTICLES_DATABASE_URL names the one to seed"
        print_line(f"The server at {SERVER} serves another database; {names}.")
    return outcome.changes


def describe_database(engine: Engine) -> str:
    """Return the file of a database, or its URL without what may be secret."""
    url = engine.url
    return str(Path(url.database or "").resolve()) if dialect_of(engine).is_local else str(url.set(query={}))


def list_revisions(engine: Engine) -> set[str]:
    """Return the ids of all revisions of a database."""
    with read_transaction(engine) as connection:
        return {*connection.scalars(select(col(Revision.id)))}


def describe_marks(marked: Mapping[str, int]) -> str:
    """Return how many names were marked in added and changed articles, by which origin."""
    origins = {"given": "given with the articles", "catalogue": "by the catalogue", "rules": "by rules"}
    counts = sorted(marked.items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{count:,} {origins.get(origin, f'by {origin}')}" for origin, count in counts]
    hint = "" if marked.get("rules", 0) <= marked.get("catalogue", 0) else "; 'articles names' lists the frequent ones"
    return f"Names marked: {', '.join(parts)}{hint}."


def summarize(outcome: Outcome) -> None:
    """Print what a run did, in one line."""
    warnings = len(outcome.findings) - len(outcome.faults)
    left = f", {pluralize(len(outcome.faults), 'fault')}: what has them was left out" if outcome.faults else ""
    print_line(
        f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged, "
        f"{outcome.removed} removed, {pluralize(warnings, 'warning')}{left}."
    )


def run_check(settings: Settings, paths: Sequence[Path], *, show_all: bool = False) -> None:
    """Print what these files hold, and their findings; exit with status 1 if there is a fault or no article."""
    inventory = Inventory()
    outcome = check(
        paths,
        language=settings.language,
        rules=settings.rules,
        ner=settings.ner,
        follow_links=settings.follow_links,
        inventory=inventory,
    )
    report(outcome.findings, show_all=show_all)
    faults = len(outcome.faults)
    warnings = pluralize(len(outcome.findings) - faults, "warning")
    print_line(f"{pluralize(outcome.added, 'sound article')}: {pluralize(faults, 'fault')}, {warnings}.")
    print_table([*inventory.rows()])
    if faults or not outcome.added:
        raise SystemExit(1)


def run_convert(settings: Settings, paths: Sequence[Path]) -> None:
    """Print the articles of these files as JSON Lines of article documents; exit with status 1 if there is a fault."""
    findings = []
    for item in convert(paths, language=settings.language, follow_links=settings.follow_links):
        if isinstance(item, Finding):
            findings.append(item)
        else:
            print_line(json.dumps(item, ensure_ascii=False))
    report(findings)
    if any(finding.severity == "fault" for finding in findings):
        raise SystemExit(1)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows with aligned columns, of which all but the first hold numbers."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        print_line("  ".join([first.ljust(widths[0]), *cells]))


MAX_SIMILAR = 3
"""Findings with one cause that are all printed; of more, the first one and their number."""


def report(findings: Sequence[Finding], *, show_all: bool = False) -> None:
    """Print findings, warnings first, so that the faults stand at the end; of many with one cause only the first.

    `show_all` prints every one.
    """
    order = sorted(findings, key=lambda finding: (finding.severity == "fault", finding.file, finding.line))
    groups = group_findings(order)
    many = {id(group.findings[0]): group for group in groups if len(group.findings) > MAX_SIMILAR and not show_all}
    hidden = {id(finding) for group in many.values() for finding in group.findings[1:]}
    for finding in order:
        if id(finding) in hidden:
            continue
        word = "" if finding.severity == "fault" else "warning: "
        print_error(f"{finding.file}:{finding.line}: {word}{finding.message}")
        if group := many.get(id(finding)):
            print_error(
                f"    The same {pluralize(len(group.findings) - 1, 'time')} more, "
                f"in {pluralize(len(group.files), 'file')} in all; --all prints every one."
            )


def show_schema() -> None:
    """Print the JSON Schema of an article document."""
    print_line(json.dumps(article_schema(), indent=2, ensure_ascii=False))
