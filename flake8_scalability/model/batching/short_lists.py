"""Short lists: arguments that are a handful, by what they are named after or by what every caller gives."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import origins as known
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.growth import is_mass_named
from flake8_scalability.model.queries.narrowing import is_small
from flake8_scalability.project import bases, short_arguments

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def names_few(name: str) -> bool:
    """Whether a collection is named after the few who are in charge of one thing, or keys of a table of few rows.

    Such are `managers` and `category_ids`.
    """
    keys = known.KEYS_OF.match(name)
    return known.IN_CHARGE.search(name) is not None or (keys is not None and is_small(keys["what"]))


def names_keys_of_many(name: str) -> bool:
    """Whether a collection is named after keys of a table that gets rows as a service is used: `user_ids`."""
    keys = known.KEYS_OF.match(name)
    return keys is not None and is_mass_named(keys["what"])


def are_choices(function: Scope, name: str, source: SourceFile) -> bool:
    """Whether an argument is annotated as several of an enumeration, of which there are as many as the program has."""
    annotation = function.parameters[name].annotation
    item = annotation.slice if isinstance(annotation, ast.Subscript) else None
    if not isinstance(item, ast.Name) or not item.id[:1].isupper():
        return False
    home = function.lookup(item.id)
    found = [binding.path for binding in home.bindings.get(item.id, ()) if binding.kind == "import"] if home else []
    if not found and item.id in source.module.bindings:
        return known.ENUMERATION.search(_head(item.id, source.text)) is not None
    if not found or source.settings.no_project:
        return False
    lineage = bases.lineage(found[0], source.filename)
    return any(known.ENUMERATION.search(text.partition(":")[0]) for text in lineage.texts)


def _head(name: str, text: str) -> str:
    """Return the line with which a text begins to define a class."""
    return text.partition(f"\nclass {name}(")[2].partition(":")[0]


def is_always_short(function: Scope, name: str, source: SourceFile) -> bool:
    """Whether every call in other files of the project writes out a few items for an argument: `notify([owner])`.

    Calls of the file itself are followed elsewhere; a function that has such is none.
    """
    node = function.node
    if source.settings.no_project or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if any(edge.caller.function is not function for edge in source.graph.into.get(function, ())):
        return False
    answers, key = source.answers, (f"always short {name}", function)
    if key not in answers:
        position = list(function.parameters).index(name) - function.is_method
        answers[key] = short_arguments.are_given(node.name, name, position, source.filename)
    return bool(answers[key])
