"""From a parsed file to its findings: the rules run over one model of it, each guarded from the others."""

from __future__ import annotations

import ast
import gc
import traceback
import weakref
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from flake8_scalability.model.running.apart import runs_apart
from flake8_scalability.model.running.reached import is_reached
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings, Severity
from flake8_scalability.rule import Finding, Rule, all_rules

INTERNAL_ERROR = "SCL000"


class Report(NamedTuple):
    """A finding as flake8 takes it: line from 1, column in characters from 0, the whole message."""

    line: int
    column: int
    text: str


class _Slot:
    """The one file analysed last.  flake8 hands the same tree to all checkers of a file before the next file.

    The tree is not kept alive: it is large, and nobody needs it when its file is done.
    """

    tree: weakref.ref[ast.Module] | None = None
    settings: Settings | None = None
    reports: tuple[Report, ...] = ()


def reports_for(tree: ast.Module, filename: str, lines: Sequence[str], settings: Settings) -> tuple[Report, ...]:
    """Return the findings in one file, sorted and without duplicates, analysing it only where it is a new one."""
    last = _Slot.tree() if _Slot.tree is not None else None
    if last is not tree or (_Slot.settings is not settings and _Slot.settings != settings):
        _Slot.reports = _uncollected(tree, filename, lines, settings)
        _Slot.tree, _Slot.settings = weakref.ref(tree), settings
    return _Slot.reports


def _uncollected(tree: ast.Module, filename: str, lines: Sequence[str], settings: Settings) -> tuple[Report, ...]:
    """Analyse while the garbage collector looks away: of a file's model nothing can be thrown away before its end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return analyse(tree, filename, lines, settings)
    finally:
        if was_enabled:
            gc.enable()


def analyse(
    tree: ast.Module,
    filename: str,
    lines: Sequence[str],
    settings: Settings,
    rules: Sequence[type[Rule]] | None = None,
    strict: bool = False,
) -> tuple[Report, ...]:
    """Run the rules (by default all) over one file and return their findings in the order of the text.

    A file that is a tool by its path has none.  A rule that raises loses its own findings in this file and gives one
    `SCL000` instead; with `strict` it raises.
    """
    source = SourceFile(tree, filename, lines, settings)
    found: set[Report] = set()
    if _is_tool(source):
        return ()
    ready = _ready(all_rules() if rules is None else tuple(rules), settings.min_severity)
    spoken = ready.words & source.vocabulary
    for rule, made, words in ready.rules:
        if words is not None and words.isdisjoint(spoken):
            continue
        try:
            if rule.second_instance and source.single_instance:
                continue
            reports = [
                _report(rule, finding, lines)
                for finding in made.check(source)
                if _serves(getattr(finding.node, "lineno", 1), source)
            ]
            if reports and not ((rule.second_instance or rule.many_callers) and source.is_of_one_machine):
                found.update(reports)
        except Exception as error:
            if strict:
                raise
            found.add(_internal_error(rule.code, error, lines))
    source.forget()
    return tuple(sorted(found, key=lambda report: (report.line, report.column, report.text)))


def _serves(line: int, source: SourceFile) -> bool:
    """Whether the code at a line (from 1) is reached, as a part of the service."""
    return is_reached(line, source) and not runs_apart(line, source)


class _Ready(NamedTuple):
    """The rules that are asked, with an object of each and its words, and the words of all of them."""

    rules: tuple[tuple[type[Rule], Rule, frozenset[bytes] | None], ...]
    words: frozenset[bytes]


@lru_cache(maxsize=64)
def _ready(rules: tuple[type[Rule], ...], least: Severity) -> _Ready:
    """Return the rules of a severity or above; their objects keep nothing of a file."""
    ready = tuple((rule, rule(), rule.words()) for rule in rules if rule.severity >= least)
    return _Ready(ready, frozenset().union(*(words for _, _, words in ready if words is not None)))


def _is_tool(source: SourceFile) -> bool:
    try:
        return source.is_tool_by_path
    except (OSError, ValueError):  # a path that cannot be looked at, which the rules then tell of
        return False


def _report(rule: type[Rule], finding: Finding, lines: Sequence[str]) -> Report:
    line, column = position(finding.node, lines)
    return Report(line, column, rule.render(finding))


def position(node: ast.AST, lines: Sequence[str]) -> tuple[int, int]:
    """Return where a finding stands: line from 1 and column in characters from 0, inside the text.

    A call stands at its callee's last name, since all calls of a chain begin at the same place.
    """
    line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    callee = node.func if isinstance(node, ast.Call) else node
    if isinstance(callee, ast.Attribute) and callee.end_lineno is not None and callee.end_col_offset is not None:
        line, offset = callee.end_lineno, callee.end_col_offset - len(callee.attr.encode())
    line = max(1, min(line, len(lines) or 1))
    text = lines[line - 1] if lines else ""
    column = len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace"))
    return line, min(column, len(text.rstrip("\r\n")))


def _internal_error(code: str, error: Exception, lines: Sequence[str]) -> Report:
    """Describe a failed rule: its code, the exception, and where in the plugin it was raised."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{last.name}:{last.lineno}"
    message = " ".join(f"{type(error).__name__}: {error}".split())
    text = f"{INTERNAL_ERROR} rule {code} failed in this file and was skipped ({message[:60]} in {where})"
    return Report(1, 0, text[:120])
