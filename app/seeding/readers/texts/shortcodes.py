"""Shortcodes: remove the template tags that site generators mix into Markdown, which their readers never see."""

import re

LONGEST_LINE = 20_000
"""Characters. In longer lines, which nobody wrote by hand, tags are not looked for: that could take very long."""

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
CODE_SPAN = r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
TEMPLATE_TAG = re.compile(
    CODE_SPAN + r"|\{\{[^{}\n]*+\}\}|\{%[^{}\n]*+(?<=%)\}"  # Hugo, Liquid, Nunjucks.
    r"|(?<!\\)\{:[^{}\n]*\}|\{#[\w-]+\}"  # Attributes of kramdown and Hugo.
)
CONTAINER = re.compile(r"[ \t]*:::+[ \t]*(?:[\w-]*|\{.*\})(?:[ \t]+(?P<label>.*))?")
MDX_STATEMENT = re.compile(r"(?:import|export)\s.*?(?:from\s+['\"].*['\"];?|['\"].*['\"];?|=.*)")

TARGET = re.compile(r"\]\(\s*\{[\{%][^()\n]*?[\}%]\}[^()\s]*\s*\)")
"""The address of a link that a template makes."""


def remove_shortcodes(text: str, *, is_mdx: bool) -> tuple[str, list[int]]:
    """Return Markdown without template tags, and the lines, from 0, in which there was more than an attribute.

    Lines keep their numbers. What stands between two tags stays, and so does code.
    """
    fence = ""
    touched: list[int] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if opened := FENCE.match(line):
            if not fence:
                fence = opened[1]
            elif opened[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if fence or len(line) > LONGEST_LINE:
            continue
        if is_mdx and MDX_STATEMENT.fullmatch(line.strip()):
            lines[number] = ""
            continue
        if (container := CONTAINER.fullmatch(line)) is not None:
            # A line of its own, so that the text of the container begins a paragraph.
            lines[number] = container["label"] or ""
            continue
        cleaned = TEMPLATE_TAG.sub(lambda match: match["code"] or "", TARGET.sub("](#)", line))
        if cleaned != line:
            lines[number] = cleaned if cleaned.strip() else ""
            if "{{" in line or "{%" in line:
                touched.append(number)
    return "\n".join(lines), touched
