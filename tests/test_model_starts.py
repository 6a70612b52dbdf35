"""What a start does, who starts a server, and what the rest of the project says of both."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest
from support import analyse

from flake8_scalability.options import Settings
from flake8_scalability.project import definitions, starts

DB = "from app.models import Base, engine\ndef init_db():\n    Base.metadata.create_all(engine)\n"
FLASK = "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run()\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "db.py").write_text(DB)
    return tmp_path


def codes(source: str, path: Path) -> set[str]:
    return {code for _, code in analyse(source, str(path), Settings())}


@pytest.mark.parametrize(
    "main",
    [
        "from fastapi import FastAPI\nfrom app.db import init_db\napp = FastAPI()\ninit_db()\n",
        "from app.db import init_db\nasync def lifespan(app):\n    init_db()\n    yield\n",
        "from app import db\n@app.on_event('startup')\ndef prepare():\n    db.init_db()\n",
    ],
)
def test_called_at_start(project: Path, main: str) -> None:
    (project / "app" / "main.py").write_text(main)
    assert starts.called_at_start("init_db", str(project / "app" / "db.py"))
    assert "SCL606" in codes(DB, project / "app" / "db.py")


@pytest.mark.parametrize(
    "main",
    [
        "import click\nfrom app.db import init_db\n@click.command()\ndef prepare():\n    init_db()\n",
        "from fastapi import FastAPI\nfrom app.db import init_db\napp = FastAPI()\n"
        "if __name__ == '__main__':\n    init_db()\n",
        "from app.db import init_db\ndef reset():\n    init_db()\n",
        "from app.db import init_db\n# init_db()\n",
    ],
)
def test_not_called_at_start(project: Path, main: str) -> None:
    (project / "app" / "main.py").write_text(main)
    assert not starts.called_at_start("init_db", str(project / "app" / "db.py"))
    assert "SCL606" not in codes(DB, project / "app" / "db.py")


def test_a_production_server_in_the_project(project: Path) -> None:
    (project / "Dockerfile").write_text('CMD ["python", "-m", "app.main"]\n')
    assert "SCL608" in codes(FLASK, project / "app" / "main.py")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Procfile", "web: gunicorn app.main:app\n"),
        ("Dockerfile", 'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n'),
        ("requirements.txt", "flask\nwaitress==3.0\n"),
        ("wsgi.py", "from app.main import app\n"),
    ],
)
def test_no_finding_beside_a_production_server(project: Path, name: str, text: str) -> None:
    (project / name).write_text(text)
    assert "SCL608" not in codes(FLASK, project / "app" / "main.py")


def test_definitions_of_other_files(project: Path) -> None:
    (project / "app" / "jobs.py").write_text(
        "class Jobs:\n    @staticmethod\n    @single_runner(1)\n    def sweep(\n        a,\n    ):\n"
        "        return a\n\n    def b(self): ...\n"
    )
    main = str(project / "app" / "main.py")
    text = definitions.text_of(".jobs.Jobs.sweep", main)
    assert "single_runner" in text and "def b" not in text
    assert ast.parse(textwrap.dedent(text))
    assert definitions.text_of("app.jobs.Jobs.sweep", main) == text
    assert definitions.text_of("app.jobs.Jobs.nothing", main) == ""
