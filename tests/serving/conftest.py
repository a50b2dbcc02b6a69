"""Fixtures of tests over real servers."""

import pytest

from tests.support.servers import serving


@pytest.fixture
def serve(tmp_path, variables):
    """Serve the corpus of the settings in a process of its own, with more arguments and variables."""
    return lambda *arguments, **more: serving(tmp_path / "server.log", *arguments, **variables | more)
