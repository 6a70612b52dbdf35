"""Indexes of mapped classes: which columns have one, in the class itself or anywhere in the project."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.catalog import columns as known
from flake8_scalability.project import root, texts


class Columns(NamedTuple):
    """What the body of a mapped class says: its columns without an index, those with few values, and foreign keys."""

    bare: frozenset[str]
    few: frozenset[str]
    foreign: frozenset[str]


@lru_cache(maxsize=256)
def columns(node: ast.ClassDef) -> Columns:
    """Return the columns that a mapped class declares without an index; what can't be read is left out."""
    bare: set[str] = set()
    few: set[str] = set()
    foreign: set[str] = set()
    together: set[str] = set()
    annotated = _is_annotated(node)
    for statement in node.body:
        name, value, annotation = _parts(statement)
        if isinstance(statement, ast.ClassDef) and statement.name in known.INNER:
            together |= {each for inner in statement.body for each in _names(inner)}
        elif name in known.TOGETHER or _is_declared(statement):
            together |= _names(statement)
        elif name and not name.startswith("_") and _is_bare(value, annotation, annotated):
            bare.add(name)
            if known.FEW_VALUES.search(ast.unparse(statement)) or "choices" in ast.unparse(statement):
                few.add(name)
            if "ForeignKey" in ast.unparse(statement):
                foreign.add(name)
    return Columns(frozenset(bare - together), frozenset(few), frozenset(foreign))


def _is_declared(statement: ast.stmt) -> bool:
    """Whether a method makes table arguments or columns: SQLAlchemy's `declared_attr`."""
    return isinstance(statement, ast.FunctionDef) and any(
        "declared_attr" in ast.unparse(decorator) for decorator in statement.decorator_list
    )


def _is_annotated(node: ast.ClassDef) -> bool:
    """Whether annotations alone are columns: of SQLModel's tables, Beanie's documents, and `Mapped[...]`."""
    if any(keyword.arg == "table" for keyword in node.keywords):
        return True
    return any(ast.unparse(base).rpartition(".")[2] == "Document" for base in node.bases) and any(
        isinstance(each, ast.AnnAssign) for each in node.body
    )


def _parts(statement: ast.stmt) -> tuple[str, ast.expr | None, ast.expr | None]:
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value, None
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value, statement.annotation
    return "", None, None


def _names(statement: ast.AST) -> set[str]:
    """Return every text and name in a statement, signs of an order left out."""
    texts_in = {each.value.lstrip("-+$#") for each in ast.walk(statement)
                if isinstance(each, ast.Constant) and isinstance(each.value, str)}  # fmt: skip
    names = {each.id for each in ast.walk(statement) if isinstance(each, ast.Name)}
    attributes = {each.attr for each in ast.walk(statement) if isinstance(each, ast.Attribute)}
    return texts_in | names | attributes


def _is_bare(value: ast.expr | None, annotation: ast.expr | None, annotated: bool) -> bool:
    """Whether a declaration is a column without an index."""
    if annotation is not None and ("Indexed" in ast.unparse(annotation) or "ClassVar" in ast.unparse(annotation)):
        return False
    if isinstance(value, ast.Call):
        return _is_bare_call(value, annotated)
    is_mapped = annotation is not None and ast.unparse(annotation).startswith(("Mapped[", "orm.Mapped["))
    return is_mapped and value is None and "relationship" not in ast.unparse(annotation)  # type: ignore[arg-type]


def _is_bare_call(value: ast.Call, annotated: bool) -> bool:
    name = ast.unparse(value.func).rpartition(".")[2]
    if any(keyword.arg is None for keyword in value.keywords):
        return False
    text = ast.unparse(value)
    if name in known.COLUMN_CALLS:
        if "Computed" in text or "Identity" in text or not (value.args or value.keywords):
            return False
    elif name == "Field":
        if not annotated or "sa_column" in text:
            return False
    elif not known.FIELD_CALLS.match(name) or known.INDEXED_FIELDS.search(name):
        return False
    return not any(
        keyword.arg in known.INDEXING and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
        for keyword in value.keywords
    )


def is_indexed_elsewhere(column: str, filename: str) -> bool:
    """Whether a migration, or another file or script of SQL in the project, makes an index that names the column."""
    start = root.of(filename)
    if start is None:
        return False
    scripts = (path for path, _ in texts.sql_scripts(start))
    return column in _indexed_words((*texts.python_files(start), *scripts))


def is_expression_indexed(function: str, column: str, filename: str) -> bool:
    """Whether a migration, a model or a script of SQL in the project makes an index over a function of a column.

    As text of SQL has it (`CREATE INDEX ... (lower(email))`), and as SQLAlchemy (`Index("...", func.lower(email))`) and
    Django (`Index(Lower("email"))`) do.
    """
    start = root.of(filename)
    return start is not None and (function.lower(), column.lower()) in _expressions_in(start)


@texts.believed
def _expressions_in(start: Path) -> frozenset[tuple[str, str]]:
    """Return the functions, each with a column it is applied to, over which a project makes indexes."""
    written = (*texts.of_project(start), *texts.sql_scripts(start))
    return frozenset(pair for _, text in written for pair in _expressions(text))


@lru_cache(maxsize=texts.KEPT)
def _expressions(text: str) -> frozenset[tuple[str, str]]:
    """Return these pairs of a text."""
    found: set[tuple[str, str]] = set()
    if any(word in text for word in known.MAKING_WORDS):
        for making in known.MAKING_INDEX.finditer(text):
            end = making.end() + known.INDEX_REACH
            comparing = known.COMPARING.search(text, making.end(), end)
            end = comparing.start() if comparing is not None else end
            for applied in known.APPLIED.finditer(text, making.end(), end + known.INDEX_REACH):
                if applied.start() > end:
                    break
                found.update((applied["function"].lower(), part.lower()) for part in applied["column"].split("."))
    return frozenset(found)


@lru_cache(maxsize=8)
def _indexed_words(files: tuple[Path, ...]) -> frozenset[str]:
    """Return every text that stands behind a call that makes an index, in any of these files."""
    found: set[str] = set()
    for path in files:
        text = texts.text(path)
        for match in known.INDEX_CALLS.finditer(text):
            found.update(re.findall(r"[\"'(,\s.]-?(\w+)[\"'),]", text[match.end() : match.end() + known.REACH]))
    return frozenset(found)
