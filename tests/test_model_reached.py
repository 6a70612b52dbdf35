"""Reachability: what nothing in a project comes to has no findings."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from support import analyse, model

from flake8_scalability.model.running.reached import is_reached
from flake8_scalability.options import Settings

#: What the server of each project loads.
SERVER = (
    "from fastapi import FastAPI\nfrom shop import orders\nfrom shop.parcels import {taken}\napp = FastAPI()\n{more}\n"
)


def reached(folder: Path, source: str, taken: str = "send", more: str = "", extra: str = "") -> bool:
    """Whether the line with `here` is reached, in a project whose server does something with the module."""
    (folder / ".git").mkdir()
    (folder / "shop").mkdir()
    text = textwrap.dedent(source)
    files = {
        "__init__.py": "",
        "server.py": SERVER.format(taken=taken, more=more),
        "orders.py": extra,
        "parcels.py": text,
    }
    for name, content in files.items():
        (folder / "shop" / name).write_text(content, encoding="utf-8")
    number = next(number for number, line in enumerate(text.splitlines(), 1) if "here" in line)
    return is_reached(number, model(text, str(folder / "shop/parcels.py"), Settings()))


SENDS = """
    def send():
        _post()

    def _post():
        here()
    """
METHOD = """
    class Sender:
        def send(self):
            self._post()

        def _post(self):
            here()

    send = Sender().send
    """


@pytest.mark.parametrize(
    ("source", "taken", "more"),
    [
        (SENDS, "send", "send()"),
        (SENDS, "send as out", "out()"),
        (SENDS, "*", "app.add_route(send)"),
        (SENDS, "other", "jobs = ['shop.parcels.send']"),
        (SENDS, "other", "@app.post('/')\ndef send():\n    parcels.send()\n"),
        (SENDS, "send", "def post():\n    send()\n\napp.add_route(post)\n"),
        (SENDS, "send", "class Posts(Base):\n    def post(self):\n        send()\n"),
        (SENDS, "send", "class Posts(View):\n    def post(self):\n        send()\n\nroutes = [Posts.as_view()]\n"),
        ("class Send(LoginRequiredMixin, ListAPIView):\n    here()\n", "Send", "routes = [Send.as_view()]"),
        ("class Send(OwnView, APIView):\n    here()\n", "other", ""),
        ("@login_required\n@cache_page(9)\ndef send(request):\n    here()\n", "send", "urls = [path('', send)]"),
        ("@app.get('/')\n@login_required\ndef send():\n    here()\n", "other", ""),
        (METHOD, "send", "send()"),
        ("@hook\ndef send():\n    here()\n", "other", ""),
        ("@task\ndef send():\n    here()\n", "send", "send.delay()"),
        ("@task\ndef send():\n    here()\n", "other", "CELERY_BEAT_SCHEDULE = {'a': {'task': 'shop.parcels.send'}}"),
        ("@task(run_every=crontab(minute=5))\ndef send():\n    here()\n", "other", ""),
        ("@task\ndef send():\n    here()\n", "other", "APPS = ['django_celery_beat']"),
        ("@lru_cache\ndef send():\n    here()\n", "send", "send()"),
        ("def main():\n    here()\n", "other", ""),
        ("def create_app():\n    here()\n", "other", ""),
        ("send = here(1)\n", "other", ""),
        ("here(send)\n", "other", ""),
        ("def send():\n    here()\n\nstart(send)\n", "other", ""),
        ("if FAST:\n    def send():\n        here()\nelse:\n    send = None\n", "send", "send()"),
        ("seen = {}  # here\n\ndef send(x):\n    seen[x] = 1\n", "send", "send(1)"),
        ("LIMITS = {'a': 1}  # here\n", "other", ""),
        ("class Sender(Base):\n    def on_post(self):\n        here()\n", "other", ""),
        ("class Sender:\n    def __call__(self):\n        here()\n", "Sender", "Sender()()"),
        ("class Sender:\n    @hook\n    def post(self):\n        here()\n", "Sender", "Sender()"),
        ("class Sender:\n    def on_post(self):\n        here()\n", "Sender", "getattr(Sender(), f'on_{verb}')()"),
        (
            "class Sender:\n    def on_post(self, req, resp):\n        here()\n",
            "Sender",
            "falcon.App().add_route('/', Sender())",
        ),
        ("class Sender:\n    limit = here\n", "Sender", "Sender()"),
        (
            "class Sender:\n    class Inner:\n        def post(self):\n            here()\n",
            "Sender",
            "Sender.Inner().post()",
        ),
        ("router = APIRouter()\n\n@router.get('/')\ndef send():\n    here()\n", "router", "app.include_router(router)"),
        ("router = APIRouter()\n\n@router.get('/')\ndef send():\n    here()\n\nmount(router)\n", "other", ""),
        ("import here\n", "other", ""),
    ],
)
def test_reached(tmp_path: Path, source: str, taken: str, more: str) -> None:
    assert reached(tmp_path, source, taken, more)


@pytest.mark.parametrize(
    ("source", "taken", "more"),
    [
        (SENDS, "other", ""),
        (SENDS, "send", ""),
        (SENDS, "send as out", ""),
        ("def send():\n    here()\n\ndef send():\n    pass\n", "send", "send()"),
        (SENDS, "send", "# send()"),
        (SENDS, "send", "def post():\n    send()\n"),
        (SENDS, "send", "def post():\n    again()\n    send()\n\ndef again():\n    post()\n"),
        (SENDS, "send", "@lru_cache\ndef post():\n    send()\n"),
        (SENDS, "send", "class Posts:\n    def post(self):\n        send()\n"),
        (SENDS, "send", "class Posts(View):\n    def post(self):\n        send()\n"),
        ("class Send(LoginRequiredMixin, ListAPIView):\n    here()\n", "Send", "# routes = [Send.as_view()]"),
        ("@login_required\n@cache_page(9)\ndef send(request):\n    here()\n", "send", ""),
        (SENDS, "other", "def send():\n    pass\n\nsend()"),
        ("def send():\n    send()\n    here()\n", "other", ""),
        ("@lru_cache\ndef send():\n    here()\n", "other", ""),
        ("@task\ndef send():\n    here()\n", "other", ""),
        ("@app.task(bind=True)\ndef send(self):\n    self.retry()\n    here()\n", "send", ""),
        ("seen = {}  # here\n\ndef send(x):\n    seen[x] = 1\n", "other", ""),
        ("seen = deque()  # here\n\ndef send(x):\n    seen.append(1)\n", "other", ""),
        (
            "class Sender:\n    def post(self):\n        here()\n\n    def get(self):\n        pass\n",
            "Sender",
            "Sender().get()",
        ),
        ("class Sender(ABC):\n    def post(self):\n        here()\n", "Sender", "Sender().get()"),
        (
            "from fastapi import Request\n\nclass Sender:\n    async def checked(self, request: Request):\n"
            "        here()\n",
            "Sender",
            "Sender().get()",
        ),
        (
            "class Sender(Base):\n    def post(self):\n        here()\n\nclass Base:\n    pass\n",
            "Sender",
            "Sender().get()",
        ),
        ("class Sender:\n    def on_post(self):\n        self.on_post()\n        here()\n", "Sender", "Sender()"),
        ("router = APIRouter()\n\n@router.get('/')\ndef send():\n    here()\n", "router", ""),
        (
            "router = APIRouter()\n\n@router.get('/')\ndef send():\n    here()\n\ndef put(to):\n    to.take(router)\n",
            "other",
            "",
        ),
    ],
)
def test_not_reached(tmp_path: Path, source: str, taken: str, more: str) -> None:
    assert not reached(tmp_path, source, taken, more)


def test_what_a_package_only_hands_on_is_not_used(tmp_path: Path) -> None:
    assert not reached(tmp_path, SENDS, "other")
    (tmp_path / "shop/__init__.py").write_text("from .parcels import send\n\n__all__ = ['send']\n", encoding="utf-8")
    assert not is_reached(6, model(SENDS, str(tmp_path / "shop/parcels.py"), Settings()))


def test_a_module_that_nothing_loads_has_no_findings(tmp_path: Path) -> None:
    source = "import requests\n\n@app.get('/')\ndef send():\n    requests.get('https://a.example')\n"
    lonely = tmp_path / "shop/lonely.py"
    lonely.parent.mkdir()
    lonely.write_text(source, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    for name, text in {"server.py": "from shop import orders\napp = FastAPI()\n", "orders.py": ""}.items():
        (tmp_path / "shop" / name).write_text(text, encoding="utf-8")
    assert analyse(source, str(lonely), Settings()) == []
    assert analyse(source, str(lonely), Settings(no_project=True)) != []


def test_outside_of_a_project_everything_is_reached() -> None:
    assert is_reached(1, model("def send(): here()", "/nowhere/at/all/parcels.py", Settings()))
