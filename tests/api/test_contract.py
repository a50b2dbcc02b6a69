"""The service keeps what its OpenAPI document promises, whatever Schemathesis asks, and wherever links lead."""

import os
import re
import subprocess
import sys
from pathlib import Path

from app.settings import Settings
from tests.conftest import SEEDS, seed_into
from tests.support.live import live

CONFIGURATION = Path(__file__).parent.parent / "support" / "schemathesis.toml"

EXAMPLES = os.environ.get("EXAMPLES", "1")
"""How many questions are drawn for each operation; 80 make some 5,000 cases."""


def test_every_response_is_documented(settings: Settings, tmp_path: Path) -> None:
    seed_into(settings, SEEDS)
    with live(settings) as address:
        ended = subprocess.run(
            [
                sys.executable,
                "-m",
                "schemathesis.cli",
                "--config-file",
                str(CONFIGURATION),
                "run",
                f"{address}/openapi.json",
                "--checks",
                "all",
                "--no-color",
                "--max-examples",
                EXAMPLES,
                "--generation-deterministic",
            ],
            cwd=tmp_path,
            env=os.environ | {"SCHEMATHESIS_HOOKS": "tests.support.contract", "PYTHONPATH": str(SEEDS.parent)},
            capture_output=True,
            text=True,
            check=False,
        )
    generated = re.search(r"([\d,]+) generated", ended.stdout)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert generated
    assert int(generated[1]) > 300
    print(generated[0])
