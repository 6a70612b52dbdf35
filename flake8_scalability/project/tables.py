"""Classes of other files of the project, and which columns of a table are unique together."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.project import root

_UNIQUE_WORDS = re.compile(r"unique|primary_key|OneToOne", re.IGNORECASE)
MAX_HOPS = 3


class Table(NamedTuple):
    """What a mapped class says of its columns.

    columns: the names that its body declares
    unique: the sets of columns of which no two rows have the same
    derived: columns that `save` computes, each with one from which it does so
    needed: references without which Django saves no row
    names: what the table may be called in the database, as the class says or as extensions derive it from its name
    """

    columns: frozenset[str]
    unique: tuple[frozenset[str], ...]
    derived: tuple[tuple[str, str], ...] = ()
    needed: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def described(node: ast.ClassDef) -> Table:
    """Return what the body of a mapped class says; a constraint that can't be read counts for every column in it."""
    columns: set[str] = set()
    unique: list[frozenset[str]] = []
    for statement in node.body:
        name, value = _assigned(statement)
        if name in ("__table_args__", "meta", "_meta", "indexes", "constraints"):
            unique += _together(value)
        elif name and value is not None:
            columns.add(name)
            if _is_unique(statement):
                unique.append(frozenset({name}))
        elif name:
            columns.add(name)
        if isinstance(statement, ast.ClassDef):
            for inner in statement.body:
                inner_name, inner_value = _assigned(inner)
                if inner_name in ("unique_together", "constraints", "indexes"):
                    unique += _together(inner_value, bare=inner_name == "unique_together")
    saving = [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "save"]
    derived = {pair for method in saving for pair in _derived(method)}
    needed = {name for statement in node.body for name, value in [_assigned(statement)] if _is_needed(value)}
    return Table(frozenset(columns), tuple(unique), tuple(sorted(derived)), frozenset(needed), _names(node))


def _names(node: ast.ClassDef) -> frozenset[str]:
    for statement in node.body:
        name, value = _assigned(statement)
        if name == "__tablename__" and isinstance(value, ast.Constant):
            return frozenset({str(value.value)})
    return frozenset({node.name.lower(), re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.name).lower()})


def _derived(method: ast.FunctionDef) -> set[tuple[str, str]]:
    """Return the attributes that a method assigns, with those of the same object that stand in their values."""
    return {
        (target.attr, part.attr)
        for node in ast.walk(method)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute)
        for part in ast.walk(node.value)
        if isinstance(part, ast.Attribute) and ast.dump(part.value) == ast.dump(target.value)
    }


def _is_needed(value: ast.expr | None) -> bool:
    given = {keyword.arg for keyword in value.keywords} if isinstance(value, ast.Call) else set()
    return "on_delete" in given and given.isdisjoint(("null", "default"))


def _assigned(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value
    return "", None


def _is_unique(statement: ast.stmt) -> bool:
    for part in ast.walk(statement):
        given = isinstance(part, ast.keyword) and part.arg in ("unique", "primary_key")
        if given and isinstance(part, ast.keyword) and ast.unparse(part.value) != "False":
            return True
        if isinstance(part, (ast.Name, ast.Attribute)) and "OneToOne" in ast.unparse(part):
            return True
    return False


def _together(value: ast.expr | None, bare: bool = False) -> list[frozenset[str]]:
    """Return the sets of columns that a constraint names: of calls and mappings that say unique, or of bare tuples."""
    if value is None:
        return []
    if isinstance(value, ast.Dict) and not bare:
        for key, inner in zip(value.keys, value.values):
            if isinstance(key, ast.Constant) and key.value == "indexes":
                return _together(inner)
    parts: list[ast.expr] = [value]
    if isinstance(value, (ast.List, ast.Tuple)) and any(not isinstance(each, ast.Constant) for each in value.elts):
        parts = list(value.elts)
    return [
        frozenset(name for each in _named(part) for name in _texts(each))
        for part in parts
        if bare or _UNIQUE_WORDS.search(ast.unparse(part))
    ]


def _named(part: ast.expr) -> list[ast.expr]:
    """Return the parts of a constraint that name its columns: not its own name, not its condition."""
    if isinstance(part, ast.Call):
        fields = [keyword.value for keyword in part.keywords if keyword.arg in ("fields", "columns")]
        named = part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
        return fields or (part.args[1:] if named == "Index" else list(part.args))
    if isinstance(part, ast.Dict):
        keys = [str(key.value) if isinstance(key, ast.Constant) else "" for key in part.keys]
        return [value for key, value in zip(keys, part.values) if key == "fields"]
    return [part]


def _texts(node: ast.expr) -> list[str]:
    """Return the columns that an expression names, by their names or as attributes of the class."""
    names = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
    called = {each.func for each in ast.walk(node) if isinstance(each, ast.Call)}  # `Lower("email")`
    plain = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and each not in called]
    return [str(name).lstrip("-+") for name in (*names, *plain) if isinstance(name, str)]


def table(name: str, path: str, filename: str) -> Table | None:
    """Return the table that the class `name`, imported as `path` by `filename`, maps; None where it is not found."""
    found = class_of(name, path, filename)
    return described(found) if found is not None else None


def class_of(name: str, path: str, filename: str) -> ast.ClassDef | None:
    """Return the definition of the class `name`, imported as `path` by `filename`; None where it is not found."""
    if filename in ("-", "stdin", ""):
        return None
    for file in _candidates(path.rpartition(".")[0], Path(filename).absolute()):
        found = _class_in(name, file, MAX_HOPS)
        if found is not None:
            return found
    return None


def _candidates(module: str, importer: Path) -> list[Path]:
    """Return the files that a module's name may stand for, seen from the file that imports it."""
    level = len(module) - len(module.lstrip("."))
    parts = [part for part in module.split(".") if part]
    if level:
        folders = [importer.parents[level - 1]] if level <= len(importer.parents) else []
    else:
        start = root.of(str(importer))
        folders = [folder for folder in importer.parents if start is not None and folder.is_relative_to(start)]
    found = []
    for folder in folders:
        target = folder.joinpath(*parts)
        found += [each for each in (target.with_suffix(".py"), target / "__init__.py") if parts and each.is_file()]
        if not parts and (folder / "__init__.py").is_file():
            found.append(folder / "__init__.py")
    return found


def _class_in(name: str, file: Path, hops: int) -> ast.ClassDef | None:
    """Return a class of a file, also where a package takes it from one of its modules."""
    try:
        tree = _parsed(file, file.stat().st_mtime_ns)
    except (OSError, SyntaxError, ValueError):
        return None
    if tree is None:
        return None
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    for node in tree.body if hops else ():
        if isinstance(node, ast.ImportFrom) and any(alias.name in (name, "*") for alias in node.names):
            module = "." * node.level + (node.module or "")
            for other in _candidates(module, file):
                found = _class_in(name, other, hops - 1) if other != file else None
                if found is not None:
                    return found
    return None


@lru_cache(maxsize=128)
def _parsed(file: Path, changed: int) -> ast.Module | None:
    """Parse a file, once for each of its versions."""
    return ast.parse(file.read_text(encoding="utf-8", errors="replace"))
