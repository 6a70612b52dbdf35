"""SCL302: a user's file that is kept on the disk of one machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.catalog import storage
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.model import configuration, disk
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.disk import Content, Write
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.project import root
from flake8_scalability.rule import Bad, Finding, Good, Rule

#: What else a service puts on a disk, by words of the path.
_NO_USER_FILE = frozenset({
    "log", "logs", "logfile", "logging", "cache", "caches", "cached", "config", "configs", "configuration", "settings",
    "lock", "lockfile", "pid", "pidfile", "secret", "secrets", "env", "dotenv", "cert", "certs", "certificate", "pem",
    "debug", "trace", "checkpoint", "checkpoints", "weights", "requirements", "template", "templates", "migration",
    "migrations", "version", "schema", "credentials", "cookie", "cookies", "state", "null", "devnull", "metrics",
    "prometheus", "profile_dump", "lockpath", "locales", "stdin", "stdout", "fifo", "heartbeat", "crash",
})  # fmt: skip
#: What users send, by words of the path.
_USER_FILE = frozenset({
    "upload", "uploads", "uploaded", "media", "avatar", "avatars", "attachment", "attachments", "photo", "photos",
    "image", "images", "picture", "pictures", "document", "documents", "files", "pdfs", "video", "videos", "audio",
    "audios", "recording", "recordings", "resume", "resumes", "gallery", "thumbnails", "thumbnail", "invoices",
    "voice", "voices", "file",
})  # fmt: skip
_SERVED = frozenset({
    "upload", "uploads", "uploaded", "media", "avatar", "avatars", "attachment", "attachments",
})  # fmt: skip
#: Classes of which a storage abstraction has several, for one of which a setting decides.
_BACKEND = re.compile(
    r"(?i)(local|file|filesystem|disk)_?\w*(storage|backend|uploader|store|provider|adapter|repository)|"
    r"(storage|uploader)_?\w*(local|file|filesystem|disk)"
)
_VARIANT = re.compile(r"(?i)(^|_)(upload|save|store|write|put)_(to_)?local(ly)?(_|$)|^_?local_(upload|save|store)")
_FIELDS = frozenset({"FileField", "ImageField", "ThumbnailerImageField", "ProcessedImageField"})


class LocalFileStorage(Rule):
    """A service keeps users' files on the disk of the machine that happened to receive them.

    What it does
    ------------
    Finds, outside tools and start-up, uploads that are saved to a path, and other user files that are written to one:
    `upload.save(path)`, `open(path, "wb")`, `write_bytes`, `copyfileobj`, moves out of a temporary folder, Django's
    `FileSystemStorage`, a Django model that opens or removes its own file by path, and folders of uploads that are
    served. In Django's settings it finds a local `MEDIA_ROOT` or storage where nothing speaks of an object store.

    Why it does not scale
    ---------------------
    The next request may be answered by another machine, which has not got the file; a replaced container loses it.

    How to fix it
    -------------
    Put the file into an object store (S3, GCS, Azure Blob, MinIO) under a key of its own and keep the key in the
    database; in Django set `STORAGES` to django-storages and use the field's storage. Serve it by a signed URL.

    Known limits
    ------------
    Temporary files, and files that the same function removes or hands on, are silent, and so are logs, caches and
    configuration by their names. A volume that all machines share can't be seen: say so with a `# noqa`.
    """

    code = "SCL302"
    slug = "local-file-storage"
    severity = Severity.CRITICAL
    since = "0.2.0"
    second_instance = True
    message = "{callee} {does} this machine's disk only; use an object store (S3, GCS)"
    short = "{callee} {does} the local disk; use an object store"
    title = "User files on the local disk"
    impact = "Another instance has not got the file, and a replaced container loses it"
    fix = "Keep files in an object store (boto3, google-cloud-storage, django-storages), their keys in the database"
    references = (
        "https://12factor.net/processes",
        "https://django-storages.readthedocs.io/en/latest/",
        "https://boto3.amazonaws.com/v1/documentation/api/latest/guide/s3-uploading-files.html",
    )
    examples = (
        Bad(
            """
            import os
            from flask import Flask, request
            from app.limits import limiter

            app = Flask(__name__)
            app.config["UPLOADS"] = "/srv/uploads"

            @app.post("/avatar")
            @limiter.limit("10/minute")
            def avatar():
                picture = request.files["picture"]
                picture.save(os.path.join(app.config["UPLOADS"], picture.filename))  # SCL302
                return "", 204
            """,
            "the upload stays on the machine that received it",
        ),
        Bad(
            """
            import shutil
            from pathlib import Path
            from fastapi import APIRouter, UploadFile
            from app.limits import limiter

            router = APIRouter()
            FOLDER = Path("documents")

            def store(upload: UploadFile):
                with (FOLDER / upload.filename).open("wb") as target:  # SCL302
                    shutil.copyfileobj(upload.file, target)

            @router.post("/documents")
            @limiter.limit("10/minute")
            def add_document(upload: UploadFile):
                store(upload)
                return {"stored": upload.filename}
            """,
            "reported in the helper that writes",
        ),
        Bad(
            """
            from django.core.files.storage import FileSystemStorage
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            @ratelimit(key="ip", rate="10/m")
            def attach(request):
                files = FileSystemStorage()  # SCL302
                return JsonResponse({"name": files.save("scan.pdf", request.FILES["scan"])})
            """,
            "a storage that is local whatever the settings say",
        ),
        Bad(
            """
            import os
            from django.db import models

            class Report(models.Model):
                name = models.CharField(max_length=80)

                @property
                def pdf_path(self):
                    return os.path.join("/var/reports", self.name)

                def delete(self, *args, **kwargs):
                    os.remove(self.pdf_path)  # SCL302
                    return super().delete(*args, **kwargs)
            """,
            "the row is everybody's, its file is on one machine",
            "reports/models.py",
        ),
        Bad(
            """
            from pathlib import Path

            BASE_DIR = Path(__file__).resolve().parent.parent
            INSTALLED_APPS = ["django.contrib.admin", "gallery"]
            MEDIA_ROOT = BASE_DIR / "media"  # SCL302
            """,
            "Django's default storage writes below this folder",
            "shop/settings.py",
        ),
        Bad(
            """
            from flask import Flask, send_from_directory
            from app.limits import limiter

            app = Flask(__name__)

            @app.get("/uploads/<name>")
            @limiter.limit("100/minute")
            def uploaded(name):
                return send_from_directory("uploads", name)  # SCL302
            """,
            "only the machine that has the file can serve it",
        ),
        Good(
            """
            import boto3
            from flask import Flask, request
            from app.limits import limiter

            app = Flask(__name__)
            bucket = boto3.resource("s3").Bucket("pictures")

            @app.post("/avatar")
            @limiter.limit("10/minute")
            def avatar():
                picture = request.files["picture"]
                bucket.upload_fileobj(picture, picture.filename)
                return "", 204
            """,
            "the object store is everybody's",
        ),
        Good(
            """
            import os
            import shutil
            import tempfile
            from fastapi import APIRouter, UploadFile
            from app.limits import limiter
            from app.scans import scan

            router = APIRouter()

            @router.post("/scan")
            @limiter.limit("10/minute")
            def check(upload: UploadFile):
                with tempfile.NamedTemporaryFile(delete=False) as target:
                    shutil.copyfileobj(upload.file, target)
                try:
                    return {"clean": scan(target.name)}
                finally:
                    os.unlink(target.name)
            """,
            "a temporary file",
        ),
        Good(
            """
            import os
            from flask import Flask, request
            from app.limits import limiter
            from app.scans import scan

            app = Flask(__name__)

            @app.post("/scan")
            @limiter.limit("10/minute")
            def check():
                upload = request.files["upload"]
                path = os.path.join("incoming", upload.filename)
                upload.save(path)
                try:
                    return {"clean": scan(path)}
                finally:
                    os.remove(path)
            """,
            "removed again before the answer",
        ),
        Good(
            """
            import os
            from flask import Flask, send_file
            from app.limits import limiter
            from app.sheets import render

            app = Flask(__name__)

            @app.get("/export/<int:year>")
            @limiter.limit("10/minute")
            def export(year):
                path = os.path.join("documents", f"{year}.xlsx")
                with open(path, "wb") as target:
                    target.write(render(year))
                return send_file(path)
            """,
            "made for this answer and handed on with it",
        ),
        Good(
            """
            import io
            from flask import Flask, request
            from app.limits import limiter
            from app.scans import scan

            app = Flask(__name__)

            @app.post("/scan")
            @limiter.limit("10/minute")
            def check():
                upload = request.files["upload"]
                buffer = io.BytesIO()
                upload.save(buffer)
                return {"clean": scan(buffer), "name": upload.filename}
            """,
            "into memory, not onto a disk",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.limits import limiter

            router = APIRouter()

            @router.post("/debug")
            @limiter.limit("10/minute")
            def debug(message: str, day: str):
                with open(f"/var/log/service/{day}.log", "ab") as log:
                    log.write(message.encode())
                return {"logged": True}
            """,
            "logs belong to their machine until they are collected",
        ),
        Good(
            """
            from app.storages import Storage

            class LocalStorage(Storage):
                def put(self, name, upload):
                    with open(self.root + "/uploads/" + name, "wb") as target:
                        target.write(upload.read())
            """,
            "one variant of an abstraction; a setting chooses",
        ),
        Good(
            """
            INSTALLED_APPS = ["django.contrib.admin", "storages", "gallery"]
            MEDIA_ROOT = "/srv/media"
            STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}
            """,
            "the default storage is an object store",
            "shop/settings.py",
        ),
        Good(
            """
            from pathlib import Path

            INSTALLED_APPS = ["django.contrib.admin", "gallery"]
            MEDIA_ROOT = Path("media")
            """,
            "settings of one developer",
            "shop/settings/dev.py",
        ),
        Good(
            """
            import sys

            def save_chart(chart, path):
                with open(path, "wb") as target:
                    target.write(chart.png())
            """,
            "whose file this is, and where the path leads, the file does not show",
        ),
        Good(
            """
            class Document:
                def save(self, path):
                    self.path = path

            def rename(document: Document, name):
                document.save("/documents/" + name)
            """,
            "not an upload: an object that saves itself",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the writes of user files, Django's local storages, and the folders of uploads that are served."""
        found = False
        for write in disk.writes(source):
            if _is_kept(write, source):
                found = True
                yield _at(write.node, write.scope, "keeps a user's file on", source)
        for finding in _of_django(source):
            found = True
            yield finding
        if not found:
            yield from _served(source)
        yield from _configured(source)


def _at(node: ast.Call, scope: Scope, does: str, source: SourceFile) -> Finding:
    site = source.site(node, scope)
    return Finding(node, {"callee": f"{site.callee}()", "does": does, "function": site.function_name}, site.via)


def _serves(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    if scope.function is None:
        return False
    return source.place(scope, node).place not in (Place.TOOL, Place.STARTUP)


def _is_kept(write: Write, source: SourceFile) -> bool:
    """Whether a write leaves a user's file on the disk."""
    if write.content is Content.STATE or write.path is None or not _serves(write.node, write.scope, source):
        return False
    if _is_backend(write.scope, source.filename):
        return False
    where = disk.whereto(write.path, write.scope, source)
    if where.is_temporary or where.text.startswith(("/dev/", "/proc/", "/sys/")):
        return False
    if write.content is not Content.UPLOAD and where.words & _NO_USER_FILE:
        return False
    if not _holds_user_file(write, where, source):
        return False
    if any(given.is_temporary for given in disk.given_by_callers(write, source)):
        return False
    return not disk.is_passing_through(write, where, source)


def _holds_user_file(write: Write, where: disk.Whereto, source: SourceFile) -> bool:
    if write.content is Content.UPLOAD:
        return terminal_name(write.node.func) != "download_to_drive" or not where.given
    if where.fixed or where.given or not write.binary:
        return False
    if terminal_name(write.node.func) in ("copy", "copy2", "copyfile", "move"):
        origin = disk.whereto(write.data[0], write.scope, source)
        return origin.is_temporary and not origin.fixed
    place = source.place(write.scope, write.node).place
    shown = where.words & (_SERVED | {"static", "public"})
    return bool(where.words & _USER_FILE) and (place is not Place.LIBRARY or bool(shown))


def _is_backend(scope: Scope, filename: str) -> bool:
    """Whether the code is the local variant of a storage abstraction, which a setting chooses or does not."""
    owner = scope.owner
    if scope.function is not None and _VARIANT.search(scope.function.name):
        return True
    if owner is None or not isinstance(owner.node, ast.ClassDef):
        return False
    module = re.split(r"[\\/]", filename)[-1]
    return bool(owner.node.bases) and any(_BACKEND.search(name) is not None for name in (owner.name, module))


# Django


def _of_django(source: SourceFile) -> Iterator[Finding]:
    for name in storage.LOCAL_STORAGE_NAMES:
        for node, scope in source.calls_by_name.get(name, ()):
            local = source.resolver.paths(node.func, scope) & set(expand(storage.LOCAL_STORAGES))
            if local and source.place(scope, node).place is not Place.TOOL and not _is_choice(node, scope, source):
                yield _at(node, scope, "keeps users' files on", source)
    if "django" not in source.text:
        return
    for node, scope in source.calls_by_name.get("save", ()):
        if node.args and _is_path_of_field(node.args[0], scope, source):
            yield _at(node, scope, "writes a stored file by its path on", source)
    for name in ("remove", "unlink"):
        for node, scope in source.calls_by_name.get(name, ()):
            removes = bool(node.args) and source.resolver.paths(node.func, scope) <= {"os.remove", "os.unlink"}
            if removes and _removes_own_file(node.args[0], scope, source):
                yield _at(node, scope, "finds a stored file on", source)


def _is_choice(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether something decides between this storage and another."""
    parents = source.parents(scope)
    parent = parents.get(node)
    while parent is not None:
        if isinstance(parent, (ast.If, ast.IfExp, ast.BoolOp)):
            return True
        parent = parents.get(parent)
    function = scope.function
    returns = list(function.of(ast.Return)) if function is not None else []
    return len(returns) > 1 or source.text_says(Fact.OBJECT_STORAGE)


def _is_path_of_field(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is `self.image.path` of a model whose `image` is a file field."""
    if not (isinstance(node, ast.Attribute) and node.attr == "path" and isinstance(node.value, ast.Attribute)):
        return False
    owner = scope.owner
    if owner is None or terminal_name(node.value.value) != "self":
        return False
    return any(
        isinstance(binding.value, ast.Call) and terminal_name(binding.value.func) in _FIELDS
        for binding in source.resolver.class_bindings(owner).get(node.value.attr, ())
    )


def _removes_own_file(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a model's `delete` removes the file at a path of the model's, or a signal that of a field."""
    function = scope.function
    if function is None:
        return False
    if function.decorators and any(
        isinstance(each, ast.Call) and terminal_name(each.func) == "receiver" for each in function.decorators
    ):
        return isinstance(node, ast.Attribute) and node.attr == "path"
    owner = function.owner
    if owner is None or function.name != "delete" or not isinstance(owner.node, ast.ClassDef):
        return False
    if not any(terminal_name(base).endswith("Model") for base in owner.node.bases):
        return False
    return any(
        isinstance(part, ast.Attribute) and terminal_name(part.value) == "self" and "path" in part.attr + "path"
        for part in ast.walk(node)
    )


# What is served, and what is configured


def _served(source: SourceFile) -> Iterator[Finding]:
    """Yield the calls that serve a folder of uploads."""
    for node, scope in source.calls_by_name.get("send_from_directory", ()):
        if not node.args or not _serves(node, scope, source):
            continue
        where = disk.whereto(node.args[0], scope, source)
        if where.words & _SERVED and not where.is_temporary:
            yield _at(node, scope, "serves users' files from", source)


_LOCAL = "FileSystemStorage"


def _configured(source: SourceFile) -> Iterator[Finding]:
    """Yield the settings by which Django keeps its users' files on the local disk."""
    names = frozenset({"STORAGES", "DEFAULT_FILE_STORAGE", "MEDIA_ROOT"})
    if "INSTALLED_APPS" not in source.text and "django" not in source.text:
        return
    if source.text_says(Fact.OBJECT_STORAGE):
        return
    found = [setting for setting in configuration.settings(source, names) if not setting.conditional]
    chosen = [setting for setting in found if setting.name != "MEDIA_ROOT"]
    for setting in chosen:
        if _LOCAL in ast.unparse(setting.value) and _keeps_files(source):
            yield Finding(setting.anchor, {"callee": setting.name, "does": "keeps users' files on"})
            return
    for setting in found if not chosen else ():
        if not configuration.is_environment(setting.value) and _keeps_files(source):
            yield Finding(setting.anchor, {"callee": "MEDIA_ROOT", "does": "keeps users' files on"})
            return


def _keeps_files(source: SourceFile) -> bool:
    """Whether the project, as far as it is in sight, has fields for files and no object store."""
    if source.settings.no_project or root.of(source.filename) is None:
        return True
    return source.project_says(Fact.FILE_FIELDS) and not source.project_says(Fact.OBJECT_STORAGE)
