"""Functions of the project: their text, who calls them at the start, and settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_scalability.project import definitions, environment, starts

JOBS = """\
from .work import run_all
import os

def first():
    return os.getpid()

@scheduled(
    every=5,
)
@single
async def sweep(limit):
    # clean(up)
    run_all(
        limit,
    )

class Jobs:
    x = 1

    @locked
    def purge(self):
        self.helper()
        return 1

    def helper(self):
        return lock()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "setup.py").write_text("")
    app = tmp_path / "app"
    (app / "pack").mkdir(parents=True)
    (app / "__init__.py").write_text("")
    (app / "jobs.py").write_text(JOBS)
    (app / "work.py").write_text("def run_all(limit):\n    return limit\n")
    (app / "pack" / "__init__.py").write_text("def tidy():\n    return 1\n")
    (app / "main.py").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "path, first, last",
    [
        (".jobs.sweep", "@scheduled(", "    )"),
        ("app.jobs.sweep", "@scheduled(", "    )"),
        ("app.jobs.Jobs.purge", "    @locked", "        return 1"),
        ("app.pack.tidy", "def tidy():", "    return 1"),
        ("app.jobs.first", "def first():", "    return os.getpid()"),
    ],
)
def test_texts(project: Path, path: str, first: str, last: str) -> None:
    lines = definitions.text_of(path, str(project / "app" / "main.py")).rstrip().splitlines()
    assert (lines[0], lines[-1]) == (first, last)


@pytest.mark.parametrize("path", ["app.jobs.none", "celery.shared_task", "sweep", ""])
def test_no_text(project: Path, path: str) -> None:
    assert definitions.text_of(path, str(project / "app" / "main.py")) == ""


def test_without_a_project_there_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert definitions.text_of("app.jobs.sweep", str(tmp_path / "main.py")) == ""


@pytest.mark.parametrize(
    "path, called",
    [
        ("app.jobs.sweep", "def run_all"),
        ("app.jobs.Jobs.purge", "    def helper"),
        ("app.jobs.Jobs.helper", ""),
        ("app.jobs.first", ""),
    ],
)
def test_first_called(project: Path, path: str, called: str) -> None:
    caller = definitions.find(path, str(project / "app" / "main.py"))
    assert caller is not None
    text = next((each.text for each in definitions.called(caller)), "")
    assert text.startswith(called)
    assert bool(text) is bool(called)


STARTS = [
    ("in a factory's module", "from app.jobs import sweep\napp = Flask(__name__)\nsweep()\n", True),
    ("under a hook", "from app.jobs import sweep\n@app.on_event('startup')\ndef go():\n    sweep()\n", True),
    ("in a function of the start", "from app.jobs import sweep\ndef create_app():\n    sweep()\n", True),
    ("in another function", "from app.jobs import sweep\ndef go():\n    sweep()\n", False),
    (
        "under a guard",
        "from app.jobs import sweep\napp = Flask(__name__)\nif __name__ == '__main__':\n    sweep()\n",
        False,
    ),
    ("in a command", "import click\nfrom app.jobs import sweep\napp = Flask(__name__)\nsweep()\n", False),
    ("in a comment", "from app.jobs import sweep\napp = Flask(__name__)\n# sweep()\n", False),
    ("at the level of a module without application", "from app.jobs import sweep\nsweep()\n", False),
    ("not called", "from app.jobs import sweep\napp = Flask(__name__)\n", False),
    ("another's", "from other import sweep\napp = Flask(__name__)\n", False),
    (
        "inside of a block",
        "from app.jobs import sweep\napp = Flask(__name__)\nwith app.app_context():\n\n    sweep()\n",
        True,
    ),
]


@pytest.mark.parametrize("text, expected", [case[1:] for case in STARTS], ids=[case[0] for case in STARTS])
def test_called_at_start(project: Path, text: str, expected: bool) -> None:
    (project / "app" / "main.py").write_text(text)
    assert starts.called_at_start("sweep", str(project / "app" / "jobs.py")) is expected


def test_tests_start_nothing(project: Path) -> None:
    (project / "tests").mkdir()
    for name in ("tests/app.py", "app/test_main.py"):
        (project / name).write_text("from app.jobs import sweep\napp = Flask(__name__)\nsweep()\n")
    assert not starts.called_at_start("sweep", str(project / "app" / "jobs.py"))


def test_without_a_project_nothing_is_called(tmp_path: Path) -> None:
    assert not starts.called_at_start("sweep", str(tmp_path / "jobs.py"))


@pytest.mark.parametrize(
    "files, replaced",
    [
        ({"base.py": "", "production.py": "HOST = 'a'"}, True),
        ({"base.py": "", "production.py": "OTHER = 'a'"}, False),
        ({"base.py": ""}, True),
        ({"shop.py": ""}, False),
        ({"prod.py": ""}, False),
    ],
)
def test_settings_that_production_replaces(tmp_path: Path, files: dict[str, str], replaced: bool) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert environment.replaces("HOST", str(tmp_path / next(iter(files)))) is replaced


def test_standard_input_is_not_replaced() -> None:
    assert not environment.replaces("HOST", "-")
    assert not environment.sets_elsewhere("HOST", "-")


@pytest.mark.parametrize(
    "name, text, sets",
    [
        ("live.py", "HOST = 'a'\n", True),
        ("live.py", "HOST: str = 'a'\n", True),
        ("live.py", "if HOST == 'a':\n    pass\n", False),
        ("local.py", "HOST = 'a'\n", False),
        ("live.txt", "HOST = 'a'\n", False),
    ],
)
def test_settings_of_a_sibling(tmp_path: Path, name: str, text: str, sets: bool) -> None:
    (tmp_path / name).write_text(text)
    assert environment.sets_elsewhere("HOST", str(tmp_path / "base.py")) is sets


@pytest.mark.parametrize(
    "text, read",
    [
        ("HOST = os.environ['HOST']\n", True),
        ("HOST = env('HOST', default='a')\n", True),
        ("app.config.from_envvar('SETTINGS')\n", True),
        ("HOST = 'a'\n", False),
    ],
)
def test_settings_from_the_environment(project: Path, text: str, read: bool) -> None:
    (project / "app" / "settings.py").write_text(text)
    assert environment.reads("HOST", str(project / "app" / "main.py")) is read


def test_without_a_project_nothing_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not environment.reads("HOST", str(tmp_path / "main.py"))
