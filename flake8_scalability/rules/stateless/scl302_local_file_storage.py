"""SCL302: a user's file that is kept on the disk of one machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import disk, django_files, user_files
from flake8_scalability.model.stateless.disk import Content
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

_DOES = {Content.UPLOAD: "keeps a user's file on", Content.OTHER: "keeps a file for a user on"}


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
    Temporary files, and files that the same function removes or hands on, or all callers of a helper that returns
    their path, are silent, and so are logs, caches and configuration by their names, a path that is the request's as a
    whole, what finds static files, and a stored file whose storage deletes it where it has no path. What is no
    upload itself is silent in a folder that the caller of a helper says; of moves those are reported that end where
    users' files are kept, by the words of the path. A storage that is only asked what there is, and what is opened by
    something else than a path, are silent. Silent are settings over which others are laid (a star import or a call with
    this module below them, a module for production beside it), and a folder that the environment names, in part or as
    a whole. A volume that all machines share can't be seen: say so with a `# noqa`.
    """

    code = "SCL302"
    slug = "local-file-storage"
    severity = Severity.CRITICAL
    since = "0.1.0"
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
        Bad(
            """
            from app.names import place_for

            def keep(upload, temp_name):
                target, digest = place_for(upload.filename, temp_name)
                upload.save(target)  # SCL302
                return digest
            """,
            "where it goes is decided elsewhere, from the name that it had for a while",
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
            import shutil
            import tempfile
            from celery import shared_task
            from app.office import convert

            @shared_task
            def add_format(file_path, ending):
                folder = tempfile.mkdtemp()
                made = convert(file_path + ".odt", folder, ending)
                shutil.copyfile(made, file_path + ".pdf")
            """,
            "a second format beside the first: where the files are is decided elsewhere",
        ),
        Good(
            """
            from pathlib import Path
            from fastapi import APIRouter, UploadFile
            from app.host import commands
            from app.limits import limiter

            router = APIRouter()
            FOLDER = Path("/srv/exchange")

            @router.post("/restore")
            @limiter.limit("1/minute")
            def restore(dump: UploadFile):
                target = FOLDER / "restore.tar.gz"
                target.write_bytes(dump.file.read(1_000_000))
                commands.enqueue(["./restore.sh", "--delete-after", str(target)])
            """,
            "the command that gets the file deletes it",
        ),
        Good(
            """
            import os
            import shutil
            from app.settings import BUCKET, FOLDER, ON_DISK
            from app.stores import s3

            def store_upload(name, upload):
                if ON_DISK:
                    with open(os.path.join(FOLDER, "uploads", upload.filename), "wb") as target:
                        shutil.copyfileobj(upload.file, target)
                else:
                    s3.put_object(Bucket=BUCKET, Key=name, Body=upload)
            """,
            "a setting chooses between the disk and an object store",
        ),
        Good(
            """
            import os
            import shutil
            from app.settings import MEDIA

            def save(name, upload):
                with open(os.path.join(MEDIA, "uploads", upload.filename), "wb") as target:
                    shutil.copyfileobj(upload.file, target)
            """,
            "one of several modules, of which a setting names one",
            "app/storage/disk_file_storage.py",
        ),
        Good(
            """
            import os
            from app.volumes import mountpoints

            def attach(upload):
                number, folder = mountpoints("uploads")
                upload.save(os.path.join(folder, upload.filename))
            """,
            "a volume that is mounted",
        ),
        Good(
            """
            import os
            import tempfile

            class Reader:
                def put_down(self, folder, uploads):
                    for upload in uploads:
                        place = os.path.join(folder, upload.filename)
                        with open(place, "wb") as target:
                            target.write(upload.file.read(1_000_000))

                def read(self, uploads):
                    with tempfile.TemporaryDirectory() as folder:
                        self.put_down(folder, uploads)
                        return self.words_in(folder)
            """,
            "a folder that the caller of the method removes again",
        ),
        Good(
            """
            import os
            from pathlib import Path
            from app.limits import limiter
            from app.stores import reel_storage
            from fastapi import APIRouter

            router = APIRouter()

            @router.get("/reels/{name}")
            @limiter.limit("10/minute")
            def reel(name: str):
                place = Path("static/recordings") / name
                if not place.exists():
                    data = reel_storage.get(name)
                    with open(place, "wb") as target:
                        target.write(data)
                return {"url": "/static/recordings/" + name}
            """,
            "a copy of what the object store has",
        ),
        Bad(
            """
            from pathlib import Path
            from app.limits import limiter
            from app.scanner import pictures
            from fastapi import APIRouter

            router = APIRouter()

            @router.post("/recordings/{name}")
            @limiter.limit("10/minute")
            def keep(name: str):
                place = Path("static/recordings") / name
                data = pictures.get(name)
                with open(place, "wb") as target:  # SCL302
                    target.write(data)
                return {"url": "/static/recordings/" + name}
            """,
            "what no store has is here alone",
        ),
        Good(
            """
            import os
            from app.compare import compare
            from app.limits import limiter
            from fastapi import APIRouter, UploadFile

            router = APIRouter()

            @router.post("/compare")
            @limiter.limit("10/minute")
            def compare_scans(uploads: list[UploadFile]):
                places = []
                for upload in uploads[:9]:
                    place = os.path.join("incoming", upload.filename)
                    with open(place, "wb") as target:
                        target.write(upload.file.read(1_000_000))
                    places.append(place)
                found = compare(places)
                for each in places:
                    os.remove(each)
                return found
            """,
            "several files, all of which are removed again",
        ),
        Good(
            """
            from app.files import uploader
            from app.limits import limiter
            from flask import Flask, send_from_directory

            app = Flask(__name__)

            @app.get("/uploads/<name>")
            @limiter.limit("100/minute")
            def uploaded(name):
                return send_from_directory(uploader.upload_folder, name)
            """,
            "the folder of one kind of storage, if that is the one that is set up",
        ),
        Good(
            """
            import os

            INSTALLED_APPS = ["django.contrib.admin", "gallery"]
            DATA = os.environ["DATA_FOLDER"]
            MEDIA_ROOT = os.path.join(DATA, "media")
            STORAGES = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
            """,
            "who runs it says where the folder is, and may mount one that all machines share",
            "shop/settings.py",
        ),
        Good(
            """
            INSTALLED_APPS = ["django.contrib.admin", "gallery"]
            MEDIA_ROOT = "/srv/media"

            try:
                from local_settings import *
            except ImportError:
                pass
            """,
            "settings that each installation replaces by its own",
            "shop/settings.py",
        ),
        Good(
            """
            INSTALLED_APPS = ["django.contrib.admin", "gallery"]
            MEDIA_ROOT = "/srv/media"
            """,
            "settings to be copied and filled in",
            "shop/local_settings_example.py",
        ),
        Good(
            """
            from django.contrib.staticfiles.finders import BaseFinder
            from django.core.files.storage import FileSystemStorage

            class ThemeFinder(BaseFinder):
                def __init__(self, folders):
                    self.storages = [FileSystemStorage(location=folder) for folder in folders]
            """,
            "static files of the release, which each machine has",
        ),
        Good(
            """
            import os
            from django.db.models.signals import post_delete
            from django.dispatch import receiver
            from gallery.models import Picture

            @receiver(post_delete, sender=Picture)
            def remove(sender, instance, **rest):
                try:
                    os.remove(instance.image.path)
                except NotImplementedError:
                    instance.image.storage.delete(instance.image.name)
            """,
            "where the storage knows no paths, it is told itself to delete the file",
        ),
        Good(
            """
            import os
            from flask import Flask
            from app.limits import limiter
            from app.packing import packed

            app = Flask(__name__)

            class Board:
                def put_attachments(self, folder, attachments):
                    for each in attachments:
                        with open(os.path.join(folder, "attachments", each.name), "wb") as target:
                            target.write(each.data)

            @app.post("/export")
            @limiter.limit("1/minute")
            def export():
                return packed(Board().put_attachments)
            """,
            "copies in a folder that the caller says, who packs and removes it",
        ),
        Good(
            """
            from flask import Flask, request
            from app.limits import limiter
            from app.models import Document

            app = Flask(__name__)

            @app.post("/documents")
            @limiter.limit("10/minute")
            def add():
                upload = request.files["document"]
                document = Document()
                document.filename = upload.filename
                document.save(upload.stream)
                return "", 204
            """,
            "what is given to this method is the file and not its place: a storage of its own keeps it",
        ),
        Good(
            """
            import shutil
            from flask import Flask, request
            from app.limits import limiter

            agent = Flask(__name__)

            @agent.post("/put")
            @limiter.limit("10/minute")
            def put():
                target = request.form["target"]
                with open(target, "wb") as file:
                    shutil.copyfileobj(request.files["content"], file)
                request.files["copy"].save(request.form.get("second"))
                return "", 204
            """,
            "whoever asks says where on this machine the file is to lie",
        ),
        Good(
            """
            from django.core.files.storage import FileSystemStorage
            from harbour.places import root_of

            def contents(ship):
                storage = FileSystemStorage(location=root_of(ship))
                folders, files = storage.listdir(".")
                return sorted(folders) + sorted(files)
        """,
            "a look at what is there, safe from paths that lead out of it",
        ),
        Good(
            """
            from flask import Flask, request
            from app import objects
            from app.limits import limiter

            app = Flask(__name__)

            @app.post("/charts/<name>")
            @limiter.limit("10/minute")
            def add_chart(name):
                chart = request.files["chart"]
                with objects.open_stream(f"charts/{name}", "wb") as target:
                    chart.save(target)
                return "", 204
        """,
            "what is saved to is open already, wherever that is",
        ),
        Good(
            """
            from celery import shared_task
            from harbour.models import Photo
            from harbour.scanner import scan

            @shared_task
            def add_scan(number):
                photo = Photo.objects.get(pk=number)
                with photo.image.open("wb") as target:
                    target.write(scan(number))
        """,
            "the field's storage decides where the file of a row is",
        ),
        Good(
            """
            import os
            import shutil
            import tempfile
            from celery import shared_task
            from harbour.crates import unpack

            @shared_task
            def next_step(crate, watched_folder):
                folder = tempfile.mkdtemp()
                unpack(crate, folder)
                shutil.move(folder, os.path.join(watched_folder, crate))
        """,
            "a pipeline hands its work to the next step: the place is decided elsewhere, and all its workers have it",
        ),
        Bad(
            """
            import os
            import shutil
            import tempfile
            from celery import shared_task
            from harbour.crates import unpack

            @shared_task
            def publish(crate):
                folder = tempfile.mkdtemp()
                unpack(crate, folder)
                shutil.move(folder, os.path.join("media", crate))  # SCL302
        """,
            "where users' files are kept",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What writes a file, sends one, or is the setting of a storage."""
        return words("send_from_directory", *disk.names(), *django_files.names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the writes of user files, Django's local storages, and the folders of uploads that are served."""
        found = [_at(each.node, each.scope, _DOES[each.content], source) for each in user_files.kept(source)]
        found += [_at(use.node, use.scope, use.does, source) for use in django_files.uses(source)]
        if not found:
            folders = user_files.served_folders(source)
            found = [_at(node, scope, "serves users' files from", source) for node, scope in folders]
        yield from found
        for setting in django_files.local_settings(source):
            callee = "STORAGES['default']" if setting.name == "STORAGES" else setting.name
            yield Finding(setting.anchor, {"callee": callee, "does": "keeps users' files on"})


def _at(node: ast.Call, scope: Scope, does: str, source: SourceFile) -> Finding:
    site = source.site(node, scope)
    return Finding(node, {"callee": f"{site.callee}()", "does": does, "function": site.function_name}, site.via)
