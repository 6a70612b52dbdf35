"""Modules that nobody runs: old copies, and those that a package of the same name shadows."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_scalability.model.running.toolpaths import PathSays, says
from flake8_scalability.project import leftovers


def project(folder: Path, files: dict[str, str]) -> None:
    (folder / ".git").mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize(
    "name", ["backup", "new_backup", "app_backup", "old_app", "app_old", "app_copy", "copy_of_app"]
)
def test_copies(tmp_path: Path, name: str) -> None:
    project(tmp_path, {"run.py": "import app", f"{name}.py": "app.run()"})
    assert leftovers.is_left_over(str(tmp_path / f"{name}.py"))
    assert says(str(tmp_path / f"{name}.py")) is PathSays.TOOL


@pytest.mark.parametrize(
    "name", ["app", "backups", "backup_service", "copy_trades", "holder", "bold_text", "threshold"]
)
def test_names_of_no_copies(tmp_path: Path, name: str) -> None:
    project(tmp_path, {"run.py": "import app", f"{name}.py": "app.run()"})
    assert not leftovers.is_left_over(str(tmp_path / f"{name}.py"))


@pytest.mark.parametrize(
    "files",
    [
        {"run.py": "from shop import backup"},
        {"run.py": "INSTALLED = ['shop.backup']"},
        {"run.py": "import app", "Procfile": "web: python backup.py"},
        {"run.py": "for each in pkgutil.iter_modules(['.']): pass"},
        {},
    ],
)
def test_named_or_alone(tmp_path: Path, files: dict[str, str]) -> None:
    project(tmp_path, {"backup.py": "app.run()", **files})
    assert not leftovers.is_left_over(str(tmp_path / "backup.py"))


def test_comment_names_nothing(tmp_path: Path) -> None:
    files = {"backup.py": "app.run()", "run.py": "import app  # was in backup", "Procfile": "# python backup.py"}
    project(tmp_path, files)
    assert leftovers.is_left_over(str(tmp_path / "backup.py"))


def test_outside_of_a_project_everything_is_named() -> None:
    assert leftovers.is_named("/nowhere/at/all/backup.py")


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        (True, {"app/__init__.py": "", "app.py": "x = 1"}),
        (True, {"app/__init__.py": "", "app.py": 'if __name__ == "__main__":\n    run()', "Procfile": "web: run"}),
        (False, {"app/__init__.py": "", "app.py": 'if __name__ == "__main__":\n    run()'}),
        (False, {"app/__init__.py": "", "app.py": "x = 1", "Dockerfile": "CMD python app.py"}),
        (False, {"app/other.py": "", "app.py": "x = 1"}),
        (False, {"app.py": "x = 1"}),
    ],
)
def test_shadowed(tmp_path: Path, expected: bool, files: dict[str, str]) -> None:
    project(tmp_path, files)
    assert leftovers.is_left_over(str(tmp_path / "app.py")) is expected


@pytest.mark.parametrize(
    ("files", "copied"),
    [
        ({}, True),
        ({"services/Dockerfile": "FROM python"}, False),
        ({"services/api/requirements.txt": "fastapi"}, False),
        ({"Dockerfile": "COPY services/api /srv"}, False),
        ({"services/api/app/main.py": None}, False),
        ({"app/main.py": None}, False),
    ],
)
def test_a_copy_of_the_application_below_it(tmp_path: Path, files: dict[str, str | None], copied: bool) -> None:
    both = {"requirements.txt": "fastapi", "app/main.py": "app = 1", "services/api/app/main.py": "app = 1"}
    every = {**both, "services/api/app/orders.py": "x = 1", **files}
    project(tmp_path, {name: text for name, text in every.items() if text is not None})
    assert leftovers.is_left_over(str(tmp_path / "services/api/app/orders.py")) is copied
    assert not leftovers.is_left_over(str(tmp_path / "app/orders.py"))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"tests/test_settings.py": "from shop.settings_box import *"}, True),
        ({"tests/test_settings.py": "from shop.settings_box import *", "manage.py": "use('shop.settings_box')"}, False),
        ({"tests/test_settings.py": "from shop.settings_box import *", "Dockerfile": "ENV S=shop.settings_box"}, False),
        ({"tests/test_settings.py": "import shop"}, False),
    ],
)
def test_a_module_for_tests_alone(tmp_path: Path, files: dict[str, str], expected: bool) -> None:
    project(tmp_path, {"shop/settings_box.py": "BROKER_URL = 'amqp://box'", **files})
    assert leftovers.is_for_tests_alone(str(tmp_path / "shop/settings_box.py")) is expected
