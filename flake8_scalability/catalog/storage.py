"""Files of users: how frameworks hand them over, what puts them on a disk, and what hands them on from there.

Every framework spools a large upload to a temporary file of its own; what counts here is where a handler puts it.
Sources: werkzeug `FileStorage.save`, starlette `UploadFile`, Django `UploadedFile` and `Storage`, sanic `File`,
aiohttp `FileField`, Litestar `UploadFile`, tornado `HTTPFile`, python-telegram-bot `File.download_to_drive`,
aiogram `Bot.download`, discord.py `Attachment.save`.
"""

from __future__ import annotations

import re

#: Access paths of an uploaded file; `[]` stands for an item of a mapping or list.
UPLOADS = (
    "{flask,quart}.request.files{[],.get(),.getlist()[],.pop()} "
    "{flask,werkzeug,quart}.{,datastructures.,wrappers.}FileStorage() "
    "fastapi.{,datastructures.}UploadFile() starlette.datastructures.UploadFile() ninja.{,files.}UploadedFile() "
    "litestar.datastructures.UploadFile() litestar.datastructures.upload_file.UploadFile() "
    "bottle.request.files{[],.get()} "
    "django.core.files.uploadedfile.{UploadedFile,InMemoryUploadedFile,TemporaryUploadedFile,SimpleUploadedFile}() "
    "sanic.request.{,form.}File() aiohttp.web.{,web_request.}FileField() robyn.UploadFile()"
)
#: The names of those classes, wherever they are imported from.
UPLOAD_CLASSES = frozenset({
    "UploadFile", "FileStorage", "UploadedFile", "InMemoryUploadedFile", "TemporaryUploadedFile", "FileField",
    "StarletteUploadFile", "FastAPIUploadFile",
})  # fmt: skip
#: Attributes of a request that hold its uploads.
UPLOAD_MAPPINGS = frozenset({"files", "FILES"})
REQUESTS = frozenset({"request", "req", "_request", "http_request", "django_request"})
#: Methods of an upload that put it where their first argument says.
SAVING = frozenset({"save", "save_to", "write_to"})

#: Functions that open a file: position of path and of mode.
OPENERS = "open io.open codecs.open aiofiles.open aiofile.async_open anyio.open_file trio.open_file gzip.open bz2.open"
#: Functions that copy or move a file, with the positions of source and destination.
COPIERS = "shutil.{copy,copy2,copyfile,move} os.{rename,replace}"

#: Django's storages on a local disk, by the paths of their classes.
LOCAL_STORAGES = "django.core.files.storage.{,filesystem.}FileSystemStorage"
LOCAL_STORAGE_NAMES = frozenset({"FileSystemStorage"})
#: Methods of a storage that only tell what there is.
LOOKING = frozenset({
    "listdir", "exists", "size", "get_accessed_time", "get_created_time", "get_modified_time", "base_location",
    "location", "get_valid_name", "is_name_available",
})  # fmt: skip

#: What ends the life of a file on this disk, by its last name.
REMOVERS = frozenset({
    "remove", "unlink", "rmtree", "removedirs", "rmdir", "remove_file", "delete_file", "cleanup", "cleanup_file",
    "cleanup_files", "clean_up", "safe_remove", "silent_remove", "remove_temp_file", "delete_temp_file", "_cleanup",
    "cleanup_temp_file", "remove_if_exists", "delete_local_file", "unlink_quietly", "remove_files", "aremove",
})  # fmt: skip
#: What hands a file on: to the caller as the answer, or into an object store.
HANDING_ON = frozenset({
    "send_file", "FileResponse", "upload_file", "upload_fileobj", "fput_object", "put_object", "upload_from_filename",
    "upload_from_file", "upload_blob", "put_file", "StreamingResponse", "send_document", "send_photo", "send_video",
    "send_audio", "reply_document", "reply_photo", "FSInputFile", "InputFile", "answer_document", "answer_photo",
    "answer_video", "attach_file", "HttpResponse", "upload_to_s3", "s3_upload", "upload_to_bucket", "upload_to_gcs",
    "reply_video", "reply_audio", "send_voice", "upload_to_cloudinary", "uploader.upload", "put_object_from_file",
    "upload_from_string", "upload_to_storage",
})  # fmt: skip

#: Functions of projects that put a file into whatever storage they have.
UPLOADING = frozenset({"upload", "store_file", "save_to_storage", "upload_media", "upload_image", "upload_local_file"})

#: What else a service puts on a disk, by words of the path.
NO_USER_FILE = frozenset({
    "log", "logs", "logfile", "logging", "cache", "caches", "cached", "config", "configs", "configuration", "settings",
    "lock", "lockfile", "pid", "pidfile", "secret", "secrets", "env", "dotenv", "cert", "certs", "certificate", "pem",
    "debug", "trace", "checkpoint", "checkpoints", "weights", "requirements", "template", "templates", "migration",
    "migrations", "version", "schema", "credentials", "cookie", "cookies", "state", "null", "devnull", "metrics",
    "prometheus", "profile_dump", "lockpath", "locales", "stdin", "stdout", "fifo", "heartbeat", "crash", "plugin",
    "plugins", "script", "scripts", "installer", "migrate",
})  # fmt: skip
#: What a branch speaks of that puts a file into an object store.
OBJECT_STORE = re.compile(
    r"(?i)\b(put_object|upload_fileobj|upload_file|upload_blob|upload_from_\w+|generate_presigned_url|default_storage)\(|"
    r"(^|[^a-z])(s3|minio|gcs|bucket|boto3|azure|blob)([^a-z]|$)"
)
#: What an object that stands for an object store is called, and the methods that bring something from there.
STORE = re.compile(r"(?i)storage|uploader|bucket|(^|_)(s3|minio|gcs|blob|oss)(_|$)|object_?store")
FETCHING = frozenset({"get", "download", "fget", "fetch", "read", "retrieve"})
#: Folders that are there on every machine, by words of the path.
SHARED_FOLDERS = frozenset({"mount", "mountpoint", "mountpoints", "mounted", "nfs", "efs", "smb", "cifs", "shared"})
#: What users send, by words of the path.
USER_FILE = frozenset({
    "upload", "uploads", "uploaded", "media", "avatar", "avatars", "attachment", "attachments", "photo", "photos",
    "image", "images", "picture", "pictures", "document", "documents", "files", "pdfs", "video", "videos", "audio",
    "audios", "recording", "recordings", "resume", "resumes", "gallery", "thumbnails", "thumbnail", "invoices",
    "voice", "voices", "file",
})  # fmt: skip
SERVED = frozenset({
    "upload", "uploads", "uploaded", "media", "avatar", "avatars", "attachment", "attachments",
})  # fmt: skip
