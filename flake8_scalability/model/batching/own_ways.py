"""Classes of rows that are written in their own way, which a bulk form would leave out.

Their own `save()`, hooks, signals of the project, histories, trees: who writes such rows one by one does it for those.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import batching
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.project import bases, mentions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_MANAGER = re.compile(
    r"^\s+objects\s*(?::[^=\n]+)?=\s*(?:\w+\.)*?(\w+)(?:\.from_queryset\((?:\w+\.)*(\w+)\))?\(", re.MULTILINE
)


def has_own_way(entity: str, doing: str, scope: Scope, source: SourceFile) -> bool:
    """Whether rows of a class are written in a way of their own.

    entity: the name of the class, as the scope knows it
    doing: what is done to a row: "save", "create" or "delete"
    """
    answers, key = source.answers, (f"has its own way to {doing} {entity}", source.module)
    if key not in answers:
        answers[key] = _asked(entity, doing, scope, source)
    return answers[key]


def _asked(entity: str, doing: str, scope: Scope, source: SourceFile) -> bool:
    if doing != "delete" and not batching.HISTORIES.isdisjoint(source.queries.packages):
        return True
    said = re.compile(batching.OWN_WAYS[doing], re.MULTILINE)
    found = [*_texts_of_file(entity, source)]
    outside: set[str] = set()
    if not source.settings.no_project:
        lineage = bases.lineage(_path(entity, scope, source), source.filename)
        found += lineage.texts
        outside.update(path.rpartition(".")[2] for path in lineage.outside)
    if any(said.search(text) for text in found) or not outside.isdisjoint(batching.TREES):
        return True
    if any(not batching.TREES.isdisjoint(re.findall(r"\w+", text.partition("):")[0])) for text in found):
        return True
    if doing == "delete" or source.settings.no_project:
        return False
    if doing == "create" and any(_creates(name, source) for text in found for name in _managers(text)):
        return True
    return mentions.is_said(_signal(entity), ("_save", "sender", entity), source.filename)


def _signal(entity: str) -> re.Pattern[str]:
    """What a project says where it waits for a class of rows to be saved."""
    sender = rf"sender\s*=\s*[\"']?(?:\w+\.)*{re.escape(entity)}\b"
    return re.compile(rf"{batching.SAVE_SIGNALS}[^()]*(?:\([^()]*)?{sender}")


def _texts_of_file(entity: str, source: SourceFile) -> Iterator[str]:
    """Yield the text of a class of the file, where it has one of that name."""
    for scope in source.scopes:
        if scope.is_class and scope.name == entity and isinstance(node := scope.node, ast.ClassDef):
            yield "".join(source.lines[node.lineno - 1 : node.end_lineno])


def _path(entity: str, scope: Scope, source: SourceFile) -> str:
    """Return the import path of a class, as the scope knows it; its name alone where the file has it."""
    home = scope.lookup(entity) or source.module
    paths = [binding.path for binding in home.bindings.get(entity, ()) if binding.kind == "import"]
    if not paths and entity not in source.module.bindings:
        paths = [f"{each.path}.{entity}" for each in source.module.bindings.get("models", ()) if each.kind == "import"]
    return paths[0] if paths else entity


def _managers(text: str) -> Iterator[str]:
    for names in _MANAGER.findall(text):
        yield from (name for name in names if name)


def _creates(manager: str, source: SourceFile) -> bool:
    """Whether a manager of the project makes rows in its own way."""
    text = bases.text_of_name(manager, source.filename)
    return re.search(batching.OWN_CREATE, text, re.MULTILINE) is not None
