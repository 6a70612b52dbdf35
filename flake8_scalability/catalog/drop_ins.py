"""Modules that stand in for another, so that what is known of that one holds for them too."""

from __future__ import annotations

import re

#: By the path under which the stand-in is imported: the module that it copies, vendors or wraps.
DROP_INS = {
    "advocate": "requests",
    "botocore.vendored.requests": "requests",
    "pip._vendor.requests": "requests",
    "six.moves.urllib": "urllib",
    "future.moves.urllib": "urllib",
    "eventlet.green.urllib": "urllib",
    "eventlet.green.subprocess": "subprocess",
    "gevent.subprocess": "subprocess",
    "subprocess32": "subprocess",
    "psycopg2cffi": "psycopg2",
}
#: How the paths of all of those begin: nothing else is worth a closer look.
BEGINNINGS = tuple({name.partition(".")[0] for name in DROP_INS})
#: Modules that gRPC's compiler writes, one for each protocol file.
_GENERATED = re.compile(r"^(?:.*\.)?\w+_pb2_grpc(?=\.|$)")


def is_generated(path: str) -> bool:
    """Whether a path leads into a module that gRPC's compiler wrote."""
    return "_pb2_grpc" in path


def original(path: str) -> str:
    """Return an imported path with a stand-in at its beginning replaced by what it stands for."""
    if is_generated(path):
        return _GENERATED.sub("pb2_grpc", path)
    if not path.startswith(BEGINNINGS):
        return path
    for name, module in DROP_INS.items():
        if path == name or path.startswith(name + "."):
            return module + path[len(name) :]
    return path
