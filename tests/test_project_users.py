"""Who uses what a module of a project defines: by way of other definitions, of packages and of methods."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_scalability.project.users import is_called_by_bases, is_method_used, is_used_elsewhere

#: The module that is asked about: a class with a method that another of its methods calls.
AGENTS = """
class Agents:
    def create(self):
        return self._draw()

    def _draw(self):
        return self._draw()


def make():
    return Agents()
"""
SERVER = "from fastapi import FastAPI\nfrom shop import agents, facade, jobs\napp = FastAPI()\n"


def project(folder: Path, **modules: str) -> str:
    """Lay out a project of a server, a module of agents and two more; return the file of the agents."""
    (folder / ".git").mkdir()
    (folder / "shop").mkdir()
    given = {"server": SERVER, "agents": AGENTS, "facade": "", "jobs": "", "__init__": "", **modules}
    for name, text in given.items():
        (folder / f"shop/{name}.py").write_text(text, encoding="utf-8")
    return str(folder / "shop/agents.py")


@pytest.mark.parametrize(
    "modules",
    [
        {"server": SERVER + "from shop.agents import make\nmake()\n"},
        {"server": SERVER + "agents.make()\n"},
        {"server": SERVER + "from shop import agents as people\npeople.make()\n"},
        {"server": SERVER + "import shop.agents as people\npeople.make()\n"},
        {"server": SERVER + "from shop.agents import *\nmake()\n"},
        {"server": SERVER + "from shop.agents import make as made\nmade()\n"},
        {"facade": "from .agents import make\n", "server": SERVER + "from shop.facade import make\nmake()\n"},
        {"facade": "from .agents import make as made\n", "server": SERVER + "facade.made()\n"},
        {"facade": "from .agents import make as made\n", "server": SERVER + "from .facade import made\nmade()\n"},
        {"__init__": "from .agents import make\n", "server": SERVER + "import shop\nshop.make()\n"},
        {"jobs": "from .agents import make\n\n@app.get('/')\ndef sweep():\n    make()\n"},
        {"jobs": "from .agents import make\n\ndef main():\n    make()\n"},
        {
            "jobs": "from .agents import make\n\n@app.task\ndef sweep():\n    make()\n",
            "server": SERVER + "jobs.sweep.delay()\n",
        },
        {
            "jobs": "from .agents import make\n\n@app.task\ndef sweep():\n    make()\n",
            "facade": "SCHEDULER = 'django_celery_beat.schedulers:DatabaseScheduler'\n",
        },
        {"jobs": "import discord\nfrom .agents import make\n\n@bot.command()\ndef sweep():\n    make()\n"},
        {"jobs": "from .agents import make\n\n@cli.command()\ndef sweep():\n    while True:\n        make()\n"},
        {"jobs": "import importlib\n\nimportlib.import_module(f'shop.{name}').make()\n"},
        {"jobs": "import faust\nfrom .agents import make\n\n@app.task\ndef sweep():\n    make()\n"},
        {"jobs": "FACTORY = 'shop.agents.make'\n"},
        {"jobs": "FACTORY = 'shop.agents:make'\n"},
        {"jobs": "NAMES = ['make']\n"},
        {"jobs": "from .agents import make\n\n@app.task\n@make\ndef sweep():\n    pass\n"},
        {
            "jobs": "from .agents import make\n\nclass Job:\n    pass\n\nclass Sweep(Job):\n    def __init__(self):\n"
            "        make()\n"
        },
        {"server": SERVER + "for module in (agents, jobs):\n    module.make()\n"},
        {"jobs": "from .agents import make\n\nclass Sweep(Job):\n    def sweep(self):\n        make()\n"},
        {
            "jobs": "from .agents import make\n\nclass Sweep:\n    def go(self):\n        make()\n\ndef go():\n"
            "    Sweep().go()\n",
            "server": SERVER + "jobs.go()\n",
        },
        {"jobs": "from .agents import make\n\nclass Sweep:\n    def __init__(self):\n        make()\n\nSweep()\n"},
        {
            "jobs": "from .agents import make\nrouter = APIRouter()\n\n@router.post('/')\ndef go():\n    make()\n",
            "server": SERVER + "app.include_router(jobs.router)\n",
        },
    ],
)
def test_used(tmp_path: Path, modules: dict[str, str]) -> None:
    assert is_used_elsewhere("make", project(tmp_path, **modules))


@pytest.mark.parametrize(
    "modules",
    [
        {},
        {"server": SERVER + "from shop.agents import make\n"},
        {"facade": "from .agents import make as made\n", "server": SERVER + "from .facade import made\n"},
        {"jobs": "from .agents import make\n\n@app.task\ndef sweep():\n    make()\n"},
        {"jobs": "from .agents import make\n\n@app.cli.command()\ndef sweep():\n    make()\n"},
        {"server": SERVER + "facade.make()\n", "facade": "def make():\n    pass\n"},
        {"server": SERVER + "def make():\n    pass\n\nmake()\n"},
        {"server": SERVER + "from shop.facade import make\nmake()\n", "facade": "def make():\n    pass\n"},
        {"jobs": 'from .agents import make\n\ndef sweep():\n    """Sweep, once a day."""\n    make()\n'},
        {"jobs": '"""Jobs that\nmake agents."""\n'},
        {"jobs": "from .agents import make\n\nclass Sweep:\n    def go(self):\n        make()\n\nSweep()\n"},
        {"jobs": "from .agents import make\n\nclass A:\n    def go(self):\n        make()\n        self.go()\n\nA()\n"},
        {"jobs": "from .agents import make\n\nclass Sweep:\n    def __init__(self):\n        make()\n"},
        {
            "jobs": "from .agents import make\n\nclass Job:\n    pass\n\nclass Sweep(Job):\n    def go(self):\n"
            "        make()\n",
        },
        {"jobs": "from .agents import make\nrouter = APIRouter()\n\n@router.post('/')\ndef go():\n    make()\n"},
        {
            "jobs": "from .agents import make\nrouter = APIRouter()\n\n@router.post('/')\ndef go():\n    make()\n",
            "facade": "router = APIRouter()\n",
            "server": SERVER + "app.include_router(facade.router)\n",
        },
    ],
)
def test_not_used(tmp_path: Path, modules: dict[str, str]) -> None:
    assert not is_used_elsewhere("make", project(tmp_path, **modules))


@pytest.mark.parametrize(
    ("method", "server"),
    [
        ("_draw", "agents.make().create()\n"),
        ("create", "getattr(agents.make(), 'create')()\n"),
        ("create", "@app.get('/')\ndef get(given):\n    given.create()\n"),
    ],
)
def test_methods_that_are_used(tmp_path: Path, method: str, server: str) -> None:
    assert is_method_used(method, "Agents", project(tmp_path, server=SERVER + "agents.make()\n" + server))


@pytest.mark.parametrize(
    ("method", "server"), [("_draw", ""), ("create", "create()\n"), ("_draw", "def _draw(): ...\n")]
)
def test_methods_that_are_not_used(tmp_path: Path, method: str, server: str) -> None:
    assert not is_method_used(method, "Agents", project(tmp_path, server=SERVER + "agents.make()\n" + server))


def test_a_deployment_starts_a_command_with_hyphens(tmp_path: Path) -> None:
    jobs = "from .agents import make\n\n@app.cli.command()\ndef sweep_all():\n    make()\n"
    filename = project(tmp_path, jobs=jobs)
    (tmp_path / "Procfile").write_text("sweep: flask sweep-all\n", encoding="utf-8")
    assert is_used_elsewhere("make", filename)


def test_too_little_in_sight_counts_as_used(tmp_path: Path) -> None:
    (tmp_path / "agents.py").write_text(AGENTS, encoding="utf-8")
    assert is_used_elsewhere("make", str(tmp_path / "agents.py"))
    assert is_method_used("_draw", "Agents", str(tmp_path / "agents.py"))


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("class Agents(View):\n    def get(self):\n        pass\n", True),
        ("class Agents(Base):\n    pass\n\n\nclass Base(View):\n    pass\n", True),
        ("class Agents(Base):\n    pass\n\n\nclass Base:\n    def get(self):\n        pass\n", False),
        ("class Agents(Base):\n    def get(self):\n        pass\n\n\nclass Base:\n    pass\n", False),
        ("class Agents(ABC):\n    def get(self):\n        pass\n", False),
        ("class Agents(models.Model):\n    def get(self):\n        pass\n", False),
        ("class Agents(models.Model):\n    def shown(self):\n        pass\n", False),
        ("class Agents(ChangesMixin, models.Model):\n    def get(self):\n        pass\n", False),
        ("class Agents(ConsumerMixin):\n    def get(self):\n        pass\n", True),
        ("class Agents(models.Manager):\n    def get(self):\n        pass\n", False),
        ("class Agents:\n    pass\n", False),
    ],
)
def test_what_a_class_builds_on_may_call_its_methods(tmp_path: Path, text: str, called: bool) -> None:
    assert is_called_by_bases("get", "Agents", project(tmp_path, agents=text)) is called


def test_what_is_called_on_rows_by_itself(tmp_path: Path) -> None:
    filename = project(tmp_path, agents="class Agents(models.Model):\n    def shown(self):\n        pass\n")
    assert not is_called_by_bases("shown", "Agents", filename)
    assert is_called_by_bases("save", "Agents", filename)
    assert not is_called_by_bases("missing", "Agents", filename)


def test_what_a_view_of_django_calls_by_itself(tmp_path: Path) -> None:
    head = "from django.views.generic import ListView\nfrom discord.ui import View\n\n\n"
    (tmp_path / "page.html").write_text("<p>{{ view.named }}</p>", encoding="utf-8")
    page = "class Agents(ListView):\n    def told(self):\n        pass\n\n\nclass Buttons(View):\n    pass\n"
    filename = project(tmp_path, agents=head + page)
    assert not is_called_by_bases("told", "Agents", filename)
    assert is_called_by_bases("get_context_data", "Agents", filename)
    assert is_called_by_bases("named", "Agents", filename)
    assert is_called_by_bases("told", "Buttons", filename)


def test_a_template_that_names_a_method(tmp_path: Path) -> None:
    filename = project(tmp_path, agents="class Agents(models.Model):\n    def shown(self):\n        pass\n")
    (tmp_path / "shop" / "page.html").write_text("<p>{{ agent.shown }}</p>", encoding="utf-8")
    assert is_called_by_bases("shown", "Agents", filename)
    assert not is_called_by_bases("show", "Agents", filename)
