"""The call graph of a file: who calls, and who is handed to, a function of the file.  The unknown has no edge."""

from __future__ import annotations

import pytest
from support import model

DIRECT = [
    ("a call in a function", "def f(): g()\ndef g(): pass", "f -> g"),
    ("a call at module level", "def g(): pass\ng()", "<module> -> g"),
    ("a call in a class body", "def g(): pass\nclass A:\n x = g()", "A -> g"),
    ("the function itself", "def f(): f()", "f -> f"),
    ("a method through self", "class A:\n def f(self): self.g()\n def g(self): pass", "A.f -> A.g"),
    (
        "a method of a base in the file",
        "class B:\n def g(self): pass\nclass A(B):\n def f(self): self.g()",
        "A.f -> B.g",
    ),
    (
        "the nearest of two methods",
        "class B:\n def g(self): pass\nclass A(B):\n def g(self): pass\n def f(self): self.g()",
        "A.f -> A.g",
    ),
    ("super()", "class B:\n def g(self): pass\nclass A(B):\n def g(self): super().g()", "A.g -> B.g"),
    ("a class method through cls", "class A:\n @classmethod\n def f(cls): cls.g()\n def g(self): pass", "A.f -> A.g"),
    ("a method through the class", "class A:\n @staticmethod\n def g(): pass\ndef f(): A.g()", "f -> A.g"),
    ("a constructor", "class A:\n def __init__(self): pass\ndef f(): A()", "f -> A.__init__"),
    (
        "a constructor of a base",
        "class B:\n def __init__(self): pass\nclass A(B): pass\ndef f(): A()",
        "f -> B.__init__",
    ),
    ("cls() constructs", "class A:\n def __init__(self): pass\n @classmethod\n def f(cls): cls()", "A.f -> A.__init__"),
    ("a method of what was constructed", "class A:\n def g(self): pass\ndef f(): A().g()", "f -> A.g"),
    ("a method of a variable", "class A:\n def g(self): pass\ndef f():\n a = A()\n a.g()", "f -> A.g"),
    ("a method of a module variable", "class A:\n def g(self): pass\na = A()\ndef f(): a.g()", "f -> A.g"),
    ("a method of an annotated parameter", "class A:\n def g(self): pass\ndef f(a: A): a.g()", "f -> A.g"),
    (
        "a method of an attribute",
        "class A:\n def g(self): pass\nclass B:\n def __init__(self): self.a = A()\n def f(self): self.a.g()",
        "B.f -> A.g",
    ),
    ("a nested function", "def f():\n def g(): pass\n g()", "f -> f.g"),
    ("the nested one hides the outer", "def f():\n def g(): pass\n g()\ndef g(): pass", "f -> f.g"),
    ("an enclosing function's helper", "def f():\n def g(): pass\n def h(): g()", "f.h -> f.g"),
    ("in a comprehension", "def f(a): return [g(x) for x in a]\ndef g(x): pass", "<comprehension> -> g"),
    ("in a lambda", "def f(): return lambda: g()\ndef g(): pass", "<lambda> -> g"),
    ("in a default", "def g(): pass\ndef f(x=g()): pass", "<module> -> g"),
    ("in a decorator's arguments", "def g(): pass\n@decorate(g())\ndef f(): pass", "<module> -> g"),
    ("what is awaited", "async def f(): await g()\nasync def g(): pass", "f -> g"),
    ("either of two definitions", "if x:\n def g(): pass\nelse:\n def g(): pass\ndef f(): g()", "f -> g, f -> g"),
]

HANDED = [
    ("a callback", "def f(pool): pool.submit(g)\ndef g(): pass", "f => g"),
    ("a keyword", "def f(): Thread(target=g)\ndef g(): pass", "f => g"),
    ("a bound method", "class A:\n def f(self, pool): pool.submit(self.g)\n def g(self): pass", "A.f => A.g"),
    ("a nested function", "def f(pool):\n def g(): pass\n pool.submit(g)", "f => f.g"),
    ("to a function of the file", "def f(): h(g)\ndef g(): pass\ndef h(x): pass", "f -> h, f => g"),
    ("at module level", "def g(): pass\nregister(g)", "<module> => g"),
]

SILENT = [
    ("nothing called", "def f(): pass\ndef g(): pass"),
    ("named, not called", "def f(): return g\ndef g(): pass"),
    ("an unknown object's method of that name", "def f(x): x.g()\ndef g(): pass"),
    ("an unknown object's method, and a class has one", "class A:\n def g(self): pass\ndef f(x): x.g()"),
    ("an imported function of that name", "def f():\n from m import g\n g()\ndef g(): pass"),
    ("a parameter of that name", "def f(g): g()\ndef g(): pass"),
    ("a local variable of that name", "def f():\n g = make()\n g()\ndef g(): pass"),
    ("rebound to something unknown", "def g(): pass\nfor g in gs:\n pass\ndef f(): g()"),
    ("a method is not a name in its class's methods", "class A:\n def f(self): g()\n def g(self): pass"),
    ("a nested function is not seen from outside", "def f():\n def g(): pass\ndef h(): g()"),
    ("an attribute of a module of that name", "import m\ndef f(): m.g()\ndef g(): pass"),
    ("self in a function that is no method", "def f(self): self.g()\nclass A:\n def g(self): pass"),
    ("self of another class", "class A:\n def f(self): self.g()\nclass B:\n def g(self): pass"),
    ("self in a static method", "class A:\n @staticmethod\n def f(self): self.g()\n def g(self): pass"),
    ("a base class of elsewhere", "from m import B\nclass A(B):\n def f(self): self.g()\ndef g(): pass"),
    ("an attribute rebound to the unknown", "class A:\n def f(self, x):\n  self.g = x\n  self.g()\n def g(self): pass"),
    ("a class without a constructor", "class A:\n def g(self): pass\ndef f(): A()"),
    ("called through a subscript", "def g(): pass\nT = {'g': g}\ndef f(): T['g']()"),
    ("called through getattr", "class A:\n def f(self): getattr(self, 'g')()\n def g(self): pass"),
    ("a parameter handed on", "def f(g): run(g)\ndef g(): pass"),
    ("an unknown object's method handed over", "def f(x): run(x.g)\ndef g(): pass"),
    ("a string that names it", "def f(): run('g')\ndef g(): pass"),
    ("a function in a list handed over", "def f(): run([g])\ndef g(): pass"),
    ("a deleted name", "def g(): pass\ndel g"),
    ("a property is read, not called", "class A:\n @property\n def g(self): pass\n def f(self): return self.g"),
]


def edges(source: str) -> str:
    """The edges of a snippet, `->` for a call and `=>` for a function that is handed over."""
    graph = model(source).graph
    found = [edge for many in graph.out_of.values() for edge in many]
    assert sorted(map(id, found)) == sorted(id(edge) for many in graph.into.values() for edge in many)
    return ", ".join(
        f"{edge.caller.name if edge.caller.name.startswith('<') else edge.caller.qualified_name}"
        f" {'=>' if edge.handed else '->'} {edge.target.qualified_name}"
        for edge in sorted(found, key=lambda edge: (edge.node.lineno, edge.handed))
    )


@pytest.mark.parametrize(("source", "expected"), [pytest.param(s, e, id=w) for w, s, e in DIRECT])
def test_a_call_has_an_edge(source: str, expected: str) -> None:
    assert edges(source) == expected


@pytest.mark.parametrize(("source", "expected"), [pytest.param(s, e, id=w) for w, s, e in HANDED])
def test_a_function_that_is_handed_over_has_an_edge(source: str, expected: str) -> None:
    assert edges(source) == expected


@pytest.mark.parametrize("source", [pytest.param(s, id=w) for w, s in SILENT])
def test_the_unknown_has_no_edge(source: str) -> None:
    assert edges(source) == ""


def test_classes_that_are_made_or_handed_over_are_instantiated() -> None:
    source = model("class A: pass\ndef f(): A()\ndef g(): run(A)\ndef h(a: A): run(a)")
    ((owner, found),) = source.graph.instantiations.items()
    assert owner.name == "A"
    assert [(edge.caller.name, edge.handed) for edge in found] == [("f", False), ("g", True)]
