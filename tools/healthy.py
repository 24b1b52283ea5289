"""For a container's health check: python -m tools.healthy web|beat

`web` asks the web server beside it whether it is alive, `beat` asks the one called "web" whether
beat's last heartbeat came in time. Ends with 0 when it did.
"""

import json
import os
import sys
import urllib.error
import urllib.request


def answer(address: str) -> tuple[int, str]:
    # The portal answers to its own names only, and the inside of a container is none of them.
    host = os.environ["ALLOWED_HOSTS"].split(",")[0]
    asked = urllib.request.Request(address, headers={"Host": host})  # noqa: S310 - http, ours
    try:
        with urllib.request.urlopen(asked, timeout=5) as reply:  # noqa: S310
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def is_well(part: str) -> bool:
    if part == "web":
        return answer("http://127.0.0.1:8000/healthz")[0] == 200
    checks: dict[str, str] = json.loads(answer("http://web:8000/readyz")[1])["checks"]
    return checks[part] == "ok"


if __name__ == "__main__":
    sys.exit(0 if is_well(sys.argv[1]) else 1)
