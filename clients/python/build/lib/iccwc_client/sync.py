"""iccwc-sync: a copy, in an SQLite file, of everything that an API key may see."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from iccwc_client.client import LONGEST_WAIT, Client
from iccwc_client.errors import Forbidden, NotAuthenticated, PortalError
from iccwc_client.mirror import Mirror
from iccwc_client.store import OtherSource, Store

# Seconds after which the short lists are compared again, even where no event told of them.
COMPARE_EVERY = 300
PAUSE_AFTER_A_FAILURE = 30


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    key = os.environ.get(asked.key_env, "")
    if not key:
        return _fail(f"There is no API key in the environment variable {asked.key_env}.")
    signal.signal(signal.SIGTERM, _stop)
    url = asked.url.rstrip("/")
    store = Store(asked.file)
    try:
        with Client(url, key) as portal:
            mirror = Mirror(portal, store, url)
            _say(mirror.catch_up())
            if asked.follow:
                _follow(mirror)
    except KeyboardInterrupt:
        return 0  # what was read is stored, and the next run goes on from there
    except (PortalError, OtherSource) as failure:
        return _fail(str(failure))
    finally:
        store.close()
    return 0


def _follow(mirror: Mirror) -> None:
    """For ever. A portal that is away is waited for; a key that has ended is not."""
    compared = time.monotonic()
    while True:
        due = time.monotonic() - compared > COMPARE_EVERY
        try:
            came = mirror.catch_up(0 if due else LONGEST_WAIT, whole_lists=due)
        except (NotAuthenticated, Forbidden):
            raise
        except PortalError as failure:
            sys.stderr.write(f"{failure}\n")
            time.sleep(PAUSE_AFTER_A_FAILURE)
            continue
        if due:
            compared = time.monotonic()
        if came:
            _say(came)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="iccwc-sync", description=__doc__)
    parser.add_argument("file", type=Path, help="the SQLite file; made when it is not there")
    parser.add_argument("--url", required=True, help="the address of the portal")
    parser.add_argument(
        "--key-env",
        default="ICCWC_API_KEY",
        help="the environment variable that holds the key (usually ICCWC_API_KEY)",
    )
    parser.add_argument("--follow", action="store_true", help="stay, and copy what comes")
    return parser


def _stop(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(came: int) -> None:
    sys.stdout.write(f"Up to date; events that came: {came}\n")
    sys.stdout.flush()


def _fail(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
