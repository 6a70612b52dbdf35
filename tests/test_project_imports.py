"""Which modules of a project are loaded, and whether enough of it is in sight to say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_scalability.project import deployment_files, imports, root

BY_HAND = "import sys\n\ndef mend(): pass\n\nif __name__ == '__main__':\n    mend()\n"
APPLICATION = "from fastapi import FastAPI\nfrom shop import orders\napp = FastAPI()\n"


def project(folder: Path, files: dict[str, str]) -> Path:
    """Lay a project out: an application that loads one module, and more files."""
    (folder / ".git").mkdir(parents=True)
    whole = {"shop/__init__.py": "", "shop/server.py": APPLICATION, "shop/orders.py": "", "shop/models.py": "", **files}
    for name, text in whole.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"shop/orders.py": "import shop.parcels_of_today\n"},
        {"tests/test_parcels.py": "from shop import parcels\n"},
        {"shop/parcels_old.py": "from shop import parcels\n"},
        {"shop/orders.py": "# from shop import parcels\n"},
        {"shop/orders.py": "from other.parcels import send\n", "other/parcels.py": "", "other/__init__.py": ""},
        {"README.md": "run shop/parcels.py"},
        {"shop/orders.py": "import importlib\nimportlib.import_module(f'shop.{name}')\nNAMES = ['orders', 'models']\n"},
        {
            "shop/orders.py": "import importlib, os\nSHOP = 'shop'\n"
            + "#\n" * 300
            + "importlib.import_module(os.listdir()[0])\n"
        },
        {"shop/__init__.py": "def __getattr__(name):\n    return __import__(f'shop.{name}')\n"},
        {"shop/orders.py": "FORBIDDEN = ['__import__', 'eval', 'shop']\n"},
    ],
)
def test_nothing_loads_it(tmp_path: Path, files: dict[str, str]) -> None:
    start = project(tmp_path, {"shop/parcels.py": "x = 1\n", **files})
    assert not imports.is_loaded(str(start / "shop/parcels.py"))


@pytest.mark.parametrize(
    "files",
    [
        {"shop/orders.py": "from shop import parcels\n"},
        {"shop/orders.py": "from . import stock, parcels\n"},
        {"shop/orders.py": "from . import (\n    stock,  # what is (or was) there\n    parcels,  # sends\n)\n"},
        {"shop/orders.py": "from .parcels import *\n"},
        {"shop/orders.py": "def late():\n    import shop.parcels as p\n"},
        {"shop/orders.py": "from shop import stock\n", "shop/stock.py": "from shop.parcels import send\n"},
        {"shop/__init__.py": "from .parcels import send\n"},
        {"shop/orders.py": "ROUTES = ['shop.parcels.send']\n"},
        {"shop/orders.py": "ROUTES = ['shop.parcels:send']\n"},
        {"shop/orders.py": "from ..shop import parcels\n"},
        {"shop/orders.py": "from warehouse.shop.parcels import send\n"},
        {"Procfile": "worker: celery -A shop.parcels worker\n"},
        {"deploy/web.yaml": "command: [python, -m, shop.parcels]\n"},
        {"shop/orders.py": "import importlib\nfor name in FOUND:\n    importlib.import_module(f'shop.{name}')\n"},
        {
            "shop/orders.py": "import importlib\nNAMES = ['parcels']\n"
            "for name in NAMES:\n    importlib.import_module(name)\n"
        },
        {"shop/orders.py": "import os, bots\nfor name in os.listdir('./shop'):\n    bots.load_extension(name)\n"},
        {"shop/__init__.py": "import pkgutil\nfor each in pkgutil.iter_modules(__path__):\n    load(each)\n"},
        {"shop/parcels.py": "if __name__ == '__main__':\n    while True:\n        take_one()\n"},
        {"shop/parcels.py": "app = Flask(__name__)\nif __name__ == '__main__':\n    app.run()\n"},
        {"Procfile": "once: python shop/parcels.py\n", "shop/parcels.py": "if __name__ == '__main__':\n    send()\n"},
        {"Procfile": "cron: python cron-jobs.py\n", "cron-jobs.py": f"from shop import parcels\n{BY_HAND}"},
        {"shop/parcels.py": "def cleaned(event, context):\n    pass\n"},
        {"shop/parcels.py": "app = Flask(__name__)\n"},
    ],
)
def test_something_loads_it(tmp_path: Path, files: dict[str, str]) -> None:
    start = project(tmp_path, {"shop/parcels.py": "x = 1\n", **files})
    assert imports.is_loaded(str(start / "shop/parcels.py"))


@pytest.mark.parametrize(
    "files",
    [
        {"shop/parcels.py": BY_HAND},
        {"shop/parcels.py": "if __name__ == '__main__':\n    while True:\n        mend(input('Which? '))\n"},
        {"shop/parcels.py": "x = 1\n", "shop/mend.py": f"from shop import parcels\n{BY_HAND}"},
        {
            "Dockerfile": "CMD gunicorn shop.server:app\n",
            "shop/parcels.py": "app = Flask(__name__)\nif __name__ == '__main__':\n    app.run()\n",
        },
    ],
)
def test_what_is_run_by_hand_is_no_service(tmp_path: Path, files: dict[str, str]) -> None:
    start = project(tmp_path, files)
    assert not imports.is_loaded(str(start / "shop/parcels.py"))
    assert imports.is_loaded(str(start / "shop/parcels.py"), tools=True)


SERVES = "from flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("not_in_use/parcels.py", {}),
        ("shop/_archive/parcels.py", {"shop/_archive/Dockerfile": "CMD gunicorn parcels:app\n"}),
        ("shop/archive/tasks.py", {}),
        ("shop/server_old_backup.py", {"ci.yml": "exclude: server_old_backup.py\n"}),
    ],
)
def test_what_was_put_aside_is_loaded_by_imports_only(tmp_path: Path, name: str, files: dict[str, str]) -> None:
    start = project(tmp_path, {name: SERVES, **files})
    assert not imports.is_loaded(str(start / name), tools=True)
    start = project(tmp_path / "next", {name: SERVES, "shop/orders.py": f"import {name[:-3].replace('/', '.')}\n"})
    assert imports.is_loaded(str(start / name))


def test_an_application_called_archive_is_found_whole(tmp_path: Path) -> None:
    files = {
        "archive/views.py": "x = 1\n",
        "archive/tasks.py": "x = 1\n",
        "shop/urls.py": "u = include('archive.views')\n",
    }
    start = project(tmp_path, files)
    assert imports.is_loaded(str(start / "archive/tasks.py"))


@pytest.mark.parametrize("marked", [True, False])
def test_a_folder_with_nothing_but_a_readme_is_a_project_where_one_stands_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marked: bool
) -> None:
    start = project(tmp_path, {"shop/parcels.py": "x = 1\n", "README.md" if marked else "data.txt": ""})
    (start / ".git").rmdir()
    monkeypatch.chdir(start)
    assert imports.is_loaded("./shop/parcels.py") is not marked


def test_a_working_directory_that_is_gone_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = project(tmp_path / "shop", {"parcels.py": "x = 1\n"})
    (start / ".git").rmdir()
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert root.of(str(start / "parcels.py")) is None


@pytest.mark.parametrize(
    "name", ["shop/__init__.py", "shop/signals.py", "shop/templatetags/send.py", "settings_of_all.py"]
)
def test_what_frameworks_find(tmp_path: Path, name: str) -> None:
    start = project(tmp_path, {name: "x = 1\n"})
    assert imports.is_loaded(str(start / name))


@pytest.mark.parametrize(
    "files",
    [
        {f"shop/other{number}.py": "x = 1\n" for number in range(9)},
        {"shop/orders.py": "".join(f"from .gone{number} import x\n" for number in range(9))},
    ],
)
def test_of_a_part_of_a_project_nothing_is_told(tmp_path: Path, files: dict[str, str]) -> None:
    start = project(tmp_path, {"shop/parcels.py": "x = 1\n", **files})
    assert imports.sight(str(start / "shop/parcels.py")) is None
    assert imports.is_loaded(str(start / "shop/parcels.py"))


def test_outside_of_a_project_everything_is_loaded() -> None:
    assert imports.is_loaded("/nowhere/at/all/parcels.py")


def test_of_a_huge_project_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = project(tmp_path, {"shop/parcels.py": "x = 1\n"})
    monkeypatch.setattr("flake8_scalability.project.root.MAX_FILES", 3)
    assert imports.is_loaded(str(start / "shop/parcels.py"))


def test_projects_beside_each_other_use_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = project(tmp_path, {"lib/setup.py": "", "lib/parcels/send.py": "x = 1\n", "lib/parcels/__init__.py": ""})
    (tmp_path / "shop/orders.py").write_text("from parcels.send import x\n", encoding="utf-8")
    (tmp_path / ".git").rmdir()
    monkeypatch.chdir(tmp_path)
    assert imports.is_loaded(str(library / "lib/parcels/send.py"))


def test_files_full_of_data_start_nothing(tmp_path: Path) -> None:
    data = '["shop.parcels"]' + " " * deployment_files.LARGEST
    start = project(tmp_path, {"shop/parcels.py": "x = 1\n", "data.json": data})
    assert not imports.is_loaded(str(start / "shop/parcels.py"))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Procfile", "worker: python shop/parcels.py\n", True),
        ("Procfile", "worker: python -m shop.parcels\n", True),
        ("Procfile", "worker: celery -A parcels worker\n", True),
        ("Procfile", "worker: dramatiq parcels\n", True),
        ("uwsgi.ini", "[uwsgi]\nmodule = parcels\n", True),
        ("serverless.yml", "functions:\n  hello:\n    handler: shop.parcels.hello\n", True),
        ("Dockerfile", 'CMD ["uvicorn", "shop.parcels:router"]\n', True),
        ("values.yaml", "parcels: true\n", False),
        ("values.yaml", "path: /data/parcels\n", False),
        ("pyproject.toml", 'exclude = ["if self.parcels:"]\n', False),
        ("pyproject.toml", 'description = "sends parcels"\n', False),
    ],
)
def test_a_deployment_names_a_module_by_its_path_or_behind_a_command(
    tmp_path: Path, name: str, text: str, expected: bool
) -> None:
    start = project(tmp_path, {"shop/parcels.py": "x = 1\n", name: text})
    assert imports.is_loaded(str(start / "shop/parcels.py")) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ForeignKey('parcels.id')", False),
        ("url = 'shop.routes.parcels'", True),
        ("url = 'routes.parcels.send'", True),
        ("run('parcels:app')", False),
    ],
)
def test_a_text_names_a_module_below_by_its_folder(tmp_path: Path, text: str, expected: bool) -> None:
    start = project(tmp_path, {"shop/routes/parcels.py": "x = 1\n", "shop/models.py": text + "\n"})
    assert imports.is_loaded(str(start / "shop/routes/parcels.py")) is expected


def test_a_text_names_a_module_on_top_by_its_name(tmp_path: Path) -> None:
    start = project(tmp_path, {"shop/parcels.py": "x = 1\n", "shop/models.py": "task = 'parcels.send'\n"})
    assert imports.is_loaded(str(start / "shop/parcels.py"))


@pytest.mark.parametrize(("more", "expected"), [("kind = 'parcels'\n", True), ("kind = 'parcel'\n", False)])
def test_names_that_are_put_together_are_looked_for_everywhere(tmp_path: Path, more: str, expected: bool) -> None:
    loader = "mail = 'mail'\n\ndef load(name=mail):\n    return import_module(f'shop.senders.{name}')\n"
    files = {"shop/main.py": loader, "shop/senders/mail.py": "x = 1\n", "shop/senders/parcels.py": "x = 1\n"}
    start = project(tmp_path, {**files, "shop/orders.py": more})
    assert imports.is_loaded(str(start / "shop/senders/parcels.py")) is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, False),
        ({"crontab.conf": "0 4 * * * python manage.py send_parcels\n"}, True),
        ({"crontab": "0 4 * * * ./manage.py send_parcels --all\n"}, True),
        ({"deploy.yml": "- django_manage:\n    command: send_parcels\n"}, True),
        ({"Dockerfile": "RUN apt install send_parcels\nCMD python server.py\n"}, False),
        (
            {"shop/settings.py": "JOBS = [('0 4 * * *', 'django.core.management.call_command', ['send_parcels'])]\n"},
            True,
        ),
        ({"shop/tasks.py": "call_command('send_letters')\n"}, False),
        ({"shop/orders.py": "from shop.parcels import send\n"}, True),
        (
            {"shop/management/commands/send_parcels.py": "from shop.parcels import send\nwhile True:\n    send()\n"},
            True,
        ),
    ],
)
def test_what_only_a_command_loads_runs_by_hand(tmp_path: Path, files: dict[str, str], expected: bool) -> None:
    command = {"shop/management/commands/send_parcels.py": "from shop.parcels import send\n\nsend()\n"}
    start = project(tmp_path, {"shop/parcels.py": "x = 1\n", **command, **files})
    assert imports.is_loaded(str(start / "shop/parcels.py")) is expected
    assert imports.is_loaded(str(start / "shop/parcels.py"), tools=True)


def test_what_a_framework_looks_for_is_not_all_that_lies_there(tmp_path: Path) -> None:
    start = project(
        tmp_path, {"shop/parcels.py": "x = 1\n", "shop/urls.py": "admin.autodiscover()\n", "shop/admin.py": ""}
    )
    assert not imports.is_loaded(str(start / "shop/parcels.py"))
    assert imports.is_loaded(str(start / "shop/admin.py"))
