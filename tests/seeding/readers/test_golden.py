"""Files in the shapes of real producers are read as the golden documents beside them say."""

import pytest

from tests.support.golden import GOLDEN, KINDS, describe_folder


@pytest.mark.parametrize("kind", KINDS)
def test_fixtures_are_read_as_their_golden_documents(kind):
    golden = (GOLDEN / f"{kind}.json").read_text(encoding="utf-8")

    assert describe_folder(kind) == golden, "`python -m tests.support.golden` writes it anew"
