"""The walk: every scope once, parents first; every recorded node once, statements in the order of the text."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import flake8_scalability
from flake8_scalability.model.language import index
from flake8_scalability.model.sites import spelled

FILES = sorted(Path(flake8_scalability.__file__).parent.rglob("*.py"))


def build(source: str) -> list[index.Scope]:
    return index.build(ast.parse(source))


@pytest.mark.parametrize("path", [pytest.param(path, id=f"{path.parent.name}.{path.stem}") for path in FILES])
def test_nothing_is_lost_and_nothing_is_found_twice(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    scopes = index.build(tree)
    opening = (*index.FUNCTIONS, *index.COMPREHENSIONS, ast.Module, ast.ClassDef)
    expected = {node for node in ast.walk(tree) if isinstance(node, opening)}
    assert len(scopes) == len(expected) and {scope.node for scope in scopes} == expected
    recorded = [node for scope in scopes for many in scope.nodes.values() for node in many]
    assert len(recorded) == len(set(recorded))
    assert set(recorded) == {node for node in ast.walk(tree) if type(node) in index.RECORDED}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        pytest.param(
            "def f(): pass\nclass A:\n def g(self): pass\ndef h(): pass", "<module> f A h g", id="breadth first"
        ),
        pytest.param("f = lambda: [x for x in y]", "<module> <lambda> <comprehension>", id="expressions"),
        pytest.param(
            "@a(lambda: 1)\ndef f(): pass", "<module> f <lambda>", id="a lambda in a decorator stands outside"
        ),
        pytest.param("", "<module>", id="nothing"),
    ],
)
def test_parents_come_before_their_children(source: str, names: str) -> None:
    scopes = build(source)
    assert " ".join(scope.name for scope in scopes) == names
    assert all(scope.parent is None or scopes.index(scope.parent) < scopes.index(scope) for scope in scopes)


@pytest.mark.parametrize(
    ("source", "inside"),
    [
        pytest.param("a(1)\nif x:\n b(2)\nelse:\n c(3)\nd(4)", "a b c d", id="statements"),
        pytest.param("with a() as x, b() as y:\n c()", "a b c", id="with"),
        pytest.param("try:\n a()\nexcept E:\n b()\nelse:\n c()\nfinally:\n d()", "a b c d", id="try"),
        pytest.param("for x in a():\n b()\nelse:\n c()", "a b c", id="a loop"),
        pytest.param("x = a()\ny: int = b()\nz += c()\ndel d().e\nassert f(), g()", "a b c d f g", id="targets"),
        pytest.param("def f(x=a(), *, y=b(), z): pass", "a b", id="defaults"),
        pytest.param("@a()\n@b()\ndef f(): pass", "a b", id="decorators"),
        pytest.param("@a()\nclass A(b(), metaclass=c()): pass", "a b c", id="a class"),
        pytest.param("[1 for x in a() if b() for y in c()]", "a", id="the first iterable only"),
        pytest.param("def f(x: Annotated[int, a()], y: b(), *z: c()) -> d(): pass", "a", id="annotations with items"),
        pytest.param("def f():\n a()", "", id="not what stands in a function"),
        pytest.param("lambda: a()", "", id="nor in a lambda"),
        pytest.param("class A:\n a()", "", id="nor in a class"),
    ],
)
def test_calls_of_the_module(source: str, inside: str) -> None:
    calls = build(source)[0].of(ast.Call)
    assert sorted(inside.split()) == sorted(spelled(node.func) for node in calls)  # type: ignore[attr-defined]
    if "\n" in source and not source.startswith("@"):
        assert inside == " ".join(spelled(node.func) for node in build(source)[0].of(ast.Call))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a", "a"),
        ("a.b.c", "a.b.c"),
        ("a(1, b=2).c", "a().c"),
        ("a[1:2].b[c]", "a[…].b[…]"),
        ("(await a.b(1)).c", "a.b().c"),
        ("'text'.join", "(…).join"),
        ("(a or b).c", "(…).c"),
        ("{}", "(…)"),
    ],
)
def test_an_expression_is_spelled_without_what_it_is_given(source: str, text: str) -> None:
    assert spelled(ast.parse(source, mode="eval").body) == text


def test_a_very_long_chain_is_spelled() -> None:
    node: ast.expr = ast.Name("a", ast.Load())
    for _ in range(20_000):
        node = ast.Attribute(ast.Call(node, [], []), "b", ast.Load())
    assert spelled(node) == "a" + "().b" * 20_000
