"""Unique constraints that migrations and scripts of SQL put on a table, of which its class may not tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flake8_scalability.catalog import columns
from flake8_scalability.catalog import constraints as known
from flake8_scalability.project import root, texts
from flake8_scalability.project.tables import Table


def of(table: Table, filename: str | None) -> Iterator[frozenset[str]]:
    """Yield the sets of columns of which no two rows of a table have the same, by its class and then by migrations.

    filename: a file of the project; None where the project is not read, which may mean to read all of it
    """
    yield from table.unique
    if filename is not None:
        for name in sorted(table.names):
            yield from unique(name, filename)


def unique(table: str, filename: str) -> tuple[frozenset[str], ...]:
    """Return the sets of columns that a migration, or a statement of SQL in the project, makes unique in a table."""
    start = root.of(filename)
    return _unique(table, start) if start is not None else ()


@texts.believed
def _unique(table: str, start: Path) -> tuple[frozenset[str], ...]:
    found: dict[frozenset[str], None] = {}
    scripts = ((path, texts.text(path)) for path in root.python_files(start, ending=".sql"))
    for path, text in (*texts.of_project(start), *scripts):
        if table not in text or "unique" not in text.lower() or not texts.has_word(text, table):
            continue
        found.update(dict.fromkeys(_in_statements(text, table)))
        if path.suffix == ".py" and not root.is_test(path, start):
            found.update(dict.fromkeys(_in_calls(text, table)))
    return tuple(found)


def _in_statements(text: str, table: str) -> Iterator[frozenset[str]]:
    """Yield what statements of SQL make unique, where these are written out."""
    of_table = rf"[\"'`\w.]*\b{re.escape(table)}\b[\"'`]*"
    index = rf"\bUNIQUE\s+INDEX\b[^;()]{{1,200}}?\bON\s+{of_table}\s*(?:USING\s+\w+\s*)?\(([^;)]+)\)"
    added = rf"\bALTER\s+TABLE\b[^;()]{{0,40}}?{of_table}[^;()]{{1,200}}?\bUNIQUE\s*\(([^;)]+)\)"
    for match in re.finditer(f"{index}|{added}", text, re.IGNORECASE):
        yield frozenset(re.findall(r"\w+", match[1] or match[2]))
    made = rf"\bCREATE\s+TABLE\b[^;(]{{0,40}}?{of_table}\s*\(([^;]+?)\n\s*\)"
    for match in re.finditer(made, text, re.IGNORECASE):
        for inner in re.finditer(r"\b(?:UNIQUE|PRIMARY\s+KEY)\s*\(([^;)]+)\)", match[1], re.IGNORECASE):
            yield frozenset(re.findall(r"\w+", inner[1]))
        yield from (frozenset({name}) for name in re.findall(r"(?im)^\W*(\w+)\s[^,;\n]*\bUNIQUE\b(?!\s*\()", match[1]))


def _in_calls(text: str, table: str) -> Iterator[frozenset[str]]:
    """Yield what the calls of a migration make unique, its way back left out."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    stack: list[tuple[ast.AST, bool]] = [(tree, False)]
    while stack:
        node, concerned = stack.pop()
        if isinstance(node, ast.FunctionDef) and node.name in known.UNDOING:
            continue
        if isinstance(node, ast.With):
            concerned = concerned or any(_is_given(item.context_expr, table) for item in node.items)
        elif isinstance(node, ast.Call):
            concerned = concerned or _is_given(node, table)
            columns = _made_unique(node) if concerned else frozenset()
            if columns:
                yield columns
        stack += [(child, concerned) for child in ast.iter_child_nodes(node)]


def _is_given(node: ast.expr, table: str) -> bool:
    given = [*node.args, *(keyword.value for keyword in node.keywords)] if isinstance(node, ast.Call) else []
    return any(isinstance(each, ast.Constant) and each.value == table for each in given)


def _made_unique(call: ast.Call) -> frozenset[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    told = {keyword.arg for keyword in call.keywords if getattr(keyword.value, "value", None) is True}
    texts_given = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if name in columns.COLUMN_CALLS:
        return frozenset(texts_given[:1]) if told & known.ALONE else frozenset()
    if name not in known.MAKING and not (name in known.IF_TOLD and "unique" in told):
        return frozenset()
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    listed = [part for each in given if isinstance(each, (ast.List, ast.Tuple)) for part in each.elts]
    named = [each.value for each in listed if isinstance(each, ast.Constant)]
    return frozenset(str(each) for each in named) or frozenset(texts_given if name.endswith("Constraint") else ())
