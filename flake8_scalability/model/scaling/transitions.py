"""Transitions: changes of an object that a flag of its own lets happen once, so that two writers do the same thing.

`if not host.gone: host.gone = True; host.times_gone += 1`: two that come at once write the same row twice, and a sum
done in SQL would count both.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.model.language.walking import walk

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope


def is_made_once(node: ast.stmt, target: ast.Attribute, function: Scope) -> bool:
    """Whether a change of an attribute runs only where another one of the same object is not yet as it is then set.

    The branch around the change asks for that one, or an earlier one that leaves the function.
    """
    owner = ast.dump(target.value)
    flipped = {each.attr for each in _set_to_constants(function) if ast.dump(each.value) == owner} - {target.attr}
    if not flipped:
        return False
    for test in _tests_before(node, function):
        asked = (part for part in walk(test) if isinstance(part, ast.Attribute) and part.attr in flipped)
        if any(ast.dump(part.value) == owner for part in asked):
            return True
    return False


def _set_to_constants(function: Scope) -> Iterator[ast.Attribute]:
    """Yield the attributes that are set to something written out: a flag, a text, a member of an enumeration."""
    for node in function.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if isinstance(node.value, (ast.Constant, ast.Attribute)):
            yield from (each for each in node.targets if isinstance(each, ast.Attribute))


def _tests_before(change: ast.stmt, function: Scope) -> Iterator[ast.expr]:
    """Yield the tests of the branches around a statement, and of those before it that leave the function."""
    for node in function.of(ast.If):
        assert isinstance(node, ast.If)
        last = node.body[-1]
        around = node.body[0].lineno <= change.lineno <= (last.end_lineno or last.lineno)
        leaves = node.lineno < change.lineno and isinstance(last, (ast.Return, ast.Raise))
        if around or leaves:
            yield node.test
