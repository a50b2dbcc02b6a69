"""Repeat what should never do harm, and count whether it did: kills, load under re-seeding, fuzzing, mutated files.

    uv run python -m tests.campaigns.reliability [MINUTES] [--only kills,load,fuzz,files] [--seed SEED]
        [--kills N] [--requests N] [--files N] [--postgresql]

The real command runs in real processes on this machine's loopback. The parts share the minutes (5 if none are given);
where a number is given, a part ends with it in place of the clock. All input is drawn from the seed, which is printed.
A full campaign takes about an hour on two free cores, half of it load, and nearer to one and a half beside other work:

    uv run python -m tests.campaigns.reliability 60 --kills 200 --requests 200000 --files 20000

It prints a table: how many answers or articles were lost, torn (of two revisions) or otherwise wrong, how many answers
had a status of 5xx (or what left a traceback), latencies, and the memory of the server's processes. The exit status is
1 if anything is counted there; the input and the logs are kept in a folder that is named then.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from secrets import randbelow, token_hex

from tests.campaigns import files, fuzz, kills, load
from tests.campaigns.harness import MARK, Campaign, stop_leftovers

PARTS = {"kills": kills, "load": load, "fuzz": fuzz, "files": files}
SHARES = {"kills": 3, "load": 6, "fuzz": 1, "files": 2}
"""How the parts share the time."""


def read_options(arguments):
    """Read the command line."""
    summary, _, rest = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaigns.reliability",
        description=summary,
        epilog=rest.partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("minutes", nargs="?", type=float, default=5, help="for all parts together (default: 5)")
    parser.add_argument("--only", type=read_parts, default=list(PARTS), help="some parts, separated by commas")
    parser.add_argument("--seed", type=int, default=randbelow(10**6), help="repeats the input of an earlier campaign")
    parser.add_argument("--kills", type=int, help="so many kills of seeding, and a fourth of each other kind")
    parser.add_argument("--requests", type=int, help="so many requests of the fuzzer")
    parser.add_argument("--files", type=int, help="so many mutated files")
    parser.add_argument("--postgresql", action="store_true", help="kills and load on PostgreSQL, too")
    return parser.parse_args(arguments)


def read_parts(names):
    """Read a list of parts."""
    parts = names.split(",")
    if unknown := set(parts) - set(PARTS):
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return parts


def main(arguments=None):
    """Run the campaign; return the exit status."""
    options = read_options(arguments)
    print(f"seed {options.seed}", flush=True)
    os.environ[MARK] = token_hex(8)
    campaign = Campaign(options.seed, Path(tempfile.mkdtemp(prefix="reliability-")))
    campaign.folder.chmod(0o755)
    began = time.monotonic()
    try:
        run_parts(campaign, options)
    finally:
        stop_leftovers()
        for path in campaign.folder.iterdir():
            if path != campaign.evidence:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not campaign.findings:
            campaign.folder.rmdir()
        print(campaign.table())
        print(f"{(time.monotonic() - began) / 60:.1f} minutes, seed {options.seed}")
    if campaign.findings:
        print(f"The evidence is in {campaign.evidence}.")
        return 1
    print("Nothing was lost, torn or wrong.")
    return 0


def run_parts(campaign, options):
    """Run the parts one after another; one that breaks off does not keep the others from running."""
    shares = sum(SHARES[part] for part in options.only)
    for part in options.only:
        seconds = options.minutes * 60 * SHARES[part] / shares
        whole = campaign.tally(f"{part} as a whole", "part")
        with campaign.watch(whole, log=campaign.folder / "server.log"):
            PARTS[part].run(campaign, options, seconds)
        for leftover in stop_leftovers():
            campaign.report(whole, "wrong", f"A process was left behind: {leftover}")
        if not whole.kinds:
            campaign.tallies.remove(whole)


if __name__ == "__main__":
    # Interrupted or ended from outside, it stops what it started.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda number, frame: sys.exit(128 + number))
    sys.exit(main())
