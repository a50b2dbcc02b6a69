"""List numbers: find the ordered lists whose numbers say something, for they do not count from 1."""

from collections.abc import Sequence

from markdown_it.token import Token


def number_items(tokens: Sequence[Token]) -> dict[int, str]:
    """Return what to write before an item, such as `1945. `, by the index of the token that opens it.

    A line that begins with a year is an item of a list in Markdown. Lists that count 1, 2, 3, or repeat the first
    number, get nothing.
    """
    numbers: dict[int, str] = {}
    open_lists: list[list[int]] = []
    for index, token in enumerate(tokens):
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            open_lists.append([])
        elif token.type == "list_item_open":
            open_lists[-1].append(index)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            items = [(item, tokens[item]) for item in open_lists.pop()]
            if token.type == "ordered_list_close" and not counts_from_one([item.info for _, item in items]):
                numbers |= {item: f"{opening.info}{opening.markup} " for item, opening in items}
    return numbers


def counts_from_one(infos: Sequence[str]) -> bool:
    """Tell whether the numbers of a list are those that anybody would expect."""
    values = [int(info) for info in infos if info.isdecimal()]
    return not values or (
        values[0] in {0, 1} and values in (list(range(values[0], values[0] + len(values))), [values[0]] * len(values))
    )
