"""Reads, writes and relations per item: what a loop of the snippet does for each item, line by line."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.batching.item_calls import calls
from flake8_scalability.model.batching.item_reads import reads
from flake8_scalability.model.batching.item_writes import writes
from flake8_scalability.model.batching.lazy_relations import lazy_relations

DJANGO = "from django.db import models\n"
#: A request that waits for `f`, which is where other services are called.
ASKED = (
    "\nfrom flask import Flask, request\napp = Flask(__name__)\n@app.route('/', methods=['POST'])\n"
    "def view(): return f(request.json)\n"
)
SHIP = (
    "class Ship(models.Model):\n owner = models.ForeignKey('Owner')\n ports = models.ManyToManyField('Port')\n"
    " @property\n def label(self): return 1\n"
)

READS = [
    ("an attribute that is a mapping",
     "class S:\n def __init__(self):\n  self._db: Optional[dict[str, int]] | None = load()\n"
     "  self.my_db = dict(load())\n"
     " def f(self, a):\n  for k in a:\n   self._db.get_user(k)\n   self.my_db.get_user(k)", []),
    ("an attribute that is none",
     "class S:\n def __init__(self, given: Repo):\n  self.db: Repo = given\n"
     " def f(self, a):\n  for k in a:\n   self.db.get_user(k)", [6]),
    ("an attribute of another object",
     "class S:\n def f(self, a, other):\n  for k in a:\n   other.db.get_user(k)", [4]),
    ("terms of one query",
     "def f(a):\n q = X.objects.all()\n for k in a:\n  q = q.filter(b=Y.objects.get(pk=k))\n return q", []),
    ("one key", "def f(a):\n for k, v in a.items():\n  if v and k == 'x':\n   X.objects.get(pk=k)", []),
    ("a field of the item", "def f(a):\n for k, v in a:\n  if v == 'x':\n   X.objects.get(pk=k)", [4]),
    ("another than one key", "def f(a):\n for k in a:\n  if k != 'x':\n   X.objects.get(pk=k)", [4]),
    ("through a helper", "def g(k): return X.objects.get(pk=k)\ndef f(a):\n return [g(k) for k in a]", [3]),
    ("a helper that remembers",
     "def g(k):\n if k in cache: return 1\n return X.objects.get(pk=k)\n[g(k) for k in a()]", []),
    ("a helper that writes",
     "def g(k):\n x = X.objects.get(pk=k)\n x.save()\n return x\ndef f(a):\n return [g(k) for k in a]", []),
    ("a helper without a result", "def g(k):\n X.objects.get(pk=k)\ndef f(a):\n for k in a:\n  g(k)", []),
    ("a query made before", "def f(a):\n q = X.objects.filter(b=1)\n for k in a:\n  for x in q:\n   print(k, x)", []),
    ("a query made in the turn",
     "def f(a):\n for k in a:\n  q = X.objects.filter(b=k)\n  for x in q:\n   print(x)", [4]),
    ("two tables",
     "def f(a):\n for k in a:\n  X.objects.get(pk=k)\n  Y.objects.get(pk=k)\n  X.objects.filter(b=k).count()", [3, 4]),
    ("a class per item", "def f(a):\n for m in a:\n  m.objects.count()", []),
    ("a group at a time",
     "def f(a):\n g = defaultdict(list)\n for k, rows in g.items():\n"
     "  print(X.objects.filter(b=k, c__in=rows).count())", []),
    ("a group through a helper", "def h(k, rows): return X.objects.get(b=k, c=rows)\n"
     "def f(a):\n return [h(k, rows) for k, rows in groupby(a)]", []),
    ("the key of a group",
     "def f(a):\n g = defaultdict(list)\n for x in a:\n  g[x.b].append(x)\n"
     " for k, rows in g.items():\n  X.objects.get(b=k)", [6]),
    ("a mapping of numbers",
     "def f(a):\n g = defaultdict(int)\n for x in a:\n  g[x.b] += 1\n"
     " for k, n in g.items():\n  X.objects.get(b=k, c=n)", [6]),
    ("a mapping from elsewhere", "def f(g):\n for k, rows in g.items():\n  X.objects.get(b=k, c=rows)", [3]),
    ("data put right", "def fix_rows(a):\n for k in a:\n  X.objects.get(b=k)", []),
    ("a handle per item", "def f(a):\n for db in a:\n  db.get_user(db.id)", []),
    ("a locked row", "def f(a):\n for k in a:\n  X.objects.select_for_update().get(pk=k)", []),
    ("an upsert", "def f(a):\n for k in a:\n  X.objects.get_or_create(pk=k)", []),
    ("a handle", "def f(a):\n for k in a:\n  user_repo.find_by_id(k)", [3]),
    ("a mapping", "def f(a):\n store = {}\n for k in a:\n  store.get_user(k)", []),
    ("a view of a mapping", DJANGO + "def f(a):\n for k in a:\n  print(list(k.options.values()))", []),
    ("a statement of each item's table",
     "def f(c, a):\n for k in a:\n  c.execute(f'SELECT x FROM {k}').fetchall()", []),
    ("a change by statement", "def f(c, a):\n for k in a:\n  c.execute('DELETE FROM x WHERE y = %s', k)", []),
    ("a collection for each item", "def f(db, a):\n for k in a:\n  print(db[k].find_one({'a': k}))", []),
    ("a key of a store", "import redis\nr = redis.Redis()\ndef f(a):\n for k in a:\n  print(r.get(k))", [5]),
    ("always the same key", "import redis\nr = redis.Redis()\ndef f(a):\n for k in a:\n  print(r.get('x'))", []),
    ("a store for each item", "import redis\ndef f(a):\n for k in a:\n  r = redis.Redis(k)\n  print(r.get(k))", []),
    ("a handle that is asked the same", "def f(a):\n for k in a:\n  user_repo.find_by_id(1)", []),
    ("a helper whose result nobody uses",
     "def g(k):\n return X.objects.get(pk=k)\ndef f(a):\n for k in a:\n  g(k)", []),
    ("an awaited helper",
     "async def g(k):\n return X.objects.get(pk=k)\nasync def f(a):\n for k in a:\n  print(await g(k))", [5]),
    ("the first of a query", "def f(a):\n for k in a:\n  print(X.objects.filter(b=k).order_by('c')[0])", [3]),
    ("the first of what there is", "def f(a, rows):\n for k in a:\n  print(rows[0], X.objects.none()[k])", []),
    ("what passes is little",
     "def f(a):\n if len(a) > 5:\n  raise E\n for k in a:\n  X.objects.get(pk=k)", []),
    ("what passes is much",
     "def f(a):\n if len(a) > 500:\n  raise E\n for k in a:\n  X.objects.get(pk=k)", [5]),
    ("what passes is counted apart",
     "def f(a, b):\n if len(b) > 5:\n  raise E\n for k in a:\n  X.objects.get(pk=k)", [5]),
    ("a question after the loop",
     "def f(a):\n for k in a:\n  X.objects.get(pk=k)\n if len(a) > 5:\n  return", [3]),
    ("the first that is found",
     "def f(a):\n for k in a:\n  x = X.objects.filter(b=k).first()\n  if x:\n   return x", []),
    ("the first that is free", "def f(a):\n for k in a:\n  if not X.objects.filter(b=k).exists():\n   return k", []),
    ("any that is missing",
     "def f(a):\n for k in a:\n  if not X.objects.filter(b=k).exists():\n   return False", [3]),
    ("all are looked at until one is missing",
     "def f(a):\n for k in a:\n  x = X.objects.filter(b=k).first()\n  if not x:\n   break\n  print(x)", [3]),
    ("the first that can be read", "def f(a):\n for k in a:\n  try:\n   x = X.objects.get(b=k)\n"
     "  except X.DoesNotExist:\n   continue\n  return x", []),
    ("after a failure", "def f(a):\n for k in a:\n  error = work(k)\n  if error is None:\n   continue\n"
     "  print(X.objects.get(b=k))", []),
    ("after a failure, in a comprehension",
     "def f(a):\n for e in a:\n  if not error:\n   continue\n return [X.objects.get(b=k) for k in a]", [5]),
    ("after something has failed",
     "def f(a):\n for k in a:\n  error = work(k)\n  if not error:\n   continue\n  print(X.objects.get(b=k))", []),
    ("a short answer for little",
     "def f(a):\n if a:\n  return []\n if a.size > 5:\n  return []\n for k in a:\n  X.objects.get(pk=k)", [7]),
    ("after a choice",
     "def f(a):\n for k in a:\n  kind = work(k)\n  if kind is None:\n   continue\n  print(X.objects.get(b=k))", [6]),
    ("rows that are locked by text",
     "def f(c, a):\n for k in a:\n  c.execute('SELECT a FROM x WHERE b = %s FOR UPDATE', (k,))\n  c.fetchone()", []),
    ("of two literals",
     "def f(b):\n if b:\n  a = [1]\n else:\n  a = [1, b]\n for k in a:\n  X.objects.get(pk=k)", []),
    ("of a literal or what is given",
     "def f(b):\n if b:\n  a = [1]\n else:\n  a = b\n for k in a:\n  X.objects.get(pk=k)", [7]),
    ("options of one thing", "def f(a):\n for k, v in a.options.items():\n  X.objects.get(key=k)", []),
    ("the best five", "def f(a):\n for k in best_5(a):\n  X.objects.get(pk=k)", []),
    ("the best fifty",
     "def best_50(a):\n return sorted(a)[:50]\ndef f(a):\n for k in best_50(a):\n  X.objects.get(pk=k)", [5]),
    ("one finding for a call of a store", "from sqlalchemy.orm import Session\ndef f(db: Session, a):\n for k in a:\n"
     "  print(db.get(User, k.user_id), db.get(User, k.owner_id))", [4]),
    ("one finding for each class of a store",
     "from sqlalchemy.orm import Session\ndef f(db: Session, a):\n for k in a:\n"
     "  print(db.get(User, k.user_id))\n  print(db.get(Team, k.team_id))", [4, 5]),
    ("a walk through a tree", "def g(k):\n return [X.objects.get(pk=g(j)) for j in k]", []),
    ("what belongs to one row",
     DJANGO + "def f(x):\n return [Y.objects.get(pk=k.pk) for k in x.lines.all()]", []),
    ("a page for operators",
     "@staff_member_required\ndef f(request, a):\n return [X.objects.get(pk=k) for k in a]", []),
    ("a turn that waits for another service",
     "import requests\ndef f(a):\n for k in a:\n  X.objects.get(pk=k)\n  requests.post('https://x.org', json=k)", []),
    ("a turn that writes, called by nobody", "def f(a):\n for k in a:\n  x = X.objects.get(pk=k)\n  x.save()", []),
    ("rows of what belongs to one row",
     DJANGO + "def f(x):\n for k in x.lines.all():\n  for y in Y.objects.filter(line=k):\n   y.save()", [4]),
    ("rows that belong to what belongs to one row",
     DJANGO + "def f(x):\n for k in x.lines.all():\n  for y in k.parts.filter(a=1):\n   print(y)", []),
    ("rows of one row in library code",
     DJANGO + "def f(x):\n return [Y.objects.get(line=k) for k in Paper.objects.filter(folder=x)]", []),
    ("rows of one row in a request",
     DJANGO + "def f(request, x):\n return [Y.objects.get(line=k) for k in Paper.objects.filter(folder=x)]", [3]),
    ("a table of data for each",
     "def f(a):\n for k in a:\n  pandas.read_sql('SELECT b FROM x WHERE c = %s', e, params=[k])", []),
    ("rows that a repository locks",
     "async def f(a, order_repository):\n for k in a:\n"
     "  x = await order_repository.get_by_key(k, for_update=True)\n  yield x.c", []),
    ("rows of a repository",
     "async def f(a, order_repository):\n for k in a:\n  x = await order_repository.get_by_key(k)\n  yield x.c", [3]),
    ("rows picked out of a query that is there",
     "def f(a):\n rows = X.objects.all()\n for k in a:\n  x = rows.get(pk=k)\n  x.save()", [4]),
    ("rows of an expression", "def f(a):\n for k in a:\n  x = (X if k else Y).objects.get(pk=k)\n  x.save()", []),
    ("a turn that writes what was sent",
     "def f():\n for k in request.json['a']:\n  x = X.objects.get(pk=k)\n  x.save()", [3]),
    ("a turn that sends", "def f(a):\n for k in a:\n  x = X.objects.get(pk=k)\n  send_text(x)", [3]),
    ("a helper that is given the collection",
     "def g(name, k):\n return db[name].find_one({'a': k})\ndef f(a):\n for k in a:\n  print(g('x', k))", []),
    ("a helper that looks up something else",
     "def g(k):\n return X.objects.get(pk=1)\ndef f(a):\n for k in a:\n  print(g(k))", []),
    ("a helper that reads through a name",
     "def g(k):\n key = k.pk\n return X.objects.get(pk=key)\ndef f(a):\n for k in a:\n  print(g(k))", [6]),
    ("the rows of a prefetch", DJANGO + "def f(a):\n for k in a:\n  print(k.b.all())", []),
]  # fmt: skip

SENT = "def f(request):\n p = P.objects.create(name=1)\n for k in request.data['a']:\n"
WRITES = [
    ("parts of one thing",
     DJANGO + "def f(x, tags):\n for tag in tags:\n  X.objects.create(of=x, tag=tag)", []),
    ("rows by the name", DJANGO + "def f(x, new_rows):\n for k in new_rows:\n  X.objects.create(of=x, key=k)", [4]),
    ("rows by the function",
     DJANGO + "def bulk_tie(x, codes):\n for code in codes:\n  X.objects.create(of=x, code=code)", [4]),
    ("what is left over",
     DJANGO + "def f(given):\n old = X.objects.exclude(key__in=given)\n for x in old:\n  x.delete()", []),
    ("a row by its key", DJANGO + "def f(k):\n for x in X.objects.filter(pk=k):\n  x.a = 1\n  x.save()", []),
    ("what one row has", DJANGO + "def f(y):\n for x in Paper.objects.filter(folder=y):\n  x.a = 1\n  x.save()", []),
    ("what one row has many of",
     DJANGO + "def f(y):\n for x in Vote.objects.filter(poll=y):\n  x.a = 1\n  x.save()", [5]),
    ("parts of one thing", SENT + "  X.objects.create(p=p, k=k)", []),
    ("parts of one thing that are saved", SENT + "  x = X(p=p, k=k)\n  x.save()", []),
    ("things by themselves", SENT + "  X.objects.create(k=k, size=2, more=request.data)", [4]),
    ("parts of what is updated", SENT + "  X.objects.filter(p=p, k=k).update(done=True)", []),
    ("a row to which others are tied",
     DJANGO + "from app.models import X\ndef f(ids):\n for k in ids:\n  x = X(b=k)\n  x.save()\n  print(Y(x=x))", []),
    ("a row whose key is asked for",
     DJANGO + "from app.models import X\ndef f(ids):\n for k in ids:\n  x = X(b=k)\n  x.save()\n  k.key = x.pk", []),
    ("a row and another",
     DJANGO + "from app.models import X\ndef f(ids):\n for k in ids:\n  x = X(b=k)\n  x.save()\n  print(k.pk, b=k)",
     [6]),
    ("a row that was just made",
     DJANGO + "def f(ids, u):\n for k in ids:\n  x, new = X.objects.get_or_create(pk=k)\n"
     "  if new:\n   x.by = u\n   x.save()", []),
    ("one key", DJANGO + "def f(ids):\n for k in ids:\n  if k == 'x':\n   X.objects.create(pk=k)", []),
    ("an exception",
     DJANGO + "def f(ids, g):\n for k in ids:\n  if k.b:\n"
     "   if k.c:\n    X.objects.create(pk=k)\n    continue\n  g(k)", []),
    ("one of two ways",
     DJANGO + "def f(ids, g):\n for k in ids:\n  if k.b:\n   X.objects.create(pk=k)\n   continue\n  print(k)", [5]),
    ("rows of a query",
     "from django.db import models\ndef f():\n for x in X.objects.all():\n  x.a = 1\n  x.save()", [5]),
    ("rows by name", DJANGO + "def f(rows):\n for row in rows:\n  row.save()", []),
    ("rows of another", DJANGO + "def f(o):\n for row in o.lines.filter(a=1):\n  row.save()", []),
    ("a row that the turn has made",
     DJANGO + "def f(ids):\n for k in ids:\n  x = X.objects.create(a=k)\n  print(x)\n"
     "  Y.objects.filter(x=x).update(b=k)", [4]),
    ("what decides what is done for the item",
     "def f(cursor, rows, gone):\n for row in rows:\n  cursor.execute('DELETE FROM x WHERE a = %s', (row,))\n"
     "  if cursor.rowcount:\n   gone.append(row)", []),
    ("what is only counted",
     "def f(cursor, rows):\n n = 0\n for row in rows:\n  cursor.execute('DELETE FROM x WHERE a = %s', (row,))\n"
     "  n += cursor.rowcount", [4]),
    ("columns of rows of a class that is given",
     DJANGO + "def f(model):\n for x in model.objects.all():\n  x.count()\n  x.save(update_fields=['a'])", [5]),
    ("told of by a note on the row",
     DJANGO + "def f():\n for x in X.objects.all():\n  x.a = 1\n  x._by = 2\n  x.save()", []),
    ("told of how it was",
     DJANGO + "def f():\n for x in X.objects.all():\n  x.snapshot()\n  x.a = 1\n  x.save()", []),
    ("beside work on the item",
     DJANGO + "def f(ids):\n for x in X.objects.all():\n  Y.objects.filter(x=x).update(a=1)\n  x.retrace()", []),
    ("what the file makes for a key",
     "from django.core.cache import cache\ndef g(k):\n return k * 2\n"
     "def f(rows):\n for k in rows:\n  cache.set(k.id, g(k))", []),
    ("what each brings for its key",
     "from django.core.cache import cache\ndef f(rows):\n for k in rows:\n  cache.set(k.id, k.value)", [4]),
    ("what an argument has under one name",
     DJANGO + "def import_all(options):\n for k in options.get('a', {}).values():\n  X.objects.create(a=k)", []),
    ("rows of a class that is given",
     DJANGO + "def f(model):\n for x in model.objects.all():\n  x.a = 1\n  x.save()", []),
    ("saved in another way", DJANGO + "def f():\n for x in X.objects.all():\n  x.delete(hard=True)", []),
    ("a history is kept", DJANGO + "import reversion\ndef f():\n for x in X.objects.all():\n  x.a = 1\n  x.save()", []),
    ("a history is deleted", DJANGO + "import reversion\ndef f():\n for x in X.objects.all():\n  x.delete()", [5]),
    ("the key of each row",
     "def f(c, ids):\n for k in ids:\n  c.execute('INSERT INTO a VALUES (%s)', k)\n  g(c.lastrowid)",
     []),
    ("a part of the rows at a time", "def f(session, a):\n for part in a.partitions():\n  for k in part:\n   k.a = 1\n"
     "  session.commit()", []),
    ("a flush of what was missing",
     "def f(session, ids):\n for k in ids:\n  if k.new:\n   session.add(k)\n   session.flush()",
     []),
    ("rows that are made",
     DJANGO + "from app.models import X\ndef f(ids):\n for k in ids:\n  x = X(k)\n  x.save()", [6]),
    ("a class with its own save", DJANGO + "class X(models.Model):\n def save(self): pass\n"
     "def f():\n for x in X.objects.all():\n  x.a = 1\n  x.save()", []),
    ("a class with its own save is made",
     DJANGO + "class X(models.Model):\n def save(self): pass\ndef f(ids):\n for k in ids:\n  X.objects.create(k=k)",
     []),
    ("a class with its own save is deleted", DJANGO + "class X(models.Model):\n def save(self): pass\n"
     "def f():\n for x in X.objects.all():\n  x.delete()", [6]),
    ("a row of a tree", DJANGO + "class X(MP_Node):\n a = models.IntegerField()\n"
     "def f(ids):\n for k in ids:\n  X.objects.create(k=k)", []),
    ("added in the database",
     DJANGO + "def f(ids):\n for k in ids:\n  X.objects.filter(a=k).update(n=F('n') + k.n)", []),
    ("values of each item", DJANGO + "def f(ids):\n for k in ids:\n  X.objects.filter(a=k).update(n=k.n)", [4]),
    ("the same addition", DJANGO + "def f(ids):\n for k in ids:\n  X.objects.filter(a=k).update(n=F('n') + 1)", [4]),
    ("many keys of an item", DJANGO + "def f(ids):\n for k in ids:\n  X.objects.filter(b__in=k.ids).update(c=1)", []),
    ("a table of the item",
     "from sqlalchemy import delete\ndef f(c, ids):\n for t in ids:\n  c.execute(delete(t))", []),
    ("a row that is returned",
     "async def f(db, ids):\n for k in ids:\n  r = await db.fetchrow('UPDATE x SET a = 1 WHERE b = $1 RETURNING c', k)",
     []),
    ("a flush for the key", "def f(session, ids):\n for k in ids:\n  x = X(k)\n  session.add(x)\n  session.flush()\n"
     "  session.add(Y(x=x.id, k=k))", []),
    ("a flush for nothing",
     "def f(session, ids):\n for k in ids:\n  x = X(k)\n  session.add(x)\n  session.flush()\n  print(k.id)", [5]),
    ("all keys of an item",
     "import redis\nr = redis.Redis(socket_timeout=1)\ndef f(ids):\n for k in ids:\n  r.delete(*k)", []),
    ("tied to others", DJANGO + "def f(ids):\n for k in ids:\n  x = X.objects.create(k=k)\n  x.files.set(k.files)", []),
    ("saved and tied to others", DJANGO + "def f(ids):\n for k in ids:\n  x = X.objects.create(k=k)\n  x.save()\n"
     "  x.files.set(k.files)", []),
    ("what is wrong", DJANGO + "def f():\n errors = []\n for x in X.objects.all():\n  if x.size > 9:\n"
     "   errors.append(x.name)\n   x.delete()", []),
    ("of what is right", DJANGO + "def f():\n found = []\n for x in X.objects.all():\n  if x.size > 9:\n"
     "   found.append(x.name)\n   x.delete()", [7]),
    ("a comment says why", DJANGO + "def f():\n for x in X.objects.all():  # signals\n  x.save()", []),
    ("objects of a store", "from django.db import models\ndef f():\n for log in logs():\n  log.delete()", []),
    ("each item a batch", "def f(c, ids):\n for k in ids:\n  c.execute('DELETE FROM x WHERE y = %s', [k])\n"
     "  g(k).to_sql('x')", []),
    ("each item a group",
     "def f(ids):\n r = group_by(a, 'b')\n for k, rows in r.items():\n"
     "  ids = {x.id for x in rows}\n  X.objects.filter(pk__in=ids).update(b=k)", []),
    ("files that have moved",
     "from django.db import models\ndef f():\n for x in X.objects.all():\n  x.name = default_storage.save(x.old, x)\n"
     "  x.save()", []),
    ("forms", "from django.db import models\ndef f(forms):\n for form in forms:\n  form.save()", []),
    ("no such library", "def f(rows):\n for row in rows:\n  row.save()", []),
    ("pictures", "from django.db import models\ndef f(rows):\n for row in rows:\n  row.save('x.png')", []),
    ("worked on", DJANGO + "def f():\n for row in X.objects.all():\n  work(row)\n  row.save()", []),
    ("made and started", "def f(rows):\n for row in rows:\n  x = X.objects.create(a=row)\n  x.start()", []),
    ("made and changed", "def f(rows):\n for row in rows:\n  x = X.objects.create(a=row)\n  x.b = row.b", [3]),
    ("committed and merged",
     "def f(session, rows):\n for row in rows:\n  row.a = 1\n  session.flush()\n  join(row)", []),
    ("others are told", "def f(s, rows):\n for row in rows:\n  row.a = 1\n  s.session.commit()\n  notify(row)", []),
    ("a commit each", "def f(session, rows):\n for row in rows:\n  session.add(row)\n  session.commit()", [4]),
    ("a commit of nothing", "def f(session, rows):\n for row in rows:\n  print(row)\n  session.commit()", []),
    ("a savepoint each",
     "def f(session, rows):\n for row in rows:\n  with session.begin():\n   session.add(row)\n   session.flush()", []),
    ("many at a time", "def f(session, rows):\n for row in rows:\n  session.execute(insert(X), row.parts)", []),
    ("bulk per parent", "def f(rows):\n for row in rows:\n  X.objects.bulk_create(row.parts)", []),
    ("somebody else's service", "def f(rows):\n for row in rows:\n  self.service.update_one(row.id, row)", []),
    ("documents", "def f(c, rows):\n for row in rows:\n  c.replace_one({'_id': row}, row)", [3]),
    ("one finding for a loop",
     "def f(c, rows):\n for row in rows:\n  c.insert_one(row)\n  c.delete_one({'a': row})", [3]),
    ("a statement of SQL", "def f(c, rows):\n for row in rows:\n  c.execute('INSERT INTO a VALUES (%s)', row)", [3]),
    ("a statement for many",
     "def f(c, rows):\n for row in rows:\n  c.executemany('INSERT INTO a VALUES (%s)', row.parts)", []),
    ("found or made", DJANGO + "def f(rows):\n for row in rows:\n  X.objects.update_or_create(a=row)", [4]),
    ("a lock", DJANGO + "def f(rows):\n for row in rows:\n  X.objects.select_for_update().update(a=row)", []),
    ("a service's document", "def f(api, rows):\n for row in rows:\n  api.update_one(row)", []),
    ("a filter by name", "def f(c, rows):\n for row in rows:\n  c.delete_one(row_filter)", []),
    ("the same row each time", DJANGO + "def f(rows, total):\n for row in rows:\n  total.save()", []),
    ("an attribute", DJANGO + "def f(rows):\n for row in rows:\n  row.owner.save()", []),
    ("saved twice",
     DJANGO + "def f():\n for row in X.objects.all():\n  row.a = 1\n  row.save()\n  row.b = 1\n  row.save()", []),
    ("beside a call of another service",
     DJANGO + "import requests\ndef f():\n for row in X.objects.all():\n  requests.get('https://a')\n  row.save()", []),
    ("with what another service has answered",
     DJANGO + "def f():\n for row in X.objects.all():\n  resp = ask(1)\n  row.a = resp.json()\n  row.save()", []),
    ("waiting between",
     DJANGO + "import time\ndef f():\n for row in X.objects.all():\n  time.sleep(1)\n  row.save()", []),
    ("a class that is made of it",
     DJANGO + "def f():\n for row in X.objects.all():\n  Line(row)\n  row.save()", [5]),
    ("logged", DJANGO + "def f():\n for row in X.objects.all():\n  logger.info(row)\n  row.save()", [5]),
    ("raised again", "def f(rows):\n for row in rows:\n  try:\n   X.objects.create(a=row)\n  except E:\n   raise", [4]),
    ("goes on", "def f(rows):\n for row in rows:\n  try:\n   X.objects.create(a=row)\n  except E:\n   print(row)", []),
]  # fmt: skip

LAZY = [
    ("a foreign key", "def f():\n for s in Ship.objects.all():\n  s.owner.name", 1),
    ("once for each relation", "def f():\n for s in Ship.objects.all():\n  s.owner.name\n  s.owner.age", 1),
    ("loaded", "def f():\n for s in Ship.objects.select_related('owner'):\n  s.owner.name", 0),
    ("loaded with all", "def f():\n for s in Ship.objects.select_related():\n  s.owner.name", 0),
    ("another one loaded", "def f():\n for s in Ship.objects.select_related('port'):\n  s.owner.name", 1),
    ("the same owner", "def f(o):\n for s in Ship.objects.filter(owner=o):\n  s.owner.name", 0),
    ("its id", "def f():\n for s in Ship.objects.all():\n  s.owner_id", 0),
    ("a manager", "def f():\n for s in Ship.objects.all():\n  s.ports.all()", 1),
    ("a manager that is narrowed", "def f():\n for s in Ship.objects.all():\n  s.ports.filter(a=1)", 0),
    ("a manager that is only named", "def f():\n for s in Ship.objects.all():\n  g(s.ports)", 0),
    ("a back reference", "def f():\n for s in Ship.objects.all():\n  s.voyage_set.all()", 1),
    ("a property", "def f():\n for s in Ship.objects.all():\n  s.label.x", 0),
    ("a query of the project's own", "def f():\n for s in Ship.objects.with_all():\n  s.owner.name", 0),
    ("given rows", "def f(ships):\n for s in ships:\n  s.owner.name", 0),
    ("one row", "def f():\n s = Ship.objects.get(pk=1)\n s.owner.name", 0),
    ("given in the turn", "def f():\n for s in Ship.objects.all():\n  with t():\n   s.owner = g(s)\n  s.owner.name", 0),
    ("given after it", "def f():\n for s in Ship.objects.all():\n  s.owner.name\n  s.owner = g(s)", 1),
    ("given to another", "def f(t):\n for s in Ship.objects.all():\n  t.owner = s.a = 1\n  s.owner.name", 1),
    ("values", "def f():\n for s in Ship.objects.values('a'):\n  s.owner.name", 0),
    ("a set", "def f():\n for s in Ship.objects.all():\n  s.owner = None", 0),
    ("a list of the rows", "def f():\n rows = list(Ship.objects.all())\n return [s.owner.name for s in rows]", 1),
    ("a few", "def f():\n for s in Ship.objects.all()[:5]:\n  s.owner.name", 0),
    ("prefetched later",
     "def f():\n q = Ship.objects.all()\n prefetch_related_objects(q, 'owner')\n for s in q:\n  s.owner", 0),
]  # fmt: skip

CALLS = [
    ("a prompt",
     "import requests\ndef f(a):\n for k in a:\n  b = {'messages': [k]}\n"
     "  requests.post('https://x.org/v1', json=b)", []),
    ("one key",
     "import requests\ndef f(a):\n for k in a:\n  if k == 'x':\n"
     "   requests.post('https://x.org/v1', json={'k': k})", []),
    ("a thing", "import requests\ndef f(a):\n for k in a:\n  requests.post('https://x.org/v1', json={'k': k})", [4]),
    ("a sender by its name", "def f(a):\n for x in a:\n  send_email(x)", [3]),
    ("a sender of the item", "def f(a):\n for x in a:\n  x.send_email('now')", []),
    ("a sender of the file", "def send_email(x): print(x)\ndef f(a):\n for x in a:\n  send_email(x)", []),
    ("to one host", "import requests\ndef f(a):\n for x in a:\n  requests.get(f'https://api.test/{x}')", [4]),
    ("to the item's host", "import requests\ndef f(a):\n for x in a:\n  requests.post(x.url)", []),
    ("to the item's host by name",
     "import requests\ndef f(a):\n for x in a:\n  u = f'{x.host}/y'\n  requests.get(u)", []),
    ("an address that is given", "import requests\ndef f(a):\n for url in a:\n  requests.get(url)", []),
    ("until one answers",
     "import requests\ndef f(a):\n for x in a:\n  r = requests.get(f'https://api.test/{x}')\n  if r:\n   return r", []),
    ("a message that was made for it",
     "from sendgrid import X\ndef f(a):\n for x in a:\n  m = Mail(x)\n  m.send()", []),
    ("until one is found",
     "import requests\ndef f(a):\n for x in a:\n  if requests.get(f'https://api.test/{x}').ok:\n   break", []),
    ("an inner loop that ends",
     "def f(a):\n for x in a:\n  for y in x:\n   break\n  send_email(x)", [5]),
    ("a helper", "import requests\nB = 'https://api.test/'\ndef g(x):\n return requests.get(B + x).json()\n"
     "def f(a):\n for x in a:\n  g(x)", [7]),
    ("a helper that remembers", "import requests\nB = 'https://api.test/'\ndef g(x):\n if x in cache: return 1\n"
     " return requests.get(B + x).json()\ndef f(a):\n for x in a:\n  g(x)", []),
    ("a helper that is given the address",
     "import requests\ndef g(url):\n return requests.get(url).json()\ndef f(a):\n for x in a:\n  g(x)", []),
    ("a helper of each item",
     "import requests\nclass A:\n def g(self, x):\n  return requests.get('https://a.test/' + x)\n"
     "def f(a):\n for x in a:\n  y = A()\n  x.g(x)", []),
    ("a download", "import requests\ndef f(a):\n for x in a:\n  requests.get(f'https://api.test/{x}').content", []),
    ("always the same", "import requests\ndef f(a):\n for x in a:\n  requests.get('https://api.test')", []),
    ("those who run it", "def f(admin_emails):\n for x in admin_emails:\n  send_email(x)", []),
    ("until one fails", "def f(a):\n for x in a:\n  if not send_email(x):\n   break", [3]),
    ("pages", "import requests\ndef f(a):\n for page in range(a):\n  requests.get(f'https://api.test/{page}')", []),
]  # fmt: skip


def test_items_that_may_be_missing() -> None:
    (read,) = reads(model("def f(a):\n for k in list(a.get('b')) or []:\n  X.objects.get(pk=k)"))
    assert read.items == "a.get()"


def _ids(cases: list[tuple[str, str, object]]) -> list[str]:
    return [case[0] for case in cases]


@pytest.mark.parametrize(("name", "source", "lines"), READS, ids=_ids(READS))  # type: ignore[arg-type]
def test_reads(name: str, source: str, lines: list[int]) -> None:
    assert sorted(read.node.lineno for read in reads(model(source))) == lines


@pytest.mark.parametrize(("name", "source", "lines"), WRITES, ids=_ids(WRITES))  # type: ignore[arg-type]
def test_writes(name: str, source: str, lines: list[int]) -> None:
    assert sorted(write.node.lineno for write in writes(model(source))) == lines


@pytest.mark.parametrize(("name", "source", "number"), LAZY, ids=_ids(LAZY))  # type: ignore[arg-type]
def test_lazy_relations(name: str, source: str, number: int) -> None:
    assert len(list(lazy_relations(model(DJANGO + SHIP + source)))) == number


def test_what_the_row_has_itself() -> None:
    text = (
        "def f(a):\n for s in Ship.objects.all(): print(s.owner.pk)\n for t in Ship.objects.all(): print(t.owner.name)"
    )
    found = [lazy.instead for lazy in lazy_relations(model(DJANGO + SHIP + text))]
    assert [each.endswith(", or take owner_id") for each in found] == [True, False]


@pytest.mark.parametrize(("name", "source", "lines"), CALLS, ids=_ids(CALLS))  # type: ignore[arg-type]
def test_calls(name: str, source: str, lines: list[int]) -> None:
    assert sorted(call.node.lineno for call in calls(model(source + ASKED))) == lines


def test_calls_for_which_no_request_waits() -> None:
    posts = "import requests\ndef f(a):\n for k in a:\n  requests.post('https://x.org/v1', json={'k': k})"
    gets = "import requests\ndef g(k):\n requests.get('https://x.org/' + k)\ndef f(a):\n for k in a:\n  g(k)"
    assert [list(calls(model(source))) for source in (posts, gets)] == [[], []]
