"""CoNLL-U: a token a line in ten columns, a paragraph a sentence; nested mentions as `Entity` of CorefUD."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from app.export.document import Report, join_paragraphs, nest_spans
from app.export.texts.tokens import TokenSpan, align_spans, find_tokens
from app.rendering import JsonObject

GLOBAL: Final = "# global.Entity = eid-etype-identity\n"

SPACES: Final = str.maketrans({" ": r"\s", "\t": r"\t", "\n": r"\n", "\r": r"\r", "|": r"\p", "\\": r"\\"})
"""The escapes of `SpacesAfter` and `SpacesBefore`, as UDPipe writes them."""

IDENTITY: Final = str.maketrans({"%": "%25", "-": "%2D", "(": "%28", ")": "%29", "|": "%7C"})
"""The escapes of an identity within brackets."""


def write_conllu(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield the articles. `TokenRange` has the code points of a token in its paragraph.

    Mentions that cross another one or don't end where tokens do are counted as omitted, also in a comment.
    """
    for article in articles:
        report.articles += 1
        numbers: dict[str, int] = {}
        sentences = [format_sentence(article, paragraph, numbers, report) for paragraph in article["paragraphs"]]
        if text := "".join(sentences):
            yield f"# newdoc id = {article['id']}\n{GLOBAL}{text}".encode()


def format_sentence(article: JsonObject, paragraph: JsonObject, numbers: dict[str, int], report: Report) -> str:
    """Return a paragraph as a sentence; a paragraph without tokens leaves nothing."""
    document = join_paragraphs({"paragraphs": [paragraph]})
    text, tokens = document.text, find_tokens(document.text)
    nested, crossing = nest_spans(document.spans)
    aligned, unaligned = align_spans(tokens, nested)
    report.mentions += len(aligned)
    report.omitted["crossing"] += len(crossing)
    report.omitted["not at the bounds of tokens"] += len(unaligned)
    comments = [f"# sent_id = {article['id']}-{paragraph['position']}", f"# text = {' '.join(text.split())}"]
    comments.append(f"# role = {paragraph['role']}")
    if omitted := len(crossing) + len(unaligned):
        comments.append(f"# omitted_mentions = {omitted}")
    if not tokens:
        return ""
    brackets = bracket_entities(aligned, numbers)
    lines = []
    for number, (start, end) in enumerate(tokens):
        after = text[end : tokens[number + 1][0]] if number + 1 < len(tokens) else " "
        misc = [brackets[number]] if number in brackets else []
        if after == "":
            misc.append("SpaceAfter=No")
        elif after != " ":
            misc.append(f"SpacesAfter={after.translate(SPACES)}")
        misc.append(f"TokenRange={start}:{end}")
        lines.append(format_token(number, text[start:end], misc))
    return "\n".join([*comments, *lines, "", ""])


def format_token(number: int, token: str, misc: Sequence[str]) -> str:
    """Return the line of a token. The tree, which the format requires, is flat: nothing is known of the syntax."""
    head, relation = ("0", "root") if number == 0 else ("1", "dep")
    return "\t".join([str(number + 1), token, "_", "X", "_", "_", head, relation, "_", "|".join(misc)])


def bracket_entities(aligned: Iterable[TokenSpan], numbers: dict[str, int]) -> dict[int, str]:
    """Return the `Entity` attribute by the number of a token: mentions open and close in brackets.

    Equal entities of an article have the same `eid`. The spans form a tree, in the order in which they open.
    """
    opening: defaultdict[int, str] = defaultdict(str)
    closing: defaultdict[int, str] = defaultdict(str)
    for first, end, span in aligned:
        identity = span.entity["id"] if span.entity else ""
        # A mention of no known entity is like no other: it gets the next number.
        eid = f"e{numbers.setdefault(identity or f'#{len(numbers)}', len(numbers) + 1)}"
        label = f"({eid}-{span.type}-{identity.translate(IDENTITY)}"
        if end == first + 1:
            opening[first] += f"{label})"
        else:
            opening[first] += label
            # Inner mentions close before outer ones, which open first.
            closing[end - 1] = f"{eid}){closing[end - 1]}"
    return {token: f"Entity={opening[token]}{closing[token]}" for token in sorted({*opening, *closing})}
