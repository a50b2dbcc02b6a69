"""How articles and paragraphs are listed and read: their order, and what is shown of them."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from app.api.errors import invalid_params
from app.api.highlighting import Highlight
from app.api.params import ListParams, NoParams
from app.models import Role
from app.schemas import OffsetUnit
from app.search.highlighter import Highlighter
from app.search.query_parser import Match, QueryError

Sort = Literal["-published", "published", "title", "relevance"]


class DocumentListParams(ListParams):
    """Which articles or paragraphs to list, and how."""

    sort: Sort | None = None
    """`-published` (the default), `published`, `title`, or `relevance` (the default with `q`; the
    newest first of equals). Undated ones come last; ties end in the id."""
    highlight: Highlight | None = None
    """Where `q` was found: `offsets` in the same coordinates as the mentions, or `markup`, HTML with `<mark>`.
    Articles show an `extract` around the best of it."""
    offset_unit: OffsetUnit = "codepoint"
    """What offsets count."""

    @property
    def whole(self) -> bool:
        """Return whether whole articles are asked for."""
        return False

    @property
    def order(self) -> Sort:
        """The order that holds. Raises `Problem` for relevance to nothing."""
        if self.sort == "relevance" and self.q is None:
            raise invalid_params([{"parameter": "sort", "message": "`sort` can be 'relevance' only with `q`."}])
        return self.sort or ("-published" if self.q is None else "relevance")

    @property
    def highlighter(self) -> Highlighter | None:
        """What finds `q` in texts, where that is asked for. Raises `Problem` where there is no `q`."""
        if self.highlight is None:
            return None
        if self.q is None:
            raise invalid_params([{"parameter": "highlight", "message": "`highlight` needs `q`, the words to find."}])
        return Highlighter.of(self.q, self.match, self.q_in)


class ReadParams(NoParams):
    """How one article or paragraph is shown."""

    q: Annotated[str, StringConstraints(min_length=1)] | None = None
    """Words to find in it, in the grammar of lists."""
    match: Match = "all"
    """`any`: AND, OR and NOT are words."""
    q_in: tuple[Role, ...] = ()
    """Look for `q` only in paragraphs of these roles. Without it: in all but credits."""
    highlight: Highlight = "offsets"
    """How to show where `q` was found: `offsets` in the same coordinates as the mentions, or `markup`."""
    offset_unit: OffsetUnit = "codepoint"
    """What offsets count."""

    @property
    def highlighter(self) -> Highlighter | None:
        """What finds `q` in texts. Raises `Problem` where it can't be searched."""
        try:
            return None if self.q is None else Highlighter.of(self.q, self.match, self.q_in)
        except QueryError as error:
            raise invalid_params([{"parameter": "q", "message": f"`q` {error}."}]) from None
