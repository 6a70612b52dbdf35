"""Settings for production: module and class level, `app.config`, and nothing for development."""

import pytest
from support import model

from flake8_scalability.model.stateless import configuration

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
