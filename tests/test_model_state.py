"""Shared state: what is one, who changes it, and which changes count as changes while serving."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.stateless.roles import Role


def changed(source: str) -> dict[str, list[int]]:
    """Return the lines of the changes of each piece of state, elements included."""
    found = model(source)
    return {
        state.name: sorted({change.node.lineno for change in (*state.changes, *state.inner)})  # type: ignore[attr-defined]
        for state in found.shared_state.all
    }


def roles(source: str) -> dict[str, Role]:
    return {found.state.name: found.role for found in model(source).changed_while_serving}


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("x['a'] = 1", "{}"),
        ("x['a']['b'] = 1", "{}"),
        ("x.setdefault('a', []).append(1)", "{}"),
        ("x.update(a=1)", "dict()"),
        ("x.pop('a')", "{'a': 1}"),
        ("del x['a']", "{'a': 1}"),
        ("x['n'] += 1", "{'n': 0}"),
        ("x.append(1)", "[]"),
        ("x += [1]", "[]"),
        ("x.insert(0, 1)", "list()"),
        ("heapq.heappush(x, 1)", "[]"),
        ("x.add(1)", "set()"),
        ("x.discard(1)", "{1}"),
        ("x.appendleft(1)", "collections.deque()"),
        ("x['a'] = 1", "defaultdict(int)"),
        ("next(x)", "itertools.count()"),
        ("x += 1", "0"),
        ("x = x + 1", "0"),
        ("x -= 1", "-1"),
        ("x = 'on'", "'off'"),
        ("x = True", "False"),
    ],
)
def test_a_mutation_shows_state(statement: str, value: str) -> None:
    source = f"import collections, itertools, heapq\nx = {value}\ndef f():\n    global x\n    {statement}\n"
    assert changed(source) == {"x": [5]}


@pytest.mark.parametrize(
    "body",
    [
        "d = jobs\n    d[1] = 2",
        "job = jobs[1]\n    job['done'] = True",
        "job = jobs.get(1)\n    job.update(done=True)",
        "if (job := jobs.get(1)):\n        job['done'] = True",
        "for job in jobs.values():\n        job['done'] = True",
        "for number, job in jobs.items():\n        job.clear()",
        "job = jobs.get(1) or jobs.get(2)\n    job['done'] = True",
    ],
)
def test_local_aliases_are_followed(body: str) -> None:
    assert list(changed(f"jobs = {{}}\ndef f():\n    {body}\n")) == ["jobs"]


@pytest.mark.parametrize(
    "source",
    [
        "x = {'a': 1}\ndef f():\n    return x['a']\n",
        "x = {}\ndef f(x):\n    x['a'] = 1\n",
        "x = {}\ndef f():\n    x = {}\n    x['a'] = 1\n",
        "x = []\ndef f():\n    x = 1\n",
        "x = []\ndef f():\n    y = list(x)\n    return y\n",
        "x = 0\ndef f():\n    x = 1\n    x += 1\n",
        "x = ()\ndef f():\n    y = x + (1,)\n",
        "def f():\n    x = {}\n    def g():\n        x['a'] = 1\n    return g\n",
        "from other import x\ndef f():\n    x['a'] = 1\n",
        "import x\ndef f():\n    x.y = 1\n",
        "class A:\n    def f(self):\n        self.x = {}\n        self.x['a'] = 1\n",
        "class A:\n    def __init__(self):\n        self.x = {}\n    def f(self):\n        self.x['a'] = 1\n",
        "class A:\n    n = 0\n    def f(self):\n        self.n += 1\n",
        "class A:\n    x = None\n    def f(self):\n        self.x = {}\n        self.x['a'] = 1\n",
        "class A(Base):\n    x: list = []\n    def f(self):\n        self.x.append(1)\n",
        "@dataclass\nclass A:\n    x: list = None\n    def f(self):\n        self.x.append(1)\n",
        "def f(request):\n    request.state.x = {}\n    request.state.x['a'] = 1\n",
        "def f():\n    with open('a') as x:\n        x.write('b')\n",
    ],
)
def test_what_is_no_state_or_not_changed(source: str) -> None:
    assert changed(source) == {}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("class A:\n    x = {}\n    def f(self):\n        self.x['a'] = 1\n", "A.x"),
        ("class A:\n    x = {}\n    @classmethod\n    def f(cls):\n        cls.x['a'] = 1\n", "A.x"),
        ("class A:\n    x = {}\ndef f():\n    A.x['a'] = 1\n", "A.x"),
        ("class A:\n    x = []\nclass B(A):\n    def f(self):\n        self.x.append(1)\n", "A.x"),
        ("class A:\n    n = 0\n    def f(self):\n        type(self).n += 1\n", "A.n"),
        ("class A:\n    n = 0\n    def f(self):\n        self.__class__.n += 1\n", "A.n"),
        ("class A:\n    x: ClassVar[list] = []\n    def f(self):\n        self.x.append(1)\n", "A.x"),
        ("app.state.x = {}\ndef f(request):\n    request.app.state.x['a'] = 1\n", "app.state.x"),
        ("app['x'] = set()\nasync def f(request):\n    request.app['x'].add(1)\n", "app['x']"),
        ("app.config['X'] = []\ndef f():\n    current_app.config['X'].append(1)\n", "app.config['X']"),
        ("app.ctx.x = []\ndef f(request):\n    request.app.ctx.x.append(1)\n", "app.ctx.x"),
    ],
)
def test_state_on_classes_and_applications(source: str, name: str) -> None:
    assert list(changed(source)) == [name]


KEEPER = "class A:\n    def __init__(self):\n        self.x = []\n    def f(self):\n        self.x.append(1)\n"


@pytest.mark.parametrize(
    "made", ["a = A()\n", "app.state.a = A()\n", "@lru_cache\ndef a():\n    return A()\n", "ALL = {'a': A()}\n"]
)
def test_instances_that_live_as_long_as_the_process(made: str) -> None:
    assert list(changed(KEEPER + made)) == ["A.x"]


@pytest.mark.parametrize("made", ["", "def g():\n    return A()\n", "def g():\n    a = A()\n    a.f()\n"])
def test_instances_of_a_call_are_no_state(made: str) -> None:
    assert changed(KEEPER + made) == {}


@pytest.mark.parametrize(
    "source",
    [
        "x = None\ndef f():\n    global x\n    if x is None:\n        x = make()\n    return x\n",
        "x = None\ndef f():\n    global x\n    if not x:\n        x = make()\n",
        "x = None\ndef close():\n    global x\n    x = None\n",
        "x = {}\ndef register(name, function):\n    x[name] = function\n",
        "x = {}\ndef d(n):\n    def inner(f):\n        x[n] = f\n        return f\n    return inner\n",
        "x = []\ndef add_handler(handler):\n    x.append(handler)\n",
        "x = {}\ndef load_plugins(names):\n    x['a'] = names\n",
        "x = False\ndef f():\n    global x\n    x = True\n",
        "x = []\ndef create_app():\n    x.append(1)\n",
        "x = []\nx.append(1)\n",
        "x = {}\ndef f():\n    x['lock'] = threading.Lock()\n",
        "tasks = set()\ndef f():\n    task = asyncio.create_task(g())\n    tasks.add(task)\n",
        "x = {'a': 1}\ndef f():\n    x.pop('a')\n",
    ],
)
def test_what_is_no_change_while_serving(source: str) -> None:
    assert roles(source) == {}


@pytest.mark.parametrize(
    ("source", "role"),
    [
        ("price_cache = {}\ndef f(k):\n    price_cache[k] = g(k)\n", Role.CACHE),
        ("x = {}\ndef f(k):\n    if k not in x:\n        x[k] = g(k)\n    return x[k]\n", Role.CACHE),
        (
            "x = {}\ndef f(k):\n    v = x.get(k)\n    if not v:\n        v = g(k)\n        x[k] = v\n    return v\n",
            Role.CACHE,
        ),
        ("sessions = {}\ndef f(k):\n    sessions[k] = 1\n", Role.SESSIONS),
        ("x = {}\ndef f(user_id, text):\n    x[user_id] = text\n", Role.SESSIONS),
        ("work_queue = []\ndef f(k):\n    work_queue.append(k)\n", Role.QUEUE),
        ("x = []\ndef f(k):\n    x.append(k)\ndef g():\n    return x.pop(0)\n", Role.QUEUE),
        ("n = 0\ndef f():\n    global n\n    n += 1\n", Role.COUNTER),
        ("x = {}\ndef f(k):\n    x[k] = x.get(k, 0) + 1\n", Role.COUNTER),
        ("x = itertools.count()\ndef f():\n    return next(x)\n", Role.COUNTER),
        ("x = []\ndef f(websocket):\n    x.append(websocket)\n", Role.CONNECTIONS),
        ("rate_limits = {}\ndef f(k):\n    rate_limits[k] = time.time()\n", Role.LIMITER),
        (
            "x = {}\ndef f(k):\n    if time.time() - x.get(k, 0) < 5:\n        return\n    x[k] = time.time()\n",
            Role.LIMITER,
        ),
        ("jobs = {}\ndef f(k):\n    jobs[k] = 'queued'\n", Role.OTHER),
        ("jobs = {}\ndef f(user_id):\n    jobs[user_id] = 'queued'\n", Role.OTHER),
    ],
)
def test_roles(source: str, role: Role) -> None:
    assert list(roles(source).values()) == [role]
