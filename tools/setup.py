"""Makes .venv and installs the locked packages into it: python3 tools/setup.py base|dev

Needs nothing but Python, and parses on old ones too, so that they get a sentence and no traceback.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from typing import NoReturn

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)


def stop(sentence: str) -> NoReturn:
    """End with one sentence on the error output."""
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def check_python(version: "tuple[int, ...] | None" = None) -> None:
    found = tuple(version or sys.version_info)[:3]
    if found[:2] < OLDEST:
        stop(
            f"The portal needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is Python "
            f"{'.'.join(str(part) for part in found)} ({sys.executable}). "
            "Name a newer one: make run PYTHON=python3.12"
        )


def check_venv_module() -> None:
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        stop(
            f"This Python has no {missing[0]} module, so no virtual environment can be made; "
            "on Debian and Ubuntu install it with: apt install python3-venv"
        )


def make_venv() -> None:
    """Make .venv unless it is there and its Python still runs."""
    if os.path.exists(PYTHON) and subprocess.call([PYTHON, "-c", "import pip"]) == 0:
        return
    check_venv_module()
    say("Making the virtual environment .venv ...")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV])
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        stop("The virtual environment .venv could not be made; the reason is given above.")


def install(lock: str) -> None:
    """Install requirements/<lock>.txt, unless this very lock was installed before."""
    path = os.path.join(ROOT, "requirements", lock + ".txt")
    with open(path, "rb") as file:
        wanted = hashlib.sha256(file.read()).hexdigest()
    stamp = os.path.join(VENV, "installed-" + lock)
    if _read(stamp) == wanted:
        return
    say(f"Installing the packages of requirements/{lock}.txt ...")
    started = time.time()
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--require-hashes", "--only-binary", ":all:", "-r", path]
    if subprocess.run(command).returncode:
        stop("The packages could not be installed; the reason is given above.")
    with open(stamp, "w") as file:
        file.write(wanted)
    say(f"Installed in {time.time() - started:.0f} seconds.")


def _read(path: str) -> str:
    try:
        with open(path) as file:
            return file.read()
    except FileNotFoundError:
        return ""


def set_up(*locks: str) -> None:
    check_python()
    make_venv()
    for lock in locks:
        install(lock)


if __name__ == "__main__":
    set_up(*sys.argv[1:])
