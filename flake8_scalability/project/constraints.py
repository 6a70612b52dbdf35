"""Unique constraints that migrations and scripts of SQL put on a table, of which its class may not tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flake8_scalability.catalog import columns
from flake8_scalability.catalog import constraints as known
from flake8_scalability.project import root, texts, word_index
from flake8_scalability.project.tables import Table

#: How the statements of SQL begin that make something unique, in lower case.
_STATEMENTS = re.compile(r"create\s+table|alter\s+table|unique\s+index")


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
    scripts = ((path, text) for path, text in texts.sql_scripts(start) if texts.has_word(text, table))
    for path, text in (*word_index.files_having(table, start), *scripts):
        lowered = text.lower()
        if "unique" not in lowered:
            continue
        if _STATEMENTS.search(lowered) is not None:
            found.update(dict.fromkeys(_in_statements(text, table)))
        # Only what has the table's name as a text of its own, in either quotes, is worth parsing.
        is_given = f'"{table}"' in text or f"'{table}'" in text
        if is_given and path.suffix == ".py" and not root.is_test(path, start):
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
    """Yield what the calls of a migration make unique in a table."""
    return (columns for given, columns in _calls(text) if table in given)


@lru_cache(maxsize=1024)
def _calls(text: str) -> tuple[tuple[frozenset[object], frozenset[str]], ...]:
    """Return the columns that the calls of a migration make unique, its way back left out.

    With them goes what these calls and those around them are given: the name of the table is among that.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ()
    found: list[tuple[frozenset[object], frozenset[str]]] = []
    nothing: frozenset[object] = frozenset()
    stack: list[tuple[ast.AST, frozenset[object]]] = [(tree, nothing)]
    while stack:
        node, around = stack.pop()
        if isinstance(node, ast.FunctionDef) and node.name in known.UNDOING:
            continue
        if isinstance(node, ast.With):
            around = around.union(*(_given(item.context_expr) for item in node.items))
        elif isinstance(node, ast.Call):
            around |= _given(node)
            columns = _made_unique(node)
            if columns:
                found.append((around, columns))
        stack += [(child, around) for child in ast.iter_child_nodes(node)]
    return tuple(found)


def _given(node: ast.expr) -> frozenset[object]:
    """Return the constants that a call is given."""
    given = [*node.args, *(keyword.value for keyword in node.keywords)] if isinstance(node, ast.Call) else []
    return frozenset(each.value for each in given if isinstance(each, ast.Constant))


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
