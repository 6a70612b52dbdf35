"""The walks below a node: what those of `ast` yield, in their order, but for contexts and operators."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import flake8_scalability
from flake8_scalability.model.language.walking import children, walk

LEFT_OUT = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
FILES = sorted((Path(flake8_scalability.__file__).parent / "model").glob("*/*.py"))


@pytest.mark.parametrize("path", [pytest.param(path, id=f"{path.parent.name}.{path.stem}") for path in FILES])
def test_it_goes_the_way_of_the_standard_one(path: Path) -> None:
    same(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("{**a, 1: -b, 2: c < d <= e, 3: f and not g}", id="a mapping without a key, operators"),
        pytest.param("def f(a, /, b=1, *c, d, e=2, **g): global h; nonlocal i", id="parameters without defaults"),
        pytest.param('f"{a!r:>{b}} {c}"', id="texts with values"),
        pytest.param("import a.b as c\nfrom . import d, e as f\ndel g, h[1:2]", id="imports"),
        pytest.param("try: a\nexcept B as c: d\nelse: e\nfinally: f", id="try"),
        pytest.param(
            "match a:\n case {'b': 1, **c}: pass\n case D(e=2, f=[g, *h]) as i: pass\n case None | True: pass",
            id="patterns",
            marks=pytest.mark.skipif(sys.version_info < (3, 10), reason="from Python 3.10"),
        ),
        pytest.param(
            "type A[T: int] = list[T]\nclass B[*Ts, **P]: pass",
            id="type parameters",
            marks=pytest.mark.skipif(sys.version_info < (3, 12), reason="from Python 3.12"),
        ),
    ],
)
def test_what_holds_something_else_than_nodes(source: str) -> None:
    same(source)


def same(source: str) -> None:
    tree = ast.parse(source)
    assert list(walk(tree)) == [node for node in ast.walk(tree) if not isinstance(node, LEFT_OUT)]
    for node in walk(tree):
        assert children(node) == [child for child in ast.iter_child_nodes(node) if not isinstance(child, LEFT_OUT)]
