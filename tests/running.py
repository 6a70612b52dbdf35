"""Running flake8 for a test: in this process, which costs little, or as a command, where that is what is tested."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from flake8 import utils
from flake8.main.cli import main


class Ran(NamedTuple):
    """What was printed, and the exit status."""

    stdout: str
    stderr: str
    returncode: int


def flake8(*arguments: str, folder: Path, text: str = "") -> Ran:
    """Run flake8 in this process, in a folder that is the home directory too."""
    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="") for data in (text.encode(), b"", b"")]
    before, here, home = (sys.argv, sys.stdin, sys.stdout, sys.stderr), Path.cwd(), os.environ.get("HOME")
    utils.stdin_get_value.cache_clear()
    try:
        os.chdir(folder)
        os.environ["HOME"] = str(folder)
        sys.argv, (sys.stdin, sys.stdout, sys.stderr) = ["flake8", *arguments], streams
        try:
            status = main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
        for stream in streams[1:]:
            stream.flush()
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = before
        os.chdir(here)
        del os.environ["HOME"]
        if home is not None:
            os.environ["HOME"] = home
    out, err = (stream.buffer.getvalue().decode() for stream in streams[1:])
    return Ran(out, err, status)


def python(*arguments: str, folder: Path, text: str = "") -> Ran:
    """Run this Python as a command, in a folder that is the home directory too."""
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        input=text,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "HOME": str(folder)},
        check=False,
    )
    return Ran(ran.stdout, ran.stderr, ran.returncode)


def apart(*arguments: str, folder: Path, text: str = "") -> Ran:
    """Run flake8 as a command, in a folder that is the home directory too."""
    return python("-m", "flake8", *arguments, folder=folder, text=text)
