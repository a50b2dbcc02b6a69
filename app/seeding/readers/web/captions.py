"""Captions of web pages: put captions and credits, which extraction leaves out, where their pictures stand."""

from collections.abc import Sequence

from app.seeding.readers.texts.article_header import Block

CAPTION_ROLES = {"caption", "credit"}
FARTHEST = 8
"""Blocks between the first picture and the first paragraph, such as byline and date."""


def add_captions(blocks: Sequence[Block], source_blocks: Sequence[Block]) -> list[Block]:
    """Return the extracted blocks, with the captions that stand among them in the source.

    A caption belongs to the article if it stands between two blocks of it, or shortly before the first. A paragraph
    whose text is a caption in the source becomes one.
    """
    captions = {squeeze(block): block.role for block in source_blocks if block.role in CAPTION_ROLES}
    positions: dict[str, int] = {}
    for position, block in enumerate(source_blocks):
        positions.setdefault(squeeze(block), position)
    kept = [block._replace(role=captions.get(squeeze(block), block.role)) for block in blocks]
    places = [positions.get(squeeze(block)) for block in kept]
    known = [place for place in places if place is not None]
    if not known:
        return kept
    present = {squeeze(block) for block in kept}
    missing = [
        (position, block)
        for position, block in enumerate(source_blocks)
        if block.role in CAPTION_ROLES
        and min(known) - FARTHEST <= position <= max(known)
        and squeeze(block) not in present
    ]
    merged: list[Block] = []
    for block, place in zip(kept, places, strict=True):
        while missing and place is not None and missing[0][0] < place:
            merged.append(missing.pop(0)[1])
        merged.append(block)
    return [*merged, *(block for _, block in missing)]


def squeeze(block: Block) -> str:
    """Return the text of a block without white space, for comparison."""
    return "".join(block.text.split())
