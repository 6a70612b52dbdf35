"""Reads of unknown size, and what bounds them."""

from pathlib import Path

import pytest
from support import analyse, model

from flake8_scalability.model.limits import bodies, body_bounds, read_before, whole_documents
from flake8_scalability.options import Settings


def _unbounded(source: str) -> list[str]:
    found = model(source)
    return [whole.what for whole in bodies.wholes(found) if not body_bounds.is_bounded(whole, found)]


ROUTE = "from flask import Flask, request\napp = Flask(__name__)\n@app.route('/a', methods=['{}', '{}'])\ndef f():\n"
UPLOAD = "from fastapi import UploadFile\nasync def f(upload: UploadFile, limit, headers):\n    "


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (UPLOAD + "return await upload.read()", ["an upload"]),
        (UPLOAD + "return upload.file.read()", ["an upload"]),
        (UPLOAD + "return await upload.read(-1)", ["an upload"]),
        ("from fastapi import Request\nasync def f(request: Request):\n    return await request.body()", ["a body"]),
        ("from flask import request\ndef f():\n    return request.get_data()", ["a body"]),
        ("import pandas as pd\ndef f(request):\n    return pd.read_csv(request.FILES['a'])", ["an upload"]),
        (
            "import requests\nfrom celery import shared_task\n@shared_task\ndef f(u, t):\n"
            "    t.write(requests.get(u).content)",
            ["a download"],
        ),
    ],
)
def test_unbounded(source: str, what: list[str]) -> None:
    assert _unbounded(source) == what


@pytest.mark.parametrize(
    "source",
    [
        UPLOAD + "return await upload.read(1000)",
        UPLOAD + "return await upload.read(limit)",
        UPLOAD + "if upload.size > limit:\n        return\n    return await upload.read()",
        UPLOAD + "if int(headers['content-length']) > 10:\n        return\n    return await upload.read()",
        UPLOAD + "check_upload_size(upload)\n    return await upload.read()",
        "async def f(upload):\n    return await upload.read()",
        "def f(request):\n    return request.body",
        "from aiohttp import web\nasync def f(request: web.Request):\n    return await request.read()",
        "from fastapi import Request\nasync def f(request: Request, exc):\n    return await request.body()",
        "from flask import request\n@app.after_request\ndef f(answer):\n    return request.get_data()",
        "import pandas as pd\ndef f(path):\n    return pd.read_csv(path)",
        "import pandas as pd\ndef f(request):\n    return pd.read_csv(request.FILES['a'], chunksize=100)",
        "import requests\nfrom celery import shared_task\n@shared_task\ndef f(u):\n"
        "    return float(requests.get(u).content)",
        "import requests\nfrom celery import shared_task\n@shared_task\ndef f(u, t):\n"
        "    t.write(requests.get(u, stream=True).content)",
        "import requests\ndef f(u, t):\n    t.write(requests.get(u).content)",
    ],
)
def test_bounded_or_unknown(source: str) -> None:
    assert not _unbounded(source)


MODEL = "from fastapi import Body, Depends, FastAPI, Request\nfrom pydantic import BaseModel\napp = FastAPI()\n"
MODEL += "class Base(BaseModel):\n    pass\nclass Order(Base):\n    pass\nclass Other:\n    pass\n"


@pytest.mark.parametrize(
    ("parameters", "what"),
    [
        ("request: Request, order: Order", []),
        ("request: Request, order=Body(...)", []),
        ("request: Request, order: Order = Depends()", ["a body"]),
        ("request: Request, other: Other", ["a body"]),
        ("request: Request, number: int", ["a body"]),
        ("request: Request, order: Unknown", ["a body"]),
        ("request: Request", ["a body"]),
    ],
)
def test_a_body_that_the_framework_has_parsed(parameters: str, what: list[str]) -> None:
    assert _unbounded(f"{MODEL}@app.post('/')\nasync def f({parameters}):\n    return await request.body()") == what


@pytest.mark.parametrize(
    ("library", "name", "what"),
    [("discord", "attachment", []), ("discord", "upload", ["an upload"]), ("web", "attachment", ["an upload"])],
)
def test_platforms_bound_what_is_attached(library: str, name: str, what: list[str]) -> None:
    text = f"import {library}\nasync def f({name}):\n    print({name}.filename)\n    return await {name}.read()"
    assert _unbounded(text) == what


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("download_film", 1),
        ("download_subtitle", 0),
        ("download_captcha", 0),
        ("download_logo", 0),
        ("download_subset", 1),
    ],
)
def test_downloads_that_are_small_by_nature(name: str, count: int) -> None:
    text = f"import requests\ndef {name}(u, t):\n    t.write(requests.get(u).content)"
    assert len(_unbounded(text)) == count


FLASK = "from flask import Flask, request\napp = Flask(__name__)\n@app.post('/')\n"


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (FLASK + "def f():\n    return parse(request.data)", ["a body"]),
        (FLASK + "def f():\n    return parse(request.data) + parse(request.data)", ["a body"]),
        (FLASK + "def f(form):\n    return parse(form.data)", []),
        ("from flask import request\ndef f():\n    return parse(request.data)", []),
        (FLASK + "def f():\n    def g():\n        return request.data\n    return g()", ["a body"]),
        (UPLOAD + "return await upload.read(size=10)", []),
        (UPLOAD + "return await upload.read(**options)", []),
        ("import pandas as pd\ndef f(request):\n    return pd.read_csv(request.FILES['a'], chunksize=10)", []),
        ("import pandas as pd\ndef f(request):\n    return pd.read_csv(request.GET['a'])", []),
        (ROUTE.format("GET", "HEAD") + "    return request.get_data()", []),
        (ROUTE.format("GET", "HEAD") + "    return request.data", []),
        (ROUTE.format("GET", "PUT") + "    return request.get_data()", ["a body"]),
        (ROUTE.format("GET", "PUT") + "    return request.data", ["a body"]),
        ("import pandas as pd\nframe = pd.read_csv(request.FILES['a'])", []),
        ("import pandas as pd\ndef f():\n    return pd.read_csv()", []),
    ],
)
def test_bodies_and_tables(source: str, what: list[str]) -> None:
    assert _unbounded(source) == what


GET = "import boto3, requests, httpx\ns3 = boto3.client('s3')\ndef download_film(u, t, b, key):\n    "


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("t.write(s3.get_object(Key=key)['Body'].read())", ["a download"]),
        ("t.write(b.download_as_bytes())", ["a download"]),
        ("return b.download_as_bytes()", []),
        ("t.write(b.read())", []),
        ("t.write(requests.get(u, stream=True).content)", []),
        ("a = requests.get(u, stream=True)\n    t.write(a.content)", []),
        ("a = requests.get(u)\n    data = a.content\n    t.write(data)", ["a download"]),
        ("a = requests.get(u)\n    data = a.content\n    return len(data)", []),
        ("t.write(data=requests.get(u).content)", ["a download"]),
        ("t.write(b.content)", []),
        (
            "if requests.head(u).headers['content-length'] > 9:\n        return\n    t.write(requests.get(u).content)",
            [],
        ),
        ("t.write(requests.get(u).content)\n    return t > 'a'", ["a download"]),
        ("t.write(requests.get(f'{PAINTER_URL}/{u}').content)", []),
        ("t.write(requests.get(settings.PAINTER_URL + u).content)", []),
        ("t.write(requests.get(f'{u}/a').content)", ["a download"]),
        ("t.write(requests.get(u + 'a').content)", ["a download"]),
        ("t.write(requests.post(u, json=key, timeout=9).content)", []),
    ],
)
def test_downloads(body: str, what: list[str]) -> None:
    assert _unbounded(GET + body) == what


def test_callers_may_look_at_the_size() -> None:
    text = UPLOAD + "return await upload.read()\nasync def g(upload, limit):\n"
    assert _unbounded(text + "    if upload.size > limit:\n        return\n    await f(upload, 1, 2)") == []
    assert _unbounded(text + "    await f(upload, 1, 2)") == ["an upload"]


def test_handlers_of_errors_come_after_the_body() -> None:
    text = "from fastapi import Request\n%sasync def f(request: Request):\n    return await request.body()"
    assert _unbounded(text % "@app.exception_handler(404)\n") == []
    assert _unbounded(text % "@app.middleware('http')\n") == ["a body"]


def test_the_module_takes_no_body() -> None:
    source = model("request.body()\n")
    assert not read_before.takes_body(source.module, source)
    assert not read_before.comes_after(None)


@pytest.mark.parametrize(
    ("annotation", "takes"), [("Order", True), ("Optional[Order]", False), ("Missing", False), ("int", False)]
)
def test_which_annotations_are_bodies(annotation: str, takes: bool) -> None:
    source = model(f"{MODEL}def f(order: {annotation}):\n    pass\n")
    function = next(scope for scope in source.scopes if scope.name == "f")
    assert read_before.takes_body(function, source) is takes


@pytest.mark.parametrize(("location", "what"), [("files", ["an upload"]), ("measured", [])])
def test_a_loader_of_the_project_may_look_at_the_size(location: str, what: list[str]) -> None:
    text = f"{FLASK}@use_args({{}}, location='{location}')\ndef f(a):\n    return request.files['a'].read()\n"
    assert _unbounded(text) == what


@pytest.mark.parametrize(("folder", "lines"), [("shop", [5]), ("admin", [])])
def test_what_operators_send_is_as_large_as_they_mean(tmp_path: Path, folder: str, lines: list[int]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / folder).mkdir()
    text = FLASK + "def f():\n    return request.data\n"
    found = analyse(text, str(tmp_path / folder / "service.py"), Settings())
    assert [line for line, code in found if code == "SCL405"] == lines


@pytest.mark.parametrize(("setting", "lines"), [("SCAN_FILE_MAX_SIZE = 100\n", []), ("SCANS = 100\n", [4])])
def test_helpers_read_what_was_measured_before(tmp_path: Path, setting: str, lines: list[int]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "settings.py").write_text(setting, encoding="utf-8")
    text = "from django.core.files.uploadedfile import UploadedFile\nclass P:\n    def all(self, f: UploadedFile):\n"
    found = analyse(text + "        return f.read()\n", str(tmp_path / "service.py"), Settings())
    assert [line for line, code in found if code == "SCL405"] == lines


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("u", ["a download"]),
        ("'http://pictures:9000/' + u", []),
        ("f'http://pictures:9000/{u}'", []),
        ("f'http://{u}/a.png'", ["a download"]),
        ("url='http://pictures/all'", []),
        ("'{}/{}'.format(settings.PICTURES_URL.rstrip('/'), u)", []),
        ("'{}/{}'.format(u, t)", ["a download"]),
        ("'{}'.format()", ["a download"]),
        ("urljoin(settings.PICTURES_URL, u)", []),
        ("f''", ["a download"]),
    ],
)
def test_what_lies_at_an_address_of_the_operators(address: str, what: list[str]) -> None:
    head = "import requests\nfrom urllib.parse import urljoin\nfrom celery import shared_task\n"
    assert _unbounded(f"{head}@shared_task\ndef f(u, t):\n    t.write(requests.get({address}).content)") == what


@pytest.mark.parametrize(
    ("body", "is_parsed"),
    [
        ("return json.loads(await upload.read())", True),
        ("return json.loads((await upload.read()).decode())", True),
        ("return json.loads(str(await upload.read(), 'utf-8'))", True),
        ("text = (await upload.read()).decode()\n    check(text)\n    return json.loads(text)", True),
        ("return parse(await upload.read())", False),
        ("text = await upload.read()\n    return parse(text)", False),
    ],
)
def test_documents_are_parsed_as_one(body: str, is_parsed: bool) -> None:
    found = model("import json\n" + UPLOAD + body)
    (whole,) = bodies.wholes(found)
    assert whole_documents.is_parsed(whole.node, whole.scope, found) is is_parsed


@pytest.mark.parametrize(("decorator", "what"), [("@tree.command()\n", []), ("", ["an upload"])])
def test_what_a_command_is_given_the_platform_bounds(decorator: str, what: list[str]) -> None:
    function = "async def f(note: discord.Attachment):\n    print(note.filename)\n    return await note.read()\n"
    assert _unbounded(f"import discord\n{decorator}{function}") == what
