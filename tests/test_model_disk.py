"""Writes to the local disk: where they go, what they hold, and what becomes of the file."""

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.stateless import disk, disk_paths, user_files
from flake8_scalability.model.stateless.disk import Content
from flake8_scalability.project import handed_back


def _write(source: str):
    found = model(source)
    (write,) = disk.writes(found)
    return write, found


@pytest.mark.parametrize(
    ("source", "content"),
    [
        ("def f(p, d):\n    with open(p, 'wb') as t:\n        t.write(d)", Content.OTHER),
        ("def f(p, d):\n    t = open(p, mode='w')\n    t.write(d)", Content.OTHER),
        ("def f(p, d):\n    with p.open('ab') as t:\n        t.write(d)", Content.OTHER),
        ("import json\ndef f(p, d):\n    with open(p, 'w') as t:\n        json.dump(d, t)", Content.STATE),
        ("import json\ndef f(path, d):\n    path.write_text(json.dumps(d))", Content.STATE),
        ("import pickle\ndef f(p, d):\n    pickle.dump(d, open(p, 'wb'))", Content.STATE),
        ("from flask import request\ndef f(p):\n    request.files['a'].save(p)", Content.UPLOAD),
        (
            "import shutil\nfrom fastapi import UploadFile\ndef f(u: UploadFile, p):\n"
            "    with open(p, 'wb') as t:\n        shutil.copyfileobj(u.file, t)",
            Content.UPLOAD,
        ),
        (
            "import aiofiles\nfrom fastapi import UploadFile\nasync def f(u: UploadFile, p):\n"
            "    async with aiofiles.open(p, 'wb') as t:\n        await t.write(await u.read())",
            Content.UPLOAD,
        ),
        ("import shutil\ndef f(a, b):\n    shutil.move(a, b)", Content.OTHER),
        ("def f(p, d):\n    with open(p, 'wb') as t:\n        save(t)", Content.OTHER),
        ("def f(p, image):\n    with open(p, 'wb') as t:\n        image.save(t)", Content.OTHER),
        (
            "from flask import request\ndef f(p):\n    with open(p, 'wb') as t:\n        request.files['a'].save(t)",
            Content.UPLOAD,
        ),
        (
            "async def f(bot, name):\n    file = await bot.get_file(1)\n    await file.download_to_drive('a/' + name)",
            Content.UPLOAD,
        ),
    ],
)
def test_a_write_and_its_content(source: str, content: Content) -> None:
    write, _ = _write(source)
    assert write.content is content


@pytest.mark.parametrize(
    "source",
    [
        "def f(p):\n    return open(p).read()",
        "def f(p, mode):\n    open(p, mode)",
        "def f(p):\n    open(p, 'rb')",
        "def f(archive):\n    archive.open('member')",
        "def open(p, mode): ...\ndef f(p):\n    open(p, 'wb')",
        "def f(form):\n    form.save('x')",
        "import io\nfrom flask import request\ndef f():\n    request.files['a'].save(io.BytesIO())",
        "def f(tar, d):\n    tar.write_bytes(d)",
        "import webbrowser\ndef f():\n    webbrowser.open('wb')",
        "def f(row, t):\n    print(row.file.filename)\n    row.file.save(row.name, File(t))",
        "def f(u, name, data):\n    print(u.filename)\n    u.save(name, data)",
    ],
)
def test_no_write(source: str) -> None:
    assert not list(disk.writes(model(source)))


@pytest.mark.parametrize(
    ("source", "temporary", "fixed"),
    [
        ("import tempfile\ndef f(d):\n    open(tempfile.mkdtemp() + '/a', 'wb').write(d)", True, False),
        ("def f(d):\n    open('/tmp/a', 'wb').write(d)", True, True),
        ("def f(d, tempPath):\n    open(tempPath, 'wb').write(d)", True, False),
        ("def f(d):\n    open('templates/a', 'wb').write(d)", False, True),
        ("def f(d, name):\n    open('data/' + name, 'wb').write(d)", False, False),
        ("P = 'state.json'\ndef f(d):\n    open(P, 'wb').write(d)", False, True),
        (
            "class A:\n    def __init__(self):\n        self.p = 'a'\n    def f(self, d):\n"
            "        open(self.p, 'wb').write(d)",
            False,
            True,
        ),
    ],
)
def test_where_it_goes(source: str, temporary: bool, fixed: bool) -> None:
    write, found = _write(source)
    assert write.path is not None
    where = disk_paths.whereto(write.path, write.scope, found)
    assert (where.is_temporary, where.fixed) == (temporary, fixed)


@pytest.mark.parametrize(
    ("rest", "passes"),
    [
        ("os.remove(path)", True),
        ("path.unlink()", True),
        ("return send_file(path)", True),
        ("s3.upload_file(path, 'bucket', 'key')", True),
        ("background.add_task(os.remove, path)", True),
        ("return path", False),
        ("os.remove(other)", False),
        ("try:\n        use(path)\n    except OSError:\n        os.remove(path)", False),
    ],
)
def test_what_becomes_of_it(rest: str, passes: bool) -> None:
    write, found = _write(
        f"import os\ndef f(name, d, other):\n    path = 'a/' + name\n    open(path, 'wb').write(d)\n    {rest}\n"
    )
    assert write.path is not None
    where = disk_paths.whereto(write.path, write.scope, found)
    assert disk.is_passing_through(write, where, found) is passes


@pytest.mark.parametrize(
    ("path", "beside"),
    [
        ("given + '.pdf'", True),
        ("given + new_ext", True),
        ("f'{given}.pdf'", True),
        ("given.with_suffix('.pdf')", True),
        ("os.path.splitext(given)[0] + '.pdf'", True),
        ("Path(row.path).with_suffix('.pdf')", True),
        ("stem + '.pdf'", True),
        ("given", False),
        ("given + name", False),
        ("'media/' + given", False),
        ("os.path.join('media', given) + '.pdf'", False),
        ("self.path + '.pdf'", False),
        ("NAME + '.pdf'", False),
    ],
)
def test_beside_what_is_given(path: str, beside: bool) -> None:
    source = "NAME = 'a'\ndef f(self, given, row, d, new_ext, name):\n    stem = os.path.splitext(given)[0]\n"
    write, found = _write(source + f"    to = {path}\n    open(to, 'wb').write(d)\n")
    assert write.path is not None
    assert disk_paths.whereto(write.path, write.scope, found).beside is beside


@pytest.mark.parametrize(
    ("name", "path", "count"),
    [
        ("keep", "views.py", 1),
        ("migrate_files", "views.py", 0),
        ("keep", "file_migrations.py", 0),
        ("immigrate", "a.py", 1),
    ],
)
def test_files_that_are_brought_to_their_new_places(name: str, path: str, count: int) -> None:
    text = f"from fastapi import UploadFile\ndef {name}(u: UploadFile, path):\n    path.write_bytes(u.file.read())\n"
    assert len(list(user_files.kept(model(text, path)))) == count


@pytest.mark.parametrize(("bases", "count"), [("(S3Storage)", 0), ("(storages.Storage)", 0), ("(Handler)", 1), ("", 1)])
def test_a_storage_keeps_what_it_has_to(bases: str, count: int) -> None:
    text = "from fastapi import UploadFile\nclass A%s:\n    def f(self, u: UploadFile, path):\n"
    text += "        path.write_bytes(u.file.read())\n"
    assert len(list(user_files.kept(model(text % bases)))) == count


HELPER = (
    "def pack(folder, name):\n    path = f'images/{name}.zip'\n    with open(path, 'wb') as target:\n"
    "        target.write(zipped(folder))\n    return path, 1\n"
)


@pytest.mark.parametrize(
    ("calls", "disposed"),
    [
        ("def f():\n    path, size = pack(a, b)\n    store.upload(path)\n", True),
        ("def f():\n    path, size = pack(a, b)\n    note(path)\n", False),
        ("def f():\n    path = pack(a, b)\n    os.remove(path)\n", True),
    ],
)
def test_one_of_several_things_that_a_helper_returns_is_handed_on(tmp_path: Path, calls: str, disposed: bool) -> None:
    for name, text in {"pyproject.toml": "", "packing.py": HELPER, "calls.py": calls}.items():
        (tmp_path / name).write_text(text)
    assert handed_back.is_disposed_of("pack", str(tmp_path / "packing.py"), {"upload", "remove"}) is disposed
