"""What a caller of the service has sent: recognised by framework, annotation and shape, and by nothing else."""

import ast

import pytest
from support import model

from flake8_scalability.model.stateless import uploads


def _is_upload(source: str) -> bool:
    found = model(source)
    ((call, scope),) = found.calls_by_name["probe"]
    return uploads.is_upload(call.args[0], scope, found)


@pytest.mark.parametrize(
    "source",
    [
        "from flask import request\ndef f():\n    probe(request.files['a'])",
        "from flask import request\ndef f():\n    a = request.files.get('a')\n    probe(a)",
        "from flask import request\ndef f():\n    for a in request.files.getlist('a'):\n        probe(a)",
        "def view(request):\n    probe(request.FILES['a'])",
        "class V:\n    def post(self):\n        probe(self.request.FILES.get('a'))",
        "from fastapi import UploadFile\ndef f(a: UploadFile):\n    probe(a)",
        "from fastapi import UploadFile\ndef f(a: UploadFile):\n    probe(a.file)",
        "from typing import Optional\ndef f(a: Optional['UploadFile'] = None):\n    probe(a)",
        "from fastapi import UploadFile\ndef f(many: list[UploadFile]):\n    for a in many:\n        probe(a)",
        "def f(a):\n    name = a.filename\n    a.save(name)\n    probe(a)",
        "def f(form):\n    name = form.photo.data.filename\n    form.photo.data.save(name)\n    probe(form.photo.data)",
    ],
)
def test_uploads_are_recognised(source: str) -> None:
    assert _is_upload(source)


@pytest.mark.parametrize(
    "source",
    [
        "def f(a):\n    probe(a)",
        "def f(a):\n    a.save('x')\n    probe(a)",
        "def f(a):\n    print(a.filename)\n    probe(a)",
        "from fastapi import UploadFile\ndef f(many: list[UploadFile]):\n    probe(many)",
        "def f(archive):\n    probe(archive.files['a'])",
        "from flask import request\ndef f():\n    probe(request.form['a'])",
        "probe(files['a'])",
        "def f(z):\n    with open('a') as a:\n        probe(a)\n        a.read()\n"
        "    for a in z.filelist:\n        print(a.filename)",
    ],
)
def test_other_things_are_not(source: str) -> None:
    assert not _is_upload(source)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from flask import request\ndef f():\n    for a in request.files.getlist('a'):\n        probe(a)", True),
        ("from flask import request\ndef f():\n    for a in request.files.values():\n        probe(a)", True),
        (
            "def f(request):\n    many = request.files.getlist('a')\n    for a in many:\n        probe(a)",
            True,
        ),
        ("from flask import request\ndef f():\n    many = other\n    for a in many:\n        probe(a)", False),
        ("from fastapi import UploadFile\ndef f(many: list[UploadFile]):\n    for a in many:\n        probe(a)", True),
        ("def f(many: 'list[UploadFile]'):\n    for a in many:\n        probe(a)", False),
        ("def f(a: 'UploadFile'):\n    probe(a)", True),
        ("def f(a: 'str'):\n    probe(a)", False),
        ("from flask import request\ndef f():\n    for a in list(request.files):\n        probe(a)", True),
        ("from flask import request\ndef f():\n    for a in request.form.values():\n        probe(a)", False),
        ("def f(request):\n    probe(request.FILES.getlist('a')[0])", True),
        ("def f(request):\n    probe(request.FILES.get('a'))", True),
        ("def f(request):\n    if (a := request.FILES.get('a')):\n        probe(a)", True),
        ("probe(upload.filename)\nupload.read()", False),
    ],
)
def test_collections_of_uploads(source: str, found: bool) -> None:
    assert _is_upload(source) is found


def test_contents_come_from_their_upload() -> None:
    found = model(
        """
        from fastapi import UploadFile

        async def f(a: UploadFile, b: bytes):
            contents = await a.read()
            probe(contents[:10])
            other(b)
        """
    )
    ((call, scope),) = found.calls_by_name["probe"]
    ((other, _),) = found.calls_by_name["other"]
    assert uploads.comes_from_upload(call.args[0], scope, found)
    assert not uploads.comes_from_upload(other.args[0], scope, found)


def test_sources_end_where_names_are_bound_in_circles() -> None:
    found = model("def f(a):\n    b = a\n    a = b\n    probe(a)")
    ((call, scope),) = found.calls_by_name["probe"]
    assert all(isinstance(part, ast.expr) for part, _ in uploads.sources(call.args[0], scope))
