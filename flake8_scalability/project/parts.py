"""A module as text, cut into its parts: functions, the heads and the methods of classes, and what runs as it is loaded.

No syntax tree is made: many modules of a project are asked about a name, and most of them once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from flake8_scalability.catalog import loading
from flake8_scalability.project import imports

#: Lists of what a package hands on are no use of it.
_EXPORTED = re.compile(r"^__all__\b[^\[(]*[\[(][^\])]*[\])]", re.MULTILINE)
#: Texts over several lines tell what there is, and use none of it.
_PROSE = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|' r"'''(?:[^'\\]|\\.|'(?!''))*'''")
_MARGIN = re.compile(r"^(?=[^\s)\]}])", re.MULTILINE)
_DEFINITION = re.compile(r"[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")
_BASES = re.compile(r"class[ \t]+\w+[ \t]*(?:\[[^\]]*\])?[ \t]*\(([^)]*)\)")
_DECORATOR = re.compile(r"[ \t]*@(?:(\w+)\.)?(?:\w+\.)*(\w+)")
_RECEIVER = re.compile(r"(\w+)\.")
_CLASS = re.compile(r"^class[ \t]", re.MULTILINE)
_BODY = re.compile(r"\n([ \t]+)(?=\S)")
_COLLECTOR = re.compile(rf"^(\w+)[^=\n(]*=[ \t]*(?:\w+\.)*(?:{'|'.join(sorted(loading.COLLECTORS))})\(", re.MULTILINE)


class Part(NamedTuple):
    """A piece of a module.

    name: what it defines; "" for what runs as the module is loaded
    owner: the class of a method, else ""
    text: with its decorators, without what is inside of it and a part of its own
    bases: what a class, or that of a method, builds on, but for what only marks it
    registered: whether a decorator hands it to a framework, or one finds it by its name
    waits: whether a decorator makes it a task or a command, which runs when somebody asks for it
    collector: what it is added to by a decorator, or adds to, and which waits for an application to take it
    """

    name: str
    owner: str
    text: str
    bases: tuple[str, ...] = ()
    registered: bool = False
    waits: bool = False
    collector: str = ""

    @property
    def is_found(self) -> bool:
        """Whether what a class builds on may find it: views are found by the routes that name them."""
        return any(loading.ROUTED.fullmatch(each) is None for each in self.bases)


class Module(NamedTuple):
    """A module without its comments: what it imports, as pairs of a module and the names, its margin, and its parts."""

    imported: tuple[tuple[str, str], ...]
    text: str
    parts: tuple[Part, ...]


@lru_cache(maxsize=1024)
def of(text: str, is_package: bool) -> Module:
    """Return what the text of a module, or of a package's own file, consists of."""
    text = spoken(text)
    imported = tuple((source, names or plain) for source, names, plain in imports.IMPORT.findall(text))
    rest = imports.IMPORT.sub("", _EXPORTED.sub("", text) if is_package else text)
    collectors = frozenset(_COLLECTOR.findall(rest))
    waiting = loading.TASKS if loading.CHATS.search(text) is not None else loading.TASKS | {loading.COMMAND}
    parts: list[Part] = []
    for part in _cut(rest, _MARGIN, "", collectors, waiting):
        parts += _of_class(part, collectors, waiting) if _CLASS.search(part.text) is not None else [part]
    return Module(imported, rest, tuple(parts))


def spoken(text: str) -> str:
    """Return the text of a module without its comments, and without texts over several lines."""
    return imports.COMMENT.sub("", _PROSE.sub('""', text))


def _of_class(part: Part, collectors: frozenset[str], waiting: frozenset[str]) -> list[Part]:
    """Return the head of a class, with whatever it says beside its methods, and these."""
    begun = _CLASS.search(part.text)
    body = _BODY.search(part.text, begun.start() if begun is not None else 0)
    if body is None:
        return [part]
    header, below = part.text[: body.start() + 1], part.text[body.start() + 1 :]
    inside = list(_cut(below, re.compile(rf"^{body[1]}(?=[^\s)\]}}])", re.MULTILINE), part.name, collectors, waiting))
    methods = [each._replace(bases=part.bases) for each in inside if each.name]
    head = "".join([header, *(each.text for each in inside if not each.name)])
    return [part._replace(text=head), *methods]


def _cut(
    text: str, margin: re.Pattern[str], owner: str, collectors: frozenset[str], waiting: frozenset[str]
) -> list[Part]:
    """Cut a text where a line begins at its margin; decorators say something of what follows."""
    found: list[Part] = []
    registered, waits, collector, above = False, False, "", ""
    starts = [match.start() for match in margin.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)]):
        piece = text[start:end]
        decorator = _DECORATOR.match(piece)
        if decorator is not None:
            if decorator[1] in collectors:
                collector = decorator[1]
            elif decorator[2] in waiting and loading.SAYS_WHEN.search(piece) is None:
                waits = True
            else:
                registered = registered or loading.PLAIN.fullmatch(decorator[2]) is None
            above += piece
            continue
        definition = _DEFINITION.match(piece) or _COLLECTOR.match(piece)
        name = definition[1] if definition is not None else ""
        receiver = _RECEIVER.match(piece)
        if receiver is not None and receiver[1] in collectors:
            collector = receiver[1]
        bases = _BASES.match(piece)
        given = _names(bases[1]) if bases is not None else ()
        # A task or a command that goes on is what the service consists of.
        goes_on = waits and any(each in piece for each in loading.COMMANDS_GO_ON)
        found.append(Part(name, owner, above + piece, given, registered or goes_on, waits, collector))
        registered, waits, collector, above = False, False, "", ""
    return found


def _names(listed: str) -> tuple[str, ...]:
    """Return the names of the bases in the header of a class, without their modules; keywords count as one."""
    names = (each.partition("[")[0].strip().rpartition(".")[2] for each in listed.split(","))
    return tuple(each for each in names if each and each not in loading.CALLING_NOTHING)
