"""Loops: does a call run once for each item of something?  Every snippet asks it of its call of `hit`."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.language.loops import LoopKind, enclosing

ITEMS = [
    ("for", "def f(a):\n for x in a:\n  hit(x)"),
    ("async for", "async def f(a):\n async for x in a:\n  await hit(x)"),
    ("under a condition", "def f(a):\n for x in a:\n  if x:\n   hit(x)"),
    ("in a try that goes on with the next", "def f(a):\n for x in a:\n  try:\n   hit(x)\n  except E:\n   continue"),
    ("the inner of two", "def f(a):\n for x in (1, 2):\n  for y in x.all():\n   hit(y)"),
    ("the iterable of an inner loop", "def f(a):\n for x in a:\n  for y in hit(x):\n   print(y)"),
    ("a list comprehension", "def f(a): return [hit(x) for x in a]"),
    ("a set comprehension", "def f(a): return {hit(x) for x in a}"),
    ("a dictionary's values", "def f(a): return {x: hit(x) for x in a}"),
    ("a generator", "def f(a): return sum(hit(x) for x in a)"),
    ("a comprehension's condition", "def f(a): return [x for x in a if hit(x)]"),
    ("the second iterable", "def f(a): return [y for x in a for y in hit(x)]"),
    ("at module level", "for x in names():\n hit(x)"),
    ("until the pile is empty", "def f(todo):\n while todo:\n  hit(todo.pop())"),
    ("until the queue is empty", "def f(todo):\n while todo:\n  x = todo.popleft()\n  hit(x)"),
    ("enumerate of the unknown", "def f(a):\n for i, x in enumerate(a):\n  hit(x)"),
    ("a long range", "def f():\n for i in range(1000):\n  hit(i)"),
    ("a range of unknown length", "def f(n):\n for i in range(n):\n  hit(i)"),
    ("a slice of unknown length", "def f(a, n):\n for x in a[:n]:\n  hit(x)"),
    ("a literal with a starred part", "def f(a):\n for x in (1, *a):\n  hit(x)"),
    ("a list that is filled", "def f(rows):\n a = []\n for x in a:\n  hit(x)"),
    ("leaves the inner of two only", "def f(a):\n for x in a:\n  for y in x.all():\n   hit(y)\n   break"),
    ("left when it succeeds", "def f(a):\n for x in a:\n  try:\n   return hit(x)\n  except E:\n   pass"),
    ("another branch leaves", "def f(a):\n for x in a:\n  if x:\n   return x\n  hit(x)"),
    ("leaves under a condition only", "def f(a):\n for x in a:\n  if hit(x):\n   return x"),
    ("leaves unless it goes on", "def f(a):\n for x in a:\n  if not hit(x):\n   continue\n  return x"),
]

OTHER = [
    ("pages by the iterable's name", LoopKind.PAGES, "def f(p):\n for x in p.pages():\n  hit(x)"),
    ("chunks by the function's name", LoopKind.PAGES, "def f(a):\n for x in chunked(a, 100):\n  hit(x)"),
    ("a batch by the target's name", LoopKind.PAGES, "def f(a):\n for batch in a:\n  hit(batch)"),
    ("paginator in a comprehension", LoopKind.PAGES, "def f(p): return [hit(x) for x in paginator(p)]"),
    ("while there is a next page", LoopKind.PAGES, "def f(url):\n while url:\n  url = hit(url).next"),
    ("while true until it is the last", LoopKind.PAGES, "def f():\n while True:\n  if not hit():\n   break"),
    ("the test of a while", LoopKind.PAGES, "def f():\n while hit():\n  pass"),
    ("a range of attempts", LoopKind.RETRY, "def f():\n for attempt in range(n):\n  hit()"),
    (
        "a range around a try",
        LoopKind.RETRY,
        "def f():\n for _ in range(n):\n  try:\n   return hit()\n  except E:\n   pass",
    ),
    ("an object that retries", LoopKind.RETRY, "def f():\n for a in Retrying():\n  with a:\n   hit()"),
    (
        "while with a counter of tries",
        LoopKind.RETRY,
        "def f():\n tries = 0\n while True:\n  try:\n   return hit()\n  except E:\n   tries += 1",
    ),
    ("polling", LoopKind.WAIT, "def f():\n while not hit():\n  time.sleep(1)"),
    ("polling for ever", LoopKind.WAIT, "async def f():\n while True:\n  await hit()\n  await asyncio.sleep(1)"),
    ("a consumer", LoopKind.FOREVER, "def f(q):\n while True:\n  hit(q.get())"),
    ("a literal", LoopKind.SMALL, "def f():\n for x in ('a', 'b'):\n  hit(x)"),
    ("range(3)", LoopKind.SMALL, "def f():\n for x in range(3):\n  hit(x)"),
    (
        "a list filled by hand",
        LoopKind.SMALL,
        "def f(a):\n xs = []\n if a:\n  xs.append(a)\n xs.append(1)\n print(len(xs))\n for x in xs:\n  hit(x)",
    ),
    (
        "a list filled in a loop",
        LoopKind.ITEMS,
        "def f(a):\n xs = []\n for y in a:\n  xs.append(y)\n for x in xs:\n  hit(x)",
    ),
    ("a list filled elsewhere", LoopKind.ITEMS, "def f(a):\n xs = []\n fill(xs)\n for x in xs:\n  hit(x)"),
    ("a list that another is added to", LoopKind.ITEMS, "def f(a):\n xs = []\n xs += a\n for x in xs:\n  hit(x)"),
    ("a list that another extends", LoopKind.ITEMS, "def f(a):\n xs = []\n xs.extend(a)\n for x in xs:\n  hit(x)"),
    ("a list of a module", LoopKind.ITEMS, "xs = []\nxs.append(1)\ndef f():\n for x in xs:\n  hit(x)"),
    ("a list that stays empty", LoopKind.ITEMS, "def f():\n xs = []\n for x in xs:\n  hit(x)"),
    ("a range of a small constant", LoopKind.SMALL, "N = 3\ndef f():\n for x in range(N):\n  hit(x)"),
    ("a constant slice", LoopKind.SMALL, "def f(a):\n for x in a[:5]:\n  hit(x)"),
    ("a module's constant", LoopKind.SMALL, "KINDS = ['a', 'b']\ndef f():\n for x in KINDS:\n  hit(x)"),
    ("items of a literal", LoopKind.SMALL, "D = {'a': 1}\ndef f():\n for k, v in D.items():\n  hit(v)"),
    ("enumerate of a literal", LoopKind.SMALL, "def f():\n for i, x in enumerate(['a']):\n  hit(x)"),
    ("a comprehension over a literal", LoopKind.SMALL, "def f(): return [hit(x) for x in (1, 2)]"),
]

ONCE = [
    ("no loop at all", "def f(): hit()"),
    ("the iterable of a for", "def f():\n for x in hit():\n  print(x)"),
    ("the iterable of an async for", "async def f():\n async for x in hit():\n  print(x)"),
    ("a call in the iterable", "def f():\n for x in sorted(hit(), key=k):\n  print(x)"),
    ("after the loop", "def f(a):\n for x in a:\n  print(x)\n hit()"),
    ("before the loop", "def f(a):\n hit()\n for x in a:\n  print(x)"),
    ("the else of a for", "def f(a):\n for x in a:\n  print(x)\n else:\n  hit()"),
    ("the else of a while", "def f(a):\n while a:\n  a = a.next\n else:\n  hit()"),
    ("returned at once", "def f(a):\n for x in a:\n  return hit(x)"),
    ("left right after", "def f(a):\n for x in a:\n  hit(x)\n  break"),
    ("left two lines after", "def f(a):\n for x in a:\n  hit(x)\n  print(x)\n  return x"),
    ("raised at once", "def f(a):\n for x in a:\n  raise hit(x)"),
    ("left by a while", "def f():\n while True:\n  hit()\n  break"),
    ("the first iterable of a comprehension", "def f(): return [x for x in hit()]"),
    ("the first iterable of a generator", "def f(): return sum(x for x in hit())"),
    ("the first iterable of two", "def f(): return [y for x in hit() for y in x]"),
    ("the first iterable of a dictionary", "def f(): return {k: v for k, v in hit().items()}"),
    ("a function defined in the loop", "def f(a):\n for x in a:\n  def g(): hit(x)\n  keep(g)"),
    ("a lambda made in the loop", "def f(a):\n for x in a:\n  keep(lambda: hit(x))"),
    ("the loop is the caller's", "def f(a):\n for x in a:\n  g(x)\ndef g(x): hit(x)"),
    ("under a condition that leaves", "def f(a):\n for x in a:\n  if x.wanted:\n   return hit(x)"),
    ("under a condition that breaks", "def f(a):\n for x in a:\n  if x.wanted:\n   hit(x)\n   break"),
    ("in a handler that leaves", "def f(a):\n for x in a:\n  try:\n   g(x)\n  except E:\n   hit(x)\n   raise"),
    ("returned from both loops", "def f(a):\n for x in a:\n  for y in x.all():\n   return hit(y)"),
    ("a with is no loop", "def f(a):\n with a:\n  hit()"),
    ("an if is no loop", "def f(a):\n if a:\n  hit()"),
]


def loop_of(source: str) -> LoopKind | None:
    file = model(source)
    ((node, scope),) = file.calls_by_name["hit"]
    found = enclosing(file.site(node, scope))
    return found.kind if found is not None else None


@pytest.mark.parametrize("source", [pytest.param(s, id=w) for w, s in ITEMS])
def test_a_call_runs_for_each_item(source: str) -> None:
    assert loop_of(source) is LoopKind.ITEMS


@pytest.mark.parametrize(("kind", "source"), [pytest.param(k, s, id=w) for w, k, s in OTHER])
def test_a_loop_that_is_not_over_items(kind: LoopKind, source: str) -> None:
    assert loop_of(source) is kind


@pytest.mark.parametrize("source", [pytest.param(s, id=w) for w, s in ONCE])
def test_a_call_runs_once(source: str) -> None:
    assert loop_of(source) is None
