"""Which starts of servers serve little, and which are none of the service's."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.scaling import serving
from flake8_scalability.options import Settings
from flake8_scalability.project import deployments

SANIC = "from sanic import Sanic\napp = Sanic('a')\n"
UVICORN = "import uvicorn\nfrom app.main import app, make\n"


def starts(text: str, path: str = "run.py") -> list[str]:
    return [start.how for start in serving.starts(model(text, path))]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"Dockerfile": 'CMD ["python", "run.py"]\n'}, True),
        ({"Procfile": "web: python -m shop.run\n"}, True),
        ({"Dockerfile": 'CMD ["python", "other_run.py"]\n'}, False),
        ({"Dockerfile": "# python run.py\n"}, False),
        ({"backups/Dockerfile": "CMD python run.py\n"}, False),
        ({"compose.yml": "command:\n  - python\n  - run.py\n"}, True),
        ({"start.sh": "exec ./run.py\n"}, True),
        ({"Dockerfile": "COPY run.py .\n"}, False),
        ({".lint.yml": "ignore:\n  - setup.py\n  - run.py\n"}, False),
        ({"Dockerfile": "ENV FLASK_APP=run:app\nRUN flask assets build\n"}, False),
        ({}, False),
    ],
)
def test_the_deployment_starts_it(tmp_path: Path, files: dict[str, str], found: bool) -> None:
    for name, text in {"README.md": "", "setup.py": "", **files}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    source = model(SANIC + "app.run(debug=True)", str(tmp_path / "run.py"), Settings())
    assert bool(list(serving.starts(source))) is found


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"scripts/browse.sh": "python run.py\n"}, True),
        ({"scripts/browse.sh": "python run.py\n", "Procfile": "web: python shop.py\n"}, False),
        ({"scripts/browse.sh": "python run.py\n", "render.yaml": "startCommand: python shop.py\n"}, False),
        ({"scripts/browse.sh": "python run.py\n", "Dockerfile": "RUN python setup.py\n"}, True),
        ({"browse.sh": "python run.py\n", "Dockerfile": 'CMD ["./browse.sh"]\n'}, True),
    ],
)
def test_a_script_is_no_deployment_where_a_platform_starts_another_file(
    tmp_path: Path, files: dict[str, str], found: bool
) -> None:
    for name, text in {"setup.py": "", **files}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert deployments.starts(str(tmp_path / "run.py"), guarded=True) is found


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("gunicorn -c gunicorn.conf.py shop:app", True),
        ('gunicorn -w "$WORKERS" -c gunicorn.conf.py shop:app', False),
        ("gunicorn --config=/etc/gunicorn.conf.py \\\n  --workers 4 shop:app", False),
        ("gunicorn --workers 1 -c gunicorn.conf.py shop:app", True),
        ("gunicorn --workers 4 -c other_gunicorn.conf.py shop:app", True),
        ("gunicorn -w 4 -c gunicorn.conf.py shop:app\ngunicorn -c gunicorn.conf.py admin:app", True),
    ],
)
def test_the_command_line_goes_over_the_number_of_workers(tmp_path: Path, command: str, found: bool) -> None:
    (tmp_path / "setup.py").touch()
    (tmp_path / "start.sh").write_text(command, encoding="utf-8")
    source = model("workers = 1\n", str(tmp_path / "gunicorn.conf.py"), Settings())
    assert bool(list(serving.starts(source))) is found


def test_a_package_is_started_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "setup.py").touch()
    (tmp_path / "Procfile").write_text("web: python -m shop\n", encoding="utf-8")
    assert deployments.starts(str(tmp_path / "shop/__main__.py"))
    assert deployments.starts("/nowhere/at/all/run.py")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SANIC + "app.run(debug=True)", ["app.run(debug=True)"]),
        (SANIC + "app.run(workers=1)", ["app.run(workers=1)"]),
        (SANIC + "app.run(workers=True)", []),
        (SANIC + "app.run(debug=True, workers=4)", []),
        (SANIC + "app.run(auto_reload=True, fast=True)", []),
        (SANIC + "app.run(auto_reload=True)", ["app.run(auto_reload=True)"]),
        (SANIC + "app.run(workers=4)", []),
        (UVICORN + "uvicorn.run(app, reload=True)", ["uvicorn.run(reload=True)"]),
        (UVICORN + "uvicorn.run(app, workers=1)", ["uvicorn.run(workers=1)"]),
        (UVICORN + "uvicorn.run(app, workers=4)", ["uvicorn.run(workers=4)"]),
        (UVICORN + "uvicorn.run(make(), workers=4)", ["uvicorn.run(workers=4)"]),
        (UVICORN + "uvicorn.run('app.main:app', workers=4)", []),
        (UVICORN + "uvicorn.run(f'{name}:app', workers=4)", []),
        (UVICORN + "uvicorn.run(name, workers=4)", []),
        (UVICORN + "uvicorn.run(app, workers=count)", []),
        (UVICORN + "uvicorn.run(app)", []),
        ("from flask_socketio import SocketIO\nsocketio = SocketIO(app)\nsocketio.run(app)", []),
        (
            "from flask_socketio import SocketIO\ns = SocketIO(app)\ns.run(app, allow_unsafe_werkzeug=True)",
            ["s.run()"],
        ),
        ("from app.web import socketio, app\nsocketio.run(app, allow_unsafe_werkzeug=True)", ["socketio.run()"]),
    ],
)
def test_starts_that_serve_little(text: str, expected: list[str]) -> None:
    assert starts(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("from app import create_app\ncreate_app().run(debug=True)", 1),
        ("from app import app\napp.run(host='0.0.0.0', port=80)", 1),
        ("from app import app\napp.run(threaded=True)", 1),
        ("from app import app\napp.run()", 0),
        ("from app import app\nimport discord\napp.run(debug=True)", 0),
        ("from app import crawler\ncrawler.run(debug=True)", 0),
        ("from app import app\nrun(debug=True)", 0),
        ("class App:\n    def run(self, debug):\n        pass\napp = App()\napp.run(debug=True)", 0),
        ("from sanic_app import Sanic\nSanic.app.run(debug=True)", 0),
        ("import flask\nfrom app import app\napp.run()", 1),
    ],
)
def test_applications_of_other_files(text: str, count: int) -> None:
    assert len(starts(text)) == count


HTTP = "from http.server import HTTPServer, BaseHTTPRequestHandler\n"
SERVES = "    HTTPServer(('', 80), Handler).serve_forever()\n"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (HTTP + "def main():\n" + SERVES, 1),
        (HTTP + "if True:\n" + SERVES, 1),
        (HTTP + "def answer_of_login():\n" + SERVES, 0),
        (HTTP + "def main():\n    HTTPServer(('localhost', 80), Handler).serve_forever()\n", 0),
        (HTTP + "def main():\n    HTTPServer(('', 80), Handler).handle_request()\n", 0),
        (HTTP + "import threading\ndef main():\n    threading.Thread(target=f).start()\n" + SERVES, 0),
        (HTTP + "# answers health checks\ndef main():\n" + SERVES, 0),
    ],
)
def test_plain_servers(text: str, count: int) -> None:
    assert len(starts(text)) == count


FLASK = "from flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    ("text", "path", "count"),
    [
        (FLASK + "app.run()", "run.py", 1),
        (FLASK + "app.run()", "run_dev.py", 0),
        (FLASK + "def debug_server():\n    app.run()", "run.py", 0),
        (FLASK + "def serve(debug):\n    if debug:\n        app.run()", "run.py", 0),
        (FLASK + "def serve(is_prod):\n    if is_prod:\n        app.run()", "run.py", 1),
        (FLASK + "def serve(is_prod):\n    if is_prod:\n        pass\n    else:\n        app.run()", "run.py", 0),
        (FLASK + "def serve(is_prod):\n    if not is_prod:\n        app.run()", "run.py", 0),
        (FLASK + "def serve(ssl):\n    if ssl:\n        app.run()\n    else:\n        app.run()", "run.py", 1),
        (FLASK + "def serve(mode):\n    if mode == 'production':\n        app.run()", "run.py", 1),
        ("workers = 1", "gunicorn.conf.py", 1),
        ("workers = 2", "gunicorn.conf.py", 0),
        ("workers = 1", "settings.py", 0),
        (FLASK + "# started by gunicorn\napp.run()", "run.py", 0),
    ],
)
def test_whether_it_is_the_entry_for_production(text: str, path: str, count: int) -> None:
    assert len(starts(text, path)) == count


@pytest.mark.parametrize(("folder", "count"), [("examples", 0), ("Chapter 07", 0), ("services", 1), ("chapters", 1)])
def test_an_application_that_shows_something_is_no_service(tmp_path: Path, folder: str, count: int) -> None:
    home = tmp_path / folder / "shop"
    home.mkdir(parents=True)
    (home / "requirements.txt").touch()
    text = "from flask import Flask\napp = Flask('shop')\napp.run()"
    assert len(starts(text, str(home / "app.py"))) == count


def test_standard_input_shows_nothing() -> None:
    assert starts("from flask import Flask\napp = Flask('shop')\napp.run()", "-") == ["app.run()"]
