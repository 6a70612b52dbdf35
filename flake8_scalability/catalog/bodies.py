"""What reads a body, an upload or a download whole, and which frameworks bound it by themselves.

Defaults, from the frameworks' documentation and sources: Flask, Starlette, FastAPI and Falcon have no limit for bodies
and files, nor has Django for files; Django stops a body at 2.5 MB, aiohttp at 1 MiB, Litestar at 10 MB, Quart at 16 MB,
Sanic and Tornado at 100 MB.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Read(NamedTuple):
    """A way to read something whole.

    paths: access paths of the call, or of the attribute where it is none
    what: what is read
    instead: what to do
    """

    paths: str
    what: str
    instead: str


_LIMIT = "check content-length, or read request.stream()"
#: What bounds the bodies of all requests.
FOR_ALL = "set MAX_CONTENT_LENGTH"

#: Calls that give a request's body as one piece.
BODIES = (
    Read("{fastapi,starlette}.{,requests.}Request().body", "a body", _LIMIT),
    Read("flask.{,globals.}request.get_data flask.{,globals.}request.stream.read", "a body", FOR_ALL),
    Read("falcon.{,asgi.}Request().{stream,bounded_stream}.read", "a body", "read it in chunks"),
)
#: Attributes that do.
BODY_ATTRIBUTES = frozenset({"flask.request.data", "flask.globals.request.data"})
#: Frameworks in whose requests an upload is bounded by default.
BOUNDED_ROOTS = frozenset({"litestar", "quart", "sanic", "tornado", "aiohttp", "robyn"})
#: The import of a library of a chat platform that bounds what its users attach to a message.
BOUNDED_PLATFORMS = re.compile(r"^\s*(?:import|from) (?:discord|disnake|nextcord|hikari)\b", re.MULTILINE)
ATTACHED = re.compile(r"attach", re.IGNORECASE)

#: What parses a document that it is given as one piece: to read that in chunks would not spare the memory.
PARSERS = frozenset({
    "json.loads", "ujson.loads", "orjson.loads", "simplejson.loads", "rapidjson.loads", "msgspec.json.decode",
    "yaml.safe_load", "yaml.load", "tomllib.loads", "toml.loads", "xmltodict.parse",
})  # fmt: skip
#: What is left to do then.
LIMIT_ONLY = {"a body": "check content-length first", "an upload": "check its size first"}

#: Frameworks that read the body before a handler that takes a part of it as a parameter is called.
BODY_FIRST = frozenset({"fastapi", "ninja"})
#: Calls that say, as the default of a parameter, where else in the request it is to be found, or that it is the body.
NOT_IN_BODY = frozenset({
    "Depends", "Security", "Query", "Path", "Header", "Cookie", "Form", "File",
})  # fmt: skip
IN_BODY = frozenset({"Body"})

#: Tables that are read whole, and the arguments with which they are not.
TABLES = "{pandas,polars}.{read_csv,read_excel,read_json,read_parquet,read_table,read_xml,read_fwf}"
TABLE_BOUNDS = ("nrows", "chunksize", "iterator", "n_rows", "batch_size")

#: Calls that give an object of an object store as one piece.
OBJECTS = frozenset({"download_as_bytes", "download_as_string", "readall", "content_as_bytes"})
#: What takes the bytes of a file: a download that goes there was one, and not an answer of an API.
FILE_SINKS = frozenset({
    "write", "BytesIO", "put_object", "upload_fileobj", "upload_blob", "Response", "HttpResponse", "write_bytes",
    "ContentFile", "StreamingResponse", "upload_from_string", "ZipFile", "PdfReader", "b64encode", "from_bytes",
    "InputFile", "BufferedInputFile", "imdecode", "frombuffer", "SimpleUploadedFile", "File", "send_file", "put",
    "upload", "load_workbook",
})  # fmt: skip
#: Words of functions and addresses of files that are small by nature.
SMALL = re.compile(
    r"(?i)sub(title|s)?(_|$)|subtitle|captcha|favicon|(^|_)icons?(_|$)|logo|thumb(nail)?|qr_?code|avatar"
)
#: Words of functions that fetch a part of the program, once for each version of it, and seldom while it serves.
INSTALLED = re.compile(r"(?i)(^|_)(un)?(install|setup|bootstrap|provision|upgrade)(_|$)")
#: Names of settings and constants with which the address of a service begins.
BASES = re.compile(
    r"^_?[A-Z][A-Z0-9_]*(URL|URI|HOST|BASE|ROOT|CDN|API|ENDPOINT)$|(^|_)(base|api|root|service)(_?ur[il])?$"
)
#: Calls that fetch from an address, which is given first, or after the method of HTTP.
ASKING = frozenset({"get", "request", "urlopen", "fetch", "stream"})
#: Calls whose name says that they look at the size.
CHECKERS = (
    r"(?i)(check|validate|verify|ensure|enforce|limit|assert|guard)\w*"
    r"(size|length|upload|file|image|body|content|media|photo)|"
    r"too_?(large|big|long)|(size|length|bytes|upload|body)_?limit|(^|_)max_\w*(size|bytes|upload|body|content|file|length)"
)
#: Where a loader of a framework's own takes the arguments of a handler from.
LOCATIONS = frozenset({
    "json", "query", "querystring", "form", "headers", "cookies", "files", "json_or_form", "view_args", "path",
    "match_info",
})  # fmt: skip
