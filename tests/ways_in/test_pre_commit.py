"""The real pre-commit: our hooks on a scratch repository, and our package beside flake8's own hook."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pre_commit", reason="the environment ways-in has it")

ROOT = Path(__file__).resolve().parents[2]
#: What a wheel of the package is built from.
SOURCES = ("flake8_scalability", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
#: What stands in the README for the place of this repository.
ANY_PATH = "/path/to/flake8-scalability"
BAD = 'import psycopg2\n\n\ndef total_of(order_id):\n    return psycopg2.connect("dbname=shop", connect_timeout=3)\n'
GOOD = (
    "import psycopg2.pool\n\n"
    'POOL = psycopg2.pool.ThreadedConnectionPool(1, 9, "dbname=shop", connect_timeout=3)\n\n\n'
    "def total_of(order_id):\n    with POOL.getconn() as connection:\n        return connection.cursor()\n"
)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    names = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    # git sets such variables for its hooks; they would lead into another repository.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        arguments,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={**kept, **dict.fromkeys(names, "a@example.com"), "PRE_COMMIT_HOME": str(folder.parent / "environments")},
        check=False,
    )


def done(ran: subprocess.CompletedProcess[str]) -> str:
    assert ran.returncode == 0, ran.stdout
    return ran.stdout.strip()


def repository(folder: Path) -> str:
    """Commit all files of a folder and return the commit."""
    done(run(folder, "git", "init", "--quiet"))
    done(run(folder, "git", "add", "--all"))
    done(run(folder, "git", "commit", "--quiet", "--message", "first"))
    return done(run(folder, "git", "rev-parse", "HEAD"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the hooks' repository in it; the environments that pre-commit makes are shared by the tests."""
    folder = tmp_path_factory.mktemp("hooks")
    hooks = folder / "flake8-scalability"
    hooks.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, hooks / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, hooks)
    repository(hooks)
    return folder


@pytest.fixture
def scratch(place: Path, request: pytest.FixtureRequest) -> Path:
    """A repository of its own for each test, with one service in it."""
    folder = place / request.node.name
    folder.mkdir()
    (folder / "README").write_text("a service\n", encoding="utf-8")
    repository(folder)
    (folder / "service.py").write_text(BAD, encoding="utf-8")
    return folder


def configuration(word: str) -> str:
    """Return the README's block of YAML that contains a word."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (found,) = (text for text in re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL) if word in text)
    return str(found)


def pre_commit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, "-m", "pre_commit", *arguments)


def test_try_repo_lints(place: Path, scratch: Path) -> None:
    done(run(scratch, "git", "add", "service.py"))
    ran = pre_commit(
        scratch, "try-repo", str(place / "flake8-scalability"), "flake8-scalability", "--files", "service.py"
    )
    assert ran.returncode == 1, ran.stdout
    assert "service.py:5:" in ran.stdout
    assert "SCL101 [CRITICAL]" in ran.stdout


def test_the_report_is_printed_and_refuses_nothing(place: Path, scratch: Path) -> None:
    done(run(scratch, "git", "add", "service.py"))
    text = done(
        pre_commit(scratch, "try-repo", str(place / "flake8-scalability"), "flake8-scalability-report", "--all-files")
    )
    assert "## Scalability Analysis:" in text
    assert "- **service.py:5**:" in text
    assert "### Scaling Checklist" in text


def test_a_commit_is_refused_and_accepted_when_it_is_mended(place: Path, scratch: Path) -> None:
    """As the README says, whose second hook prints the report on the way."""
    hooks = place / "flake8-scalability"
    commit = done(run(hooks, "git", "rev-parse", "HEAD"))
    text = configuration("flake8-scalability-report").replace("v0.1.0", commit)
    (scratch / ".pre-commit-config.yaml").write_text(text.replace(ANY_PATH, str(hooks)), encoding="utf-8")
    done(pre_commit(scratch, "install"))
    done(run(scratch, "git", "add", "--all"))
    refused = run(scratch, "git", "commit", "--message", "the service")
    assert refused.returncode == 1, refused.stdout
    assert "SCL101" in refused.stdout
    assert "### Scaling Checklist" in refused.stdout
    assert done(run(scratch, "git", "log", "--format=%s")) == "first"
    (scratch / "service.py").write_text(GOOD, encoding="utf-8")
    done(run(scratch, "git", "add", "--all"))
    done(run(scratch, "git", "commit", "--message", "the service"))
    assert done(run(scratch, "git", "log", "--format=%s")) == "the service\nfirst"


def test_beside_the_hook_of_flake8(place: Path, scratch: Path) -> None:
    """flake8's own hook installs flake8 and runs it; this one's repository is as that, but on this machine.

    Its file of hooks says the same as that of 7.3.0, and the README's configuration is the one that is tried.
    """
    own = place / "flake8"
    own.mkdir()
    (own / ".pre-commit-hooks.yaml").write_text(
        "- id: flake8\n  name: flake8\n  entry: flake8\n  language: python\n  types: [python]\n"
        "  require_serial: true\n",
        encoding="utf-8",
    )
    (own / "setup.py").write_text(
        "from setuptools import setup\n\nsetup(name='hook-of-flake8', version='1', install_requires=['flake8'])\n",
        encoding="utf-8",
    )
    commit = repository(own)
    text = configuration("additional_dependencies").replace("https://github.com/PyCQA/flake8", str(own))
    text = text.replace("7.3.0", commit).replace(ANY_PATH, str(place / "flake8-scalability"))
    (scratch / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")
    done(run(scratch, "git", "add", "--all"))
    ran = pre_commit(scratch, "run", "--files", "service.py")
    assert ran.returncode == 1, ran.stdout
    assert "SCL101 [CRITICAL]" in ran.stdout
