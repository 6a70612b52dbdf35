"""How many items a function lets in."""

from __future__ import annotations

import ast

import pytest
from support import model

from flake8_scalability.model.batching.accepted import is_refused_when_long


@pytest.mark.parametrize(
    ("test", "refused"),
    [
        ("len(codes) > 5", True),
        ("len(codes) >= MOST", True),
        ("5 < len(codes)", True),
        ("len(codes) < 2 or len(codes) > 5", True),
        ("not 2 <= len(codes) <= 5", True),
        ("not len(codes) <= 5", True),
        ("len(codes) > 500", False),
        ("len(others) > 5", False),
        ("len(codes) < 2", False),
        ("len(codes) > 5 and strict", False),
        ("codes", False),
    ],
)
def test_a_bound_that_the_function_asks_for(test: str, refused: bool) -> None:
    source = model(f"MOST = 5\ndef f(codes, others, strict):\n if {test}:\n  raise ValueError\n for c in codes: pass")
    loop, scope = next((node, scope) for scope in source.scopes for node in scope.of(ast.For))
    assert is_refused_when_long(loop.iter, scope) is refused


def test_an_attribute_is_bounded_as_a_name_is() -> None:
    source = model("def f(body):\n if len(body.codes) > 5:\n  return\n for c in body.codes: pass")
    loop, scope = next((node, scope) for scope in source.scopes for node in scope.of(ast.For))
    assert is_refused_when_long(loop.iter, scope)
