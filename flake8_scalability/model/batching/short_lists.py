"""Short lists: arguments that are a handful, by what they are named after or by what every caller gives."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import origins as known
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.growth import is_mass_named
from flake8_scalability.project import short_arguments

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def names_few(name: str) -> bool:
    """Whether a collection is named after the few who are in charge of one thing: `managers`."""
    return known.IN_CHARGE.search(name) is not None


def names_keys_of_many(name: str) -> bool:
    """Whether a collection is named after keys of a table that gets rows as a service is used: `user_ids`."""
    keys = known.KEYS_OF.match(name)
    return keys is not None and is_mass_named(keys["what"])


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
