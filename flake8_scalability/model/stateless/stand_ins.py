"""Stand-ins: classes and files that serve tests, developers or a single process, and are left out in production."""

from __future__ import annotations

import ast
import re

from flake8_scalability.catalog import state_words
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope


def stands_in(owner: Scope) -> bool:
    """Whether a class is one of several implementations, and the one for tests or a single process.

    What is made up says so by its name or its first sentence; what only keeps things in memory has a sibling that does
    not, and so a base.
    """
    assert isinstance(owner.node, ast.ClassDef)
    if state_words.MADE_UP.search(owner.name) is not None or _is_instead_of_import(owner):
        return True
    first = (ast.get_docstring(owner.node) or "").partition("\n\n")[0]
    if state_words.SAYS_MADE_UP.search(first) is not None:
        return True
    mocks = state_words.STAND_IN.search(owner.name) is not None
    return mocks and any(terminal_name(base) != "object" for base in owner.node.bases)


def is_test_data(filename: str) -> bool:
    """Whether a file makes the data of tests, by its name."""
    return state_words.TEST_DATA.search(re.split(r"[\\/]", filename)[-1]) is not None


def _is_instead_of_import(owner: Scope) -> bool:
    """Whether a class is defined where a library of its name can't be imported."""
    imported = owner.parent.bindings.get(owner.name, ()) if owner.parent is not None else ()
    return any(binding.kind == "import" for binding in imported)
