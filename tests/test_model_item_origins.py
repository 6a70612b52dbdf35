"""Where the items of a snippet's last loop come from."""

from __future__ import annotations

import ast

import pytest
from support import model

from flake8_scalability.model.batching.item_origins import Origin, Origins
from flake8_scalability.model.batching.item_reads import reads

CASES = [
    ("an argument", "def f(a):\n for k in a: pass", Origin.GIVEN),
    ("an argument named after many", "def f(rows):\n for k in rows: pass", Origin.NAMED),
    ("an argument of a function for many", "def bulk_add(a):\n for k in a: pass", Origin.NAMED),
    ("an argument that is a query", "def f(a: 'QuerySet[X]'):\n for k in a: pass", Origin.NAMED),
    ("what a caller writes out", "def f(*a):\n for k in a: pass", Origin.FEW),
    ("the few of one user", "def f(a):\n for k in AuthToken.objects.filter(user=a): pass", Origin.FEW),
    ("a row by its key", "def f(a):\n for k in Shelf.objects.filter(shelf_id=a): pass", Origin.FEW),
    ("what one other row has", "def f(a):\n for k in Paper.objects.filter(folder=a): pass", Origin.HELD),
    ("what one other row has many of", "def f(a):\n for k in Vote.objects.filter(poll=a): pass", Origin.ROWS),
    (
        "the user's, as far as it is shown",
        "def f(c):\n for k in X.query.find({'user_id': c.user.id}): pass",
        Origin.OWNED,
    ),
    ("a field of an argument", "def f(body):\n for k in body.codes: pass", Origin.PART),
    (
        "keys of few rows",
        "def f(category_ids):\n for k in category_ids: pass",
        Origin.FEW,
    ),
    ("boxes on a page", "def f(request):\n for k in request.POST.getlist('a'): pass", Origin.CHOSEN),
    ("entries of what was sent", "def f(request):\n for k, v in sorted(request.POST.items()): pass", Origin.CHOSEN),
    (
        "entries of what is made of what was sent",
        "def f(request):\n a = {}\n for k in request.data['a']:\n  a[k] = 1\n for k, v in a.items(): pass",
        Origin.SENT,
    ),
    ("a few of a repository", "async def f():\n for k in await order_repo.list_orders(limit=5): pass", Origin.FEW),
    (
        "some of what one row has",
        "def f(x, ids):\n for k in Paper.objects.filter(folder=x, pk__in=ids): pass",
        Origin.UNKNOWN,
    ),
    ("keys of what is many", "def f(user_ids):\n for k in user_ids: pass", Origin.KEYS),
    ("a query of those in charge", "def f(managers: 'QuerySet'):\n for k in managers: pass", Origin.NAMED),
    ("those in charge", "def f(body):\n for k in body.managers: pass", Origin.FEW),
    ("an argument named after what is many", "def f(orders):\n for k in orders: pass", Origin.GIVEN),
    ("rows of given keys", "def f(a):\n for k in Parcel.objects.filter(id__in=a): pass", Origin.GIVEN),
    ("rows of sent keys", "def f(r):\n for k in Parcel.objects.filter(pk__in=r.json()): pass", Origin.ROWS),
    (
        "rows of a parameter of SQL",
        "def f(c):\n c.execute('SELECT a FROM paper WHERE folder_id = %s', 1)\n for k in c.fetchall(): pass",
        Origin.HELD,
    ),
    ("people with one address", "def f(a):\n for k in User.objects.filter(email__iexact=a): pass", Origin.FEW),
    ("orders from one address", "def f(a):\n for k in Order.objects.filter(email=a): pass", Origin.ROWS),
    ("addresses of one thing", "def f(a):\n for k in a.reader_emails.all(): pass", Origin.RELATED),
    ("a text that is given", "def f(a):\n for k in json.loads(a): pass", Origin.PART),
    ("a text from elsewhere", "def f():\n for k in json.loads(g()): pass", Origin.SENT),
    ("a part of the program", "def f(app):\n for k in app.things: pass", Origin.UNKNOWN),
    ("an attribute of the object", "def f(self):\n for k in self.things: pass", Origin.UNKNOWN),
    ("of what is nowhere bound", "def f():\n for k in things: pass", Origin.UNKNOWN),
    ("an attribute of a call", "def f():\n for k in g().things: pass", Origin.UNKNOWN),
    ("a field of the request", "def f(self):\n for k in self.request.data['codes']: pass", Origin.SENT),
    ("an entry of a form", "def f(form):\n for k in form.cleaned_data.get('codes', []): pass", Origin.FORM),
    ("the request", "from flask import request\ndef f():\n for k in request.values: pass", Origin.SENT),
    ("an answer", "def f(r):\n a = r.json()\n for k in a['data']: pass", Origin.SENT),
    ("what each of these has", "def f(r):\n for a in r.json():\n  for k in a: pass", Origin.SENT),
    ("rows", "def f():\n a = list(X.objects.filter(b=1))\n for k in a: pass", Origin.ROWS),
    ("either", "def f(b):\n a = X.objects.all() if b else []\n for k in a or (): pass", Origin.ROWS),
    ("given or nothing", "def f(a):\n for k in a or []: pass", Origin.GIVEN),
    ("one of two", "def f(a, b):\n for k in (a if b else []): pass", Origin.GIVEN),
    ("two lists", "def f(b):\n for k in b + ['c']: pass", Origin.GIVEN),
    ("a row's list", "def f():\n for r in X.objects.all():\n  for k in r.codes: pass", Origin.UNKNOWN),
    ("a field of each", "def f():\n for k in [x.b for x in X.objects.all()]: pass", Origin.ROWS),
    ("awaited rows", "async def f():\n a = await get_all_orders()\n for k in a: pass", Origin.ROWS),
    ("users of somewhere", "def f():\n for k in find_users(1): pass", Origin.ROWS),
    ("a session", "def f():\n for k in get_session(): pass", Origin.UNKNOWN),
    ("settings of somewhere", "def f():\n for k in list_settings(): pass", Origin.UNKNOWN),
    ("a page", "def f(self):\n for k in self.pagination.items: pass", Origin.ROWS),
    ("groups", "def f():\n for k in X.objects.group_by('b').all(): pass", Origin.FEW),
    ("five rows", "def f(session):\n a = session.query(X).limit(5)\n for k in a: pass", Origin.FEW),
    ("fifty rows", "def f(session):\n a = session.query(X).limit(50)\n for k in a: pass", Origin.PART),
    ("five by a name", "N = 5\ndef f(session):\n for k in session.query(X).limit(N): pass", Origin.FEW),
    (
        "five of a text",
        "def f(c):\n c.execute('SELECT b FROM orders LIMIT 5')\n for k in c.fetchall(): pass",
        Origin.FEW,
    ),
    ("one user's", "def f(u):\n for k in X.objects.filter(user=u): pass", Origin.OWNED),
    ("cut", "def f(a):\n for k in a[:3]: pass", Origin.CUT),
    ("cut where it is long", "def f(a):\n b = g(a)\n if len(b) > 4:\n  b = b[:4]\n for k in b: pass", Origin.CUT),
    ("all but the last three", "def f(a):\n for k in a[:-3]: pass", Origin.PART),
    ("three rows", "def f(session):\n for k in session.query(X)[:3]: pass", Origin.FEW),
    ("three of a repository", "def f(repo):\n for k in repo.find_all(limit=3): pass", Origin.FEW),
    ("cut late", "def f(a):\n for k in a[:300]: pass", Origin.PART),
    ("a row by its number", "def f():\n a = X.objects.all()\n for k in a[0]: pass", Origin.UNKNOWN),
    ("a literal", "def f():\n a = [1, 2]\n for k in a: pass", Origin.FEW),
    ("one or many", "def f(a):\n b = a\n if g(a):\n  b = [a]\n for k in b: pass", Origin.GIVEN),
    ("spread", "def f(a):\n for k in [*a, 1]: pass", Origin.GIVEN),
    ("nothing", "def f():\n a = []\n for k in a: pass", Origin.UNKNOWN),
    ("added to", "def f(a):\n b = None\n b += a\n for k in b: pass", Origin.UNKNOWN),
    ("an exception", "def f():\n try: g()\n except E as a:\n  for k in a: pass", Origin.UNKNOWN),
    ("filled", "def f(a):\n b = []\n for x in a:\n  b.append(x.c)\n for k in b: pass", Origin.GIVEN),
    ("filled by key", "def f(a):\n b = {}\n for x in a:\n  b[x.c] = x\n for k in b: pass", Origin.GIVEN),
    ("filled of a literal", "def f():\n b = []\n for x in (1, 2):\n  b.append(x)\n for k in b: pass", Origin.FEW),
    ("extended", "def f(a):\n b = []\n b.extend(a)\n for k in b: pass", Origin.GIVEN),
    ("of a function", "def g(): return [1, 2]\ndef f():\n for k in g(): pass", Origin.FEW),
    ("of a function that says nothing", "def g(): return []\ndef f():\n for k in g(): pass", Origin.UNKNOWN),
    ("of a class", "class G: pass\ndef f():\n for k in G(): pass", Origin.UNKNOWN),
    ("handed on", "def f(a):\n for k in filter(None, a): pass", Origin.GIVEN),
    ("given a literal", "def g(): f([1, 2])\ndef f(a):\n for k in a: pass", Origin.FEW),
    ("given by name", "def g(): f(a=(1, 2))\ndef f(a):\n for k in a: pass", Origin.FEW),
    ("given one and more", "def g(b):\n f([1, 2])\n f(b)\ndef f(a):\n for k in a: pass", Origin.GIVEN),
    ("given to a method", "class G:\n def g(self): self.f((1, 2))\n def f(self, a):\n  for k in a: pass", Origin.FEW),
    ("in a circle", "def f():\n a = b\n b = a\n for k in a: pass", Origin.UNKNOWN),
]


@pytest.mark.parametrize(("name", "text", "origin"), CASES, ids=[case[0] for case in CASES])
def test_origins(name: str, text: str, origin: Origin) -> None:
    source = model(f"from app.models import X\n{text}")
    scope, loop = [(scope, node) for scope in source.scopes for node in scope.of(ast.For) if isinstance(node, ast.For)][
        -1
    ]
    assert Origins(source).of(loop.iter, scope) is origin


def test_many_around_a_few() -> None:
    source = model(
        "from app.models import X\n"
        "def f(a):\n"
        " for k in a:\n"
        "  for part in k.rows:\n"
        "   X.objects.get(pk=part)\n"
        "  for word in other(1):\n"
        "   X.objects.get(word=word)\n"
        " while a:\n"
        "  b = a.pop()\n"
        "  X.objects.get(pk=b)\n"
    )
    assert [read.node.lineno for read in reads(source)] == [5, 10]
