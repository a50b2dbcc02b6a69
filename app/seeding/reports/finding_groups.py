"""Finding groups: gather the findings that have one cause, so that a report of thousands of them can be read."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from app.seeding.article import Finding

PATH = re.compile(r"(?<!\S)/[^\s;,]+")
VARIABLE_PARTS = re.compile(
    r"(?<!\w)'.*?'(?!\w)"  # What is quoted from a file.
    rf"|{PATH.pattern}"
    r"|\b0x[0-9a-f]+|\d+(?:,\d{3})*"
)
"""What differs between messages of one cause."""


class FindingGroup(NamedTuple):
    """Findings of one cause."""

    pattern: str
    """Their message, with dots in place of what differs."""
    severity: Literal["fault", "warning"]
    findings: list[Finding]

    @property
    def files(self) -> set[str]:
        """Return the paths of the files that they are about."""
        return {finding.file for finding in self.findings}


def generalize(message: str) -> str:
    """Return a message with dots in place of numbers, paths and what it quotes, which differ from file to file."""
    return VARIABLE_PARTS.sub("…", message)


def hide_paths(message: str) -> str:
    """Return a message that may leave the machine: with dots in place of paths."""
    return PATH.sub("…", message)


def group_findings(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Group findings by cause, in the order of their first ones."""
    groups: dict[tuple[str, str], FindingGroup] = {}
    for finding in findings:
        pattern = generalize(finding.message)
        group = groups.setdefault((finding.severity, pattern), FindingGroup(pattern, finding.severity, []))
        group.findings.append(finding)
    return list(groups.values())
