"""What a run found, as the reports take it: results in order, the files, and which codes were in force."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.options import Settings
from flake8_scalability.rule import Rule, all_rules

#: What says that a file, or one rule in it, was not analysed.
FAILURES = frozenset({"E902", "E999", "SCL000"})
_HEAD = re.compile(r"\[[A-Z]+\] ")
_QUOTED = re.compile(r"`([^`]+)`")
_CALLED = re.compile(r"[^\s('\"]\S*\(\)")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_NAMES = ("{name} ", "{callee} ", "{function} ")
_LIKE_A_NAME = re.compile(r"[^\s,;:]*[._=\[A-Z][^\s,;:]*")


class Result(NamedTuple):
    """A finding as flake8 hands it out, its path as it is shown; `source` is its line, "" where it is not known."""

    path: str
    line: int
    column: int
    code: str
    text: str
    source: str = ""

    @property
    def message(self) -> str:
        """The text without the severity in front."""
        return _HEAD.sub("", self.text, count=1)

    @property
    def subject(self) -> str:
        """The thing that the message is about: a name in backticks, else what is called; "" where there is none."""
        for pattern, group in ((_QUOTED, 1), (_CALLED, 0)):
            found = pattern.search(self.message)
            if found:
                return found.group(group)
        first = self.message.partition(" ")[0]
        if _LIKE_A_NAME.fullmatch(first) or _begins_with_a_name(self.code):
            return first
        dotted = _DOTTED.search(self.message)
        return dotted[0] if dotted else ""


class Run(NamedTuple):
    """A whole run.

    `results` are sorted; `files` are the paths of all files that were looked at, clean ones too, `tools` of those that
    were not, being tests or tools by their path; `in_force` holds the codes that the user's selection lets through;
    `single_instance` names the files that declare themselves so.
    """

    title: str
    results: Sequence[Result]
    files: Sequence[str]
    in_force: frozenset[str]
    settings: Settings
    single_instance: Sequence[str] = ()
    tools: Sequence[str] = ()

    @property
    def failures(self) -> list[Result]:
        """The results that say that something was not analysed."""
        return [result for result in self.results if result.code in FAILURES]

    @property
    def findings(self) -> list[tuple[type[Rule], Result]]:
        """The findings of our rules, each with its rule."""
        return [(rules()[result.code], result) for result in self.results if result.code in rules()]

    @property
    def others(self) -> list[Result]:
        """What other plugins found."""
        return [result for result in self.results if result.code not in rules() and result.code not in FAILURES]


@lru_cache(maxsize=1)
def rules() -> dict[str, type[Rule]]:
    """Return all rules by their code."""
    return {rule.code: rule for rule in all_rules()}


def _begins_with_a_name(code: str) -> bool:
    rule = rules().get(code)
    return rule is not None and rule.message.startswith(_NAMES) and rule.short.startswith(_NAMES)


def shown_path(path: str, folder: str) -> str:
    """Return a path as the report shows it: relative to the folder of the run, with slashes, never absolute."""
    relative = os.path.normpath(path) if path else "stdin"
    if os.path.isabs(relative):
        try:
            relative = os.path.relpath(relative, folder)
        except ValueError:  # another drive
            relative = os.path.basename(relative)
    return relative.replace(os.sep, "/")


def title_of(files: Sequence[str], folder: str) -> str:
    """Return the heading's subject: the one file, the folder that all files have in common, else the project's name."""
    if len(files) == 1:
        return files[0]
    common = posixpath.commonpath([posixpath.dirname(path) for path in files]) if files else ""
    return common + "/" if set(common.split("/")) - {"", ".."} else _project_name(Path(folder))


def _project_name(folder: Path) -> str:
    """Return the name that the project gives itself, else that of its folder."""
    for manifest, section in (
        ("pyproject.toml", "project"),
        ("pyproject.toml", "tool.poetry"),
        ("setup.cfg", "metadata"),
    ):
        try:
            text = (folder / manifest).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        found = re.search(
            rf"^\[{re.escape(section)}\][ \t]*$(?:\n(?!\[).*)*?\nname[ \t]*=[ \t]*[\"']?([\w.-]+)", text, re.MULTILINE
        )
        if found:
            return found[1]
    return folder.name or "project"


def codes_of(prefixes: Iterable[str]) -> frozenset[str]:
    """Return the codes of all rules that begin with one of the prefixes."""
    return frozenset(code for code in rules() if code.startswith(tuple(prefixes)))
