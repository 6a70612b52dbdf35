"""Files that a service keeps: Django's storages and fields, files of state, and users' files."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.stateless import disk, django_files, state_files, user_files
from flake8_scalability.options import Settings

STORAGE = "from django.core.files.storage import FileSystemStorage\n"
MODEL = "from django.db import models\nclass A(models.Model):\n    image = models.ImageField()\n"
MODEL += "    name = models.TextField()\n"
SIGNAL = "from django.dispatch import receiver\nimport os\n@receiver(post_delete)\ndef f(instance, **kwargs):\n"


@pytest.mark.parametrize(
    ("text", "does"),
    [
        (STORAGE + "files = FileSystemStorage('/srv')", ["keeps users' files on"]),
        (STORAGE + "files = FileSystemStorage('/srv') if LOCAL else S3()", []),
        (STORAGE + "files = made or FileSystemStorage('/srv')", []),
        (STORAGE + "def f():\n    if LOCAL:\n        return S3()\n    return FileSystemStorage('/srv')", []),
        (STORAGE + "from storages.backends.s3 import S3Storage\nfiles = FileSystemStorage('/srv')", []),
        ("from app.files import FileSystemStorage\nfiles = FileSystemStorage('/srv')", []),
        (MODEL + "    def save(self):\n        picture.save(self.image.path)", ["writes a stored file by its path on"]),
        (MODEL + "    def save(self):\n        picture.save(self.name.path)", []),
        (MODEL + "    def save(self, other):\n        picture.save(other.image.path)", []),
        (MODEL + "    def save(self):\n        picture.save(self.image)", []),
        ("import django\npicture.save(self.image.path)", []),
        (SIGNAL + "    os.remove(instance.image.path)", ["finds a stored file on"]),
        (SIGNAL + "    os.remove(instance.image)", []),
        (SIGNAL.replace("@receiver(post_delete)", "@other") + "    os.remove(instance.image.path)", []),
        (
            "import os\n" + MODEL + "    def delete(self):\n        os.remove(self.image.path)",
            ["finds a stored file on"],
        ),
        ("import os\n" + MODEL + "    def tidy(self):\n        os.remove(self.image.path)", []),
        ("import os\n" + MODEL + "    def delete(self):\n        os.remove(path)", []),
        ("import os, django\nclass A:\n    def delete(self):\n        os.remove(self.image.path)", []),
        ("import os, django\nos.remove('a')", []),
    ],
)
def test_what_binds_files_to_a_disk(text: str, does: list[str]) -> None:
    assert [use.does for use in django_files.uses(model(text))] == does


LOCAL = "INSTALLED_APPS = []\n"
CLASS = "django.core.files.storage.FileSystemStorage"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (LOCAL + "MEDIA_ROOT = BASE / 'media'", ["MEDIA_ROOT"]),
        (LOCAL + "MEDIA_ROOT = os.environ['MEDIA']", []),
        (LOCAL + f"MEDIA_ROOT = 'm'\nDEFAULT_FILE_STORAGE = '{CLASS}'", ["DEFAULT_FILE_STORAGE"]),
        (LOCAL + "MEDIA_ROOT = 'm'\nDEFAULT_FILE_STORAGE = 'app.Storage'", []),
        (LOCAL + "MEDIA_ROOT = 'm'\nAWS_STORAGE_BUCKET_NAME = 'b'", []),
        ("MEDIA_ROOT = 'm'", []),
        (LOCAL + "if DEBUG:\n    MEDIA_ROOT = 'm'", []),
        (LOCAL, []),
    ],
)
def test_where_django_keeps_files(text: str, names: list[str]) -> None:
    assert [setting.name for setting in django_files.local_settings(model(text, "settings.py"))] == names


@pytest.mark.parametrize(
    ("models", "count"),
    [
        ("a = models.FileField()", 1),
        ("a = models.TextField()", 0),
        ("a = models.FileField()\nS3Boto3Storage()", 0),
        ("a = forms.FileField()", 0),
        ("a = PictureFileField(upload_to='a')", 1),
        ("default_storage.save(a, b)", 1),
        ("path = join(settings.MEDIA_ROOT, 'a')", 1),
    ],
)
def test_a_project_without_files_of_users_needs_no_place_for_them(tmp_path: Path, models: str, count: int) -> None:
    (tmp_path / "manage.py").touch()
    (tmp_path / "models.py").write_text(models)
    source = model(LOCAL + "MEDIA_ROOT = 'm'", str(tmp_path / "shop" / "web" / "settings.py"), Settings())
    assert len(list(django_files.local_settings(source))) == count


# State

WRITE = "    with open(PATH, 'w') as t:\n        json.dump(rows, t)\n"
READ = "def load():\n    with open(PATH) as t:\n        return json.load(t)\n"
STATE = "import json\nPATH = 'votes.json'\n"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (STATE + READ + "def f(rows):\n" + WRITE, 1),
        (STATE + "def f(rows):\n" + WRITE, 0),
        (STATE + READ.replace("PATH", "OTHER") + "OTHER = 'other.json'\ndef f(rows):\n" + WRITE, 0),
        (STATE.replace("votes", "config") + READ + "def f(rows):\n" + WRITE, 0),
        (STATE.replace("votes.json", "/etc/votes") + READ + "def f(rows):\n" + WRITE, 0),
        (STATE.replace("votes.json", "votes.conf") + READ + "def f(rows):\n" + WRITE, 0),
        (STATE.replace("votes", "report") + READ + "def f(rows):\n" + WRITE, 0),
        (STATE.replace("votes", "tmp/votes") + READ + "def f(rows):\n" + WRITE, 0),
        (STATE + READ + "def f(rows):\n" + WRITE.replace("'w'", "'a'"), 0),
        (STATE + READ + "def f(rows):\n" + WRITE + "    os.remove(PATH)\n", 0),
        (STATE + READ + "rows = []\n" + WRITE.replace("    with", "with").replace("        json", "    json"), 0),
        (STATE + READ.replace("json.load(t)", "t.read()") + "def f(rows):\n" + WRITE, 0),
        (STATE + "def load():\n    return json.loads(PATH.read_text())\ndef f(rows):\n" + WRITE, 1),
        (STATE + "def load():\n    with PATH.open('r') as t:\n        return json.load(t)\ndef f(rows):\n" + WRITE, 1),
        (STATE + READ + "def f(rows):\n" + WRITE.replace("PATH", "PATH + rows"), 0),
        (STATE + READ + "def f(client):\n" + WRITE.replace("rows", "client.cookies"), 0),
        (STATE + READ + "def f(rows):\n" + WRITE.replace("rows", "{}"), 0),
        (STATE + READ + "def f(rows):\n" + WRITE.replace("rows", "{'rows': rows}"), 1),
        (STATE + READ + "def f(rows):\n" + WRITE.replace("PATH", "PATH + uuid4().hex"), 0),
    ],
)
def test_files_of_state(text: str, count: int) -> None:
    assert len(list(state_files.rewritten(model(text)))) == count


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("json.dump(rows, t)", "JSON"),
        ("t.write(dumps(rows))", "pickle"),
        ("y.safe_dump(rows, t)", "YAML"),
        ("t.write(rows.model_dump_json())", "JSON"),
        ("t.write(dumps(json.dumps(rows)))", "JSON or pickle"),
        ("made_up.dump(rows, t)", "text"),
    ],
)
def test_the_format_of_a_file(line: str, said: str) -> None:
    head = "import json, made_up\nimport yaml as y\nfrom pickle import dumps\n"
    source = model(head + f"def f(path, rows):\n    with open(path, 'w') as t:\n        {line}\n")
    (write,) = disk.writes(source)
    assert state_files.written_as(write, source) == said


def test_what_identifies_a_file() -> None:
    source = model(
        "import os\nBASE = 'x'\nclass A:\n    def f(self, n):\n        probe(home() / BASE / self.folder / 'a.json')\n"
    )
    ((call, scope),) = source.calls_by_name["probe"]
    assert state_files.roots(call.args[0], scope) == {"BASE", "self.folder", "a.json", "home()"}


# Files of users

FASTAPI = "from fastapi import FastAPI\nimport shutil\napp = FastAPI()\n"


def kept(body: str, head: str = "@app.post('/')\ndef f(data, name):", path: str = "views.py") -> int:
    return len(list(user_files.kept(model(f"{FASTAPI}{head}\n    {body}\n", path))))


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("open('uploads/' + name, 'wb').write(data)", 1),
        ("open('rows/' + name, 'wb').write(data)", 0),
        ("open('uploads/' + name, 'w').write(data)", 0),
        ("open('uploads/all', 'wb').write(data)", 0),
        ("open('logs/uploads/' + name, 'wb').write(data)", 0),
        ("open('/tmp/uploads/' + name, 'wb').write(data)", 0),
        ("open('/dev/uploads' + name, 'wb').write(data)", 0),
        ("open(name, 'wb').write(data)", 0),
        ("shutil.copy('/tmp/' + name, 'uploads/' + name)", 1),
        ("shutil.copy('/tmp/' + name, 'films/' + name)", 0),
        ("shutil.copy('/tmp/one', 'films/' + name)", 0),
        ("shutil.copy('films/' + name, 'more/' + name)", 0),
        ("shutil.copy('/tmp/' + name, name)", 0),
    ],
)
def test_users_files_by_their_paths(body: str, count: int) -> None:
    assert kept(body) == count


def test_files_of_a_library_are_users_where_they_are_served() -> None:
    write = "open('%s/' + name, 'wb').write(data)"
    assert kept(write % "uploads", "def f(data, name):") == 1
    assert kept(write % "films/videos", "def f(data, name):") == 0


@pytest.mark.parametrize(
    ("head", "path", "count"),
    [
        ("def save_to_local(u: UploadFile, path):", "views.py", 0),
        ("def store(u: UploadFile, path):", "views.py", 1),
        ("class LocalStorage(Base):\n  def store(self, u: UploadFile, path):", "files.py", 0),
        ("class Keeper(Base):\n  def store(self, u: UploadFile, path):", "local_storage.py", 0),
        ("class LocalStorage:\n  def store(self, u: UploadFile, path):", "files.py", 1),
    ],
)
def test_variants_of_a_storage(head: str, path: str, count: int) -> None:
    head = "from fastapi import UploadFile\n" + head
    assert kept("path.write_bytes(u.file.read())", head, path) == count


def test_at_module_level_nobody_sends_a_file() -> None:
    assert not list(user_files.kept(model("import sys\nopen('uploads/' + sys.argv[1], 'wb').write(b'')")))


def test_a_path_that_callers_give_may_be_temporary() -> None:
    text = "from fastapi import UploadFile\nimport tempfile\n"
    text += "def keep(u: UploadFile, path):\n    path.write_bytes(u.file.read())\n"
    assert len(list(user_files.kept(model(text + "def g(u):\n    keep(u, folder / 'a')\n")))) == 1
    assert not list(user_files.kept(model(text + "def g(u):\n    keep(u, tempfile.mkdtemp() + 'a')\n")))


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("['restore', '--delete-backup', path]", 0),
        ("f'restore --remove {path}'", 0),
        ("'restore.sh --delete-backup /data/uploads/all.tar.gz'", 0),
        ("'load /data/uploads/all.tar.gz && rm /data/uploads/all.tar.gz'", 0),
        ("'restore.sh /data/uploads/all.tar.gz'", 1),
        ("'restore.sh --delete-backup /data/uploads/other.zip'", 1),
        ("['restore', '--deleted-too', path]", 1),
        ("['restore', '--delete-backup', other]", 1),
    ],
)
def test_a_command_that_deletes_what_it_is_given(command: str, count: int) -> None:
    head = "from fastapi import UploadFile\n@app.post('/')\ndef f(data: UploadFile, base, other):"
    body = f"path = base + '/uploads/all.tar.gz'\n    open(path, 'wb').write(data.file.read())\n    run({command})"
    assert kept(body, head) == count


@pytest.mark.parametrize(
    ("rest", "other", "count"),
    [
        ("", "", 0),
        ("", "from views import keep_it", 1),
        ("HANDLERS = [keep_it]", "", 1),
        ("", "def keep_it_not(): pass", 0),
    ],
)
def test_what_nothing_in_the_project_names_is_dead(tmp_path: Path, rest: str, other: str, count: int) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "other.py").write_text(other)
    text = "from fastapi import UploadFile\ndef keep_it(data: UploadFile, folder):\n"
    text += "    open(folder + '/uploads/a', 'wb').write(data.file.read())\n" + rest
    own = tmp_path / "views.py"
    own.write_text(text)
    assert len(list(user_files.kept(model(text, str(own), Settings())))) == count


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n def keep_it(self, data: UploadFile, folder):\n  ",
        "@unknown\ndef keep_it(data: UploadFile, folder):\n ",
    ],
)
def test_methods_and_what_is_decorated_may_be_called_by_others(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").touch()
    text = f"from fastapi import UploadFile\n{text} open(folder + '/uploads/a', 'wb').write(data.file.read())\n"
    own = tmp_path / "views.py"
    own.write_text(text)
    assert len(list(user_files.kept(model(text, str(own), Settings())))) == 1
