"""Settings for production: module and class level, `app.config`, and nothing for development."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.stateless import configuration
from flake8_scalability.options import Settings
from flake8_scalability.project import environment

NAMES = frozenset({"A"})


def _found(source: str, path: str = "settings.py") -> list[tuple[str, bool]]:
    return [(each.name, each.conditional) for each in configuration.settings(model(source, path), NAMES)]


@pytest.mark.parametrize(
    "source",
    [
        "A = 1",
        "A: int = 1",
        "class Config:\n    A = 1",
        "app.config['A'] = 1",
        "app.config.update(A=1)",
        "app.config.from_mapping({'A': 1})",
        "def create_app(app):\n    app.config['A'] = 1",
        "settings.A = 1",
    ],
)
def test_settings(source: str) -> None:
    assert _found(source) == [("A", False)]


def test_a_condition_is_told() -> None:
    assert _found("if X:\n    A = 1") == [("A", True)]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("A = 1", "settings/dev.py"),
        ("A = 1", "settings_local.py"),
        ("A = 1", "local/settings.py"),
        ("A = 1", "tests/settings.py"),
        ("class TestConfig:\n    A = 1", "settings.py"),
        ("class DevelopmentConfig:\n    A = 1", "settings.py"),
        ("if DEBUG:\n    A = 1", "settings.py"),
        ("if ENV == 'development':\n    A = 1", "settings.py"),
        ("from .base import *\nDEBUG = True\nA = 1", "settings.py"),
        ("def f():\n    A = 1", "settings.py"),
        ("other['A'] = 1", "settings.py"),
        ("B = {'A': 1}", "settings.py"),
    ],
)
def test_other_things(source: str, path: str) -> None:
    assert not _found(source, path)


@pytest.mark.parametrize(("value", "outside"), [
    ("os.environ.get('A', 1)", True), ("env('A')", True), ("config('A', default=1)", True), ("BASE / 'a'", False),
])  # fmt: skip
def test_what_the_environment_gives(value: str, outside: bool) -> None:
    (setting,) = configuration.settings(model(f"A = {value}", "settings.py"), NAMES)
    assert configuration.is_environment(setting.value) is outside


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("from local_settings import *", True),
        ("try:\n    from local_settings import *\nexcept ImportError:\n    pass", True),
        ("update_settings_with_file(__name__, 'local')", True),
        ("globals().update(read('local.yml'))", True),
        ("include(optional('local.py'))", True),
        ("exec(open('local.py').read())", True),
        ("from local_settings import B", False),
        ("read_environment(__name__, 'SHOP_')", True),
        ("for key, value in environ.items():\n    globals()[key] = value", True),
        ("print(globals()['B'])", False),
        ("logger = getLogger(__name__)", False),
        ("OPTIONS.update(timeout=3)", False),
        ("check_settings()", False),
    ],
)
def test_what_is_laid_over_a_setting(below: str, expected: bool) -> None:
    source = model("A = 1\n" + below, "settings.py")
    (setting,) = configuration.settings(source, NAMES)
    assert configuration.is_overlaid(setting.anchor, "A", source) is expected


def test_what_stands_above_is_no_overlay() -> None:
    source = model("from .base import *\nA = 1", "settings.py")
    (setting,) = configuration.settings(source, NAMES)
    assert not configuration.is_overlaid(setting.anchor, "A", source)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ({"app.py": "app.config.from_object('settings')\napp.config.from_envvar('CONFIG')"}, True),
        ({"app.py": "app.config.from_object('settings')"}, False),
        ({"app.py": "app.config.from_envvar('CONFIG')"}, False),
        ({"live.py": "from shop.settings import *\nvars().update(load(FILE))"}, True),
        ({"live.py": "from shop.settings import B\nvars().update(load(FILE))"}, False),
        ({"more.py": "A = 2"}, True),
        ({"more.py": "B = 2"}, False),
        ({"production.py": "A = 2"}, True),
        ({"production.py": "B = 2"}, False),
        ({"pyproject.toml": "", "settings.py": "A = 1\nINSTALLED_APPS = []"}, True),
        ({"pyproject.toml": "", "settings.py": "A = 1\nINSTALLED_APPS = []", "tests/manage.py": ""}, True),
        ({"pyproject.toml": "", "settings.py": "A = 1\nINSTALLED_APPS = []", "manage.py": ""}, False),
        ({"pyproject.toml": ""}, False),
        ({}, False),
    ],
)
def test_what_the_project_lays_over_a_setting(tmp_path: Path, others: dict[str, str], expected: bool) -> None:
    for name, text in {"requirements.txt": "", "settings.py": "A = 1", **others}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    text = "A = 1\nfrom .more import *" if "more.py" in others else "A = 1"
    source = model(text, str(tmp_path / "settings.py"), Settings())
    (setting,) = configuration.settings(source, NAMES)
    assert configuration.is_overlaid(setting.anchor, "A", source) is expected


def test_nothing_is_laid_over_settings_outside_of_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not environment.is_overlaid(str(tmp_path / "settings.py"))
    assert environment.text_beside("", str(tmp_path / "settings.py")) == ""


@pytest.mark.parametrize(
    ("package", "overlaid"),
    [
        ("from .all import *\nload_environment(globals())\n", True),
        ("from .all import *\nsort_names(globals())\n", False),
        ("from .all import *\n# load_environment(globals())\n", False),
    ],
)
def test_a_package_reads_the_environment_over_its_settings(tmp_path: Path, package: str, overlaid: bool) -> None:
    (tmp_path / "setup.py").touch()
    folder = tmp_path / "shop/settings/parts"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text(package, encoding="utf-8")
    (folder / "all.py").write_text("A = 1\n", encoding="utf-8")
    assert environment.is_overlaid(str(folder / "all.py")) is overlaid
