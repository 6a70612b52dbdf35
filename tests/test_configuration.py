"""Configuration files: what they say to the plugin, with the real flake8, and what the doctor says of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from running import Ran, apart, flake8

from flake8_scalability import configuration
from flake8_scalability.__main__ import main
from flake8_scalability.rule import all_rules

SERVICE = """\
import psycopg2


def total_of(order_id):
    return psycopg2.connect("dbname=shop")
"""
ALL = len(all_rules())
Doctor = Callable[..., "tuple[int, list[str]]"]


def run(folder: Path, *arguments: str) -> Ran:
    """Run flake8 in this process, unless there is the file whose reader changes flake8 for the rest of the process."""
    start = apart if (folder / configuration.PYPROJECT).exists() else flake8
    return start(*arguments, "service.py", folder=folder)


def codes(folder: Path) -> list[str]:
    ran = run(folder)
    assert ran.stderr == ""
    return sorted(line.split()[1] for line in ran.stdout.splitlines())


@pytest.fixture
def doctor(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """The doctor in the project: its exit status, and what it says below the lines on versions and files."""

    def examine(*arguments: str) -> tuple[int, list[str]]:
        monkeypatch.chdir(project)
        monkeypatch.setenv("HOME", str(project))
        status = main(["doctor", *arguments])
        said = capsys.readouterr()
        assert said.err == ""
        lines = said.out.splitlines()
        assert lines[0].endswith(f"{ALL} rules")
        return status, lines[2:]

    return examine


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "service.py").write_text(SERVICE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", [*configuration.FILES, configuration.PYPROJECT])
def test_each_file_configures_the_plugin(project: Path, name: str, doctor: Doctor) -> None:
    if name == configuration.PYPROJECT:
        text = '[tool.flake8]\nselect = ["SCL"]\nscl-min-severity = "critical"\n'
    else:
        text = "[flake8]\nselect = SCL\nscl-min-severity = critical\n"
    assert codes(project) != []
    (project / name).write_text(text, encoding="utf-8")
    found = codes(project)
    severities = {rule.code: rule.severity.name for rule in all_rules()}
    assert found != []
    assert {severities[code] for code in found} == {"CRITICAL"}
    assert doctor() == (0, ["every rule is in force"])


@pytest.mark.parametrize(
    "name, text",
    [
        ("setup.cfg", "[flake8]\nscl-min-severty = high\n"),
        (".flake8", "[flake8]\nscl_min_severty = high\n"),
        ("pyproject.toml", '[tool.flake8]\nscl-min-severty = "high"\n'),
    ],
)
def test_a_misspelt_key_is_refused(project: Path, name: str, text: str, doctor: Doctor) -> None:
    (project / name).write_text(text, encoding="utf-8")
    ran = run(project)
    key = "scl_min_severty" if "_" in text else "scl-min-severty"
    sentence = f"{name}:2: there is no option {key!r}; did you mean 'scl-min-severity'?"
    assert ran.returncode == 2
    assert sentence in ran.stderr
    assert doctor() == (1, [sentence])


def test_a_key_like_none_of_ours_gets_the_list_of_all(project: Path, doctor: Doctor) -> None:
    (project / "tox.ini").write_text("[testenv]\nscl = 1\n[flake8]\nscl = 1\n", encoding="utf-8")
    (sentence,) = doctor()[1]
    assert sentence.startswith("tox.ini:4: there is no option 'scl'; the options are scl-min-severity, ")


def test_other_sections_and_isolated_runs_are_left_alone(project: Path) -> None:
    (project / "setup.cfg").write_text("[flake8]\nscl-nothing = 1\n", encoding="utf-8")
    assert run(project, "--isolated").returncode == 1
    (project / "setup.cfg").write_text("[other]\nscl-nothing = 1\n", encoding="utf-8")
    assert run(project).returncode == 1


SILENCED = [
    (
        "[flake8]\nselect = E,F\n",
        "setup.cfg:2: select = E,F switches off every rule; name SCL there too, or write extend-select in its place",
    ),
    (
        "[flake8]\nmax-line-length = 99\nselect =\n    E\n    SCL1\n",
        "setup.cfg:3: select = E,SCL1 switches off {rest} rules; "
        "name SCL there too, or write extend-select in its place",
    ),
    (
        "[flake8]\nignore = S,W503\n",
        "setup.cfg:2: ignore = S,W503 switches off every rule; "
        "each word stands for every code that begins with it; name the codes that are meant",
    ),
    (
        "[flake8]\nextend_ignore =\n    SCL1\n",
        "setup.cfg:2: extend_ignore = SCL1 switches off {first} rules; "
        "each word stands for every code that begins with it; name the codes that are meant",
    ),
]


@pytest.mark.parametrize("text, sentence", SILENCED)
def test_what_silences_is_told(project: Path, text: str, sentence: str, doctor: Doctor) -> None:
    (project / "setup.cfg").write_text(text, encoding="utf-8")
    first = sum(rule.code.startswith("SCL1") for rule in all_rules())
    expected = sentence.format(rest=f"{ALL - first} of {ALL}", first=f"{first} of {ALL}")
    assert doctor() == (1, [expected])


@pytest.mark.parametrize(
    "text",
    [
        "[flake8]\nselect = E,SCL\n",
        "[flake8]\nextend-select = SCL\n",
        "[flake8]\nselect = E\nextend-select = SCL\n",
        "[flake8]\nignore = S\nselect = SCL\n",
        "[flake8]\nignore = E501,W\n",
        "[isort]\nselect = E\n",
    ],
)
def test_what_silences_nothing_is_not_told(project: Path, text: str, doctor: Doctor) -> None:
    (project / "setup.cfg").write_text(text, encoding="utf-8")
    assert doctor() == (0, ["every rule is in force"])


def test_options_are_handed_to_flake8(project: Path, doctor: Doctor) -> None:
    assert doctor("--select", "E") == (1, ["the options switch off every rule"])
    status, (sentence,) = doctor("--extend-ignore", "SCL701")
    assert status == 1
    assert sentence == f"the options switch off 1 of {ALL} rules: SCL701"
    (project / "own.cfg").write_text("[flake8]\nselect = E\n", encoding="utf-8")
    assert "own.cfg:2: select = E switches off every rule" in doctor("--config", "own.cfg")[1][0]
    assert "own.cfg:2: select = E switches off every rule" in doctor("--append-config", "own.cfg")[1][0]


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (["--nothing"], "unrecognized arguments: --nothing"),
        (["--config", "none.cfg"], "The specified config file does not exist: none.cfg"),
        (["--scl-workers", "none"], "'none' is not a whole number of at least 1"),
    ],
)
def test_options_that_flake8_refuses(project: Path, arguments: list[str], reason: str, doctor: Doctor) -> None:
    status, (sentence,) = doctor(*arguments)
    assert status == 1
    assert sentence.startswith("flake8 does not start with these options: ")
    assert reason in sentence


def test_a_word_that_flake8_refuses(project: Path, doctor: Doctor) -> None:
    (project / "setup.cfg").write_text("[flake8]\nignore = S  # security\n", encoding="utf-8")
    status, (sentence,) = doctor()
    assert status == 1
    assert sentence.startswith("flake8 does not start with these options: Error code '#'")


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "setup.cfg").write_text("[flake8]\nselect = E\n", encoding="utf-8")
    (tmp_path / "a" / "setup.cfg").write_text("[metadata]\nname = a\n", encoding="utf-8")
    assert configuration.found(inner) == [tmp_path / "setup.cfg"]
    (tmp_path / "a" / "tox.ini").write_text("[flake8]\nselect = F\n", encoding="utf-8")
    assert configuration.found(inner) == [tmp_path / "a" / "tox.ini"]


def test_the_search_ends_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "project"
    inner.mkdir()
    (tmp_path / "setup.cfg").write_text("[flake8]\nselect = E\n", encoding="utf-8")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert configuration.found(inner) == []
    assert configuration.found(tmp_path) == [tmp_path / "setup.cfg"]


def test_a_file_that_can_not_be_read_has_no_keys(tmp_path: Path) -> None:
    assert configuration.keys(tmp_path / "none.cfg") == []
